"""One person's words for every tag."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from mailings.composing import explaining, merging, tags, values
from mailings.composing.fields import FIELDS
from mailings.composing.terms import Terms
from mailings.composing.values import Record
from tests.mailings.composing.mails import ANNA, TERMS

NOBODY = Record(m="MESSAGE", u="LEAVE", terms=TERMS)


def _said(typed: str, record: Record, *, html: bool = False) -> str:
    made = merging.as_html(typed, {}) if html else merging.as_plain(typed, {})
    return values.fill(made, record)


@pytest.mark.parametrize(
    ("typed", "anna", "nobody"),
    [
        ("{{greeting|Hej}}!", "Hej Anna!", "Hej!"),
        ("{{first_name|vän}}", "Anna", "vän"),
        ("{{full_name|du}}", "Anna Svensson", "du"),
        ("{{ town | din ort }}", "Umeå", "din ort"),
        ("{{last_sum|en gåva}}", "350\u202fkr", "en gåva"),
        ("{{largest_sum|en gåva}}", "1\u202f200\u202fkr", "en gåva"),
        ("{{last_date|nyss}}", "28 mars 2026", "nyss"),
        ("{{gift_count|flera}}", "7", "flera"),
        ("{{monthly_sum|inget}}", "inget", "inget"),
        ("{{ask1}} {{ask2}} {{ask3}}", "350\u202fkr 600\u202fkr 700\u202fkr",
         "100\u202fkr 250\u202fkr 500\u202fkr"),
        ("{{top1}}", "1\u202f200\u202fkr", "100\u202fkr"),
        ("{{month1}} {{month3}}", "40\u202fkr 70\u202fkr", "50\u202fkr 200\u202fkr"),
        ("{{ask2_kr}}", "600", "250"),
        ("{{raised}} {{goal}} {{percent}} {{givers|många}}",) + (
            "1\u202f243\u202f500\u202fkr 2\u202f000\u202f000\u202fkr 62 3\u202f112",) * 2,
    ],
)  # fmt: skip
def test_every_field_says_this_of_a_giver_and_that_of_a_stranger(
    typed: str, anna: str, nobody: str
) -> None:
    assert _said(typed, ANNA) == _said(typed, ANNA, html=True) == anna
    assert _said(typed, NOBODY) == nobody


def test_who_may_not_be_targeted_reads_what_a_stranger_reads_but_the_name() -> None:
    plain = ANNA._replace(targeted=False)
    for name, field in FIELDS.items():
        typed = f"{{{{{name}|–}}}}"
        like = ANNA if name in {"greeting", "first_name", "full_name", "town"} else NOBODY
        assert _said(typed, plain) == _said(typed, like), (name, field.kind)


def test_dates_and_greetings_are_in_the_readers_language() -> None:
    english = ANNA._replace(language="en")
    assert _said("{{greeting|Hi}}, {{last_date|then}}", english) == "Hi Anna, 28 March 2026"
    assert values.fill("-fr_last_date-", ANNA._replace(last_on=date(2025, 12, 1))) == (
        "1 december 2025"
    )


def test_who_gives_every_month_is_asked_for_more_than_now() -> None:
    monthly = ANNA._replace(monthly_ore=200_00)
    assert _said("{{month1}} {{month2}} {{month3}}", monthly) == (
        "250\u202fkr 300\u202fkr 400\u202fkr"
    )


def test_a_list_of_names_gives_its_words_in_its_order() -> None:
    names = ("u", "ask1", "first_name__76c3a46e", "first_name_h__76c3a46e", "m")
    odd = ANNA._replace(first_name="  Åsa\n<b>& ")
    assert values.make(odd, names) == [
        "LEAVE", "350\u202fkr", "Åsa <b>&", "Åsa &lt;b&gt;&amp;", "MESSAGE",
    ]  # fmt: skip
    with pytest.raises(KeyError):
        values.make(ANNA, ("shoe_size",))


def test_a_very_long_name_is_cut_and_an_empty_one_has_its_fallback() -> None:
    long = _said("{{first_name|vän}}", ANNA._replace(first_name="Ana" * 60))
    assert (len(long), long[-1]) == (80, "…")
    assert _said("{{first_name|vän}}", ANNA._replace(first_name=" \t ")) == "vän"


def test_so_few_givers_that_the_number_would_point_at_them_are_not_counted_out() -> None:
    few = ANNA._replace(terms=Terms(raised_ore=100_00, goal_ore=1000_00, givers=None))
    assert _said("{{givers|några}}: {{standing}}", few) == (
        "några: Så stod det när det här skickades."
    )
    assert _said("{{standing}}", ANNA) == "3\u202f112 givare när det här skickades."


def test_the_terms_of_a_campaign_bound_every_ask() -> None:
    small = ANNA._replace(terms=Terms(minimum_ore=20_00, maximum_ore=500_00))
    assert _said("{{ask1}} {{ask2}} {{ask3}}", small) == "350\u202fkr 400\u202fkr 500\u202fkr"


WILD = st.text(max_size=60) | st.sampled_from(
    ["-fr_u-", "<script>", '"', "&amp;", "{{first_name|x}}", "\r\nBcc: a@b.se", "<%x%>", "[%x%]"]
)


@given(first=WILD, town=WILD, fallback=WILD)
def test_no_value_breaks_out_of_its_place(first: str, town: str, fallback: str) -> None:
    safe = fallback.replace("{", "").replace("}", "").replace("|", "")
    typed = f"{{{{first_name|{safe}}}}}/{{{{town|{safe}}}}}"
    record = NOBODY._replace(first_name=first, full_name=first, town=town)

    html = _said(typed, record, html=True)
    assert not set(html) & set("<>\"'\n\r\0")
    for said in (html, _said(typed, record)):
        assert tags.TAG.findall(said) == []
        assert "\n" not in said
        assert "\r" not in said
        assert "<%" not in said
        assert "[%" not in said
        assert len(said) <= 6 * 161


@given(st.text(max_size=200))
def test_every_text_is_split_into_pieces_that_make_it_up_again(typed: str) -> None:
    pieces = merging.split(typed)
    assert "".join(piece if isinstance(piece, str) else piece.typed for piece in pieces) == typed


@given(st.text(min_size=1, max_size=60), st.booleans())
def test_a_tags_name_says_all_of_it(fallback: str, escaped: bool) -> None:
    fallback = fallback.encode("utf-8", "ignore").decode()
    tag = tags.Tag("first_name", escaped, fallback)
    assert tags.read(tag.name) == tag
    assert tags.TAG.findall(tag.written) == [tag.name]


@pytest.mark.parametrize(
    ("record", "ladder", "begins"),
    [
        (ANNA, "ask", "The last gift was 350 kr: the same"),
        (ANNA, "top", "The largest gift was 1 200 kr: the same"),
        (ANNA, "month", "The last gift was 350 kr: a tenth of it"),
        (ANNA._replace(monthly_ore=100_00), "month", "Gives 100 kr every month now"),
        (ANNA._replace(targeted=False), "ask", "The campaign's own sums: we may not choose"),
        (NOBODY, "ask", "The campaign's own sums: no gift before."),
    ],
)
def test_why_just_these_sums_is_said_in_words(record: Record, ladder: str, begins: str) -> None:
    with translation.override("en"):
        said = explaining.explain(record, ladder).replace("\u202f", " ")

    assert said.startswith(begins)
    assert said.endswith("Rounded up to sums that people give, from 20 kr to 150 000 kr.")


def test_words_that_are_kept_for_one_are_nobody_elses() -> None:
    """What follows from sums is worked out once for all of one language, consent and campaign."""
    names = ("first_name", "ask1", "last_date", "m", "percent")
    others = [
        ANNA._replace(first_name="Eva", m="OTHER"),
        ANNA._replace(targeted=False),
        ANNA._replace(language="en"),
        ANNA._replace(last_ore=500_00),
        ANNA._replace(terms=Terms(raised_ore=50_00, goal_ore=100_00)),
    ]
    alone = [values.Plan(names)(one) for one in (ANNA, *others)]
    together = [values.make(one, names) for one in (ANNA, *others, ANNA)]
    assert together == [*alone, alone[0]]
    assert len({tuple(words) for words in alone}) == 6
