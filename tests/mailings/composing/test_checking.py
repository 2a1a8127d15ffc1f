"""What is said of a mail before it can go, with the block and the place in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailings.composing import blocks, linking
from mailings.composing.fields import FIELDS, Place, allowed
from mailings.composing.markup import parse
from tests.mailings.composing.mails import HOUSE, WHOLE, codes, compiled, text


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Hej {{first_nam|vän}}", "unknown_field"),
        ("Hej {{first_name}}", "no_fallback"),
        ("Hej {{first_name|}}", "no_fallback"),
        ("Hej {{first_name|vän}", "unclosed_field"),
        ("Hej }}", "unclosed_field"),
        ("- [[Skriv vad ni gjort]]", "left_to_write"),
        ("Ge {{ask1_kr}}", "field_not_here"),
        ("Hej {{first_name|" + "x" * 61 + "}}", "long_fallback"),
        ("[här](javascript:alert)", "bad_link"),
        ("[här](https://)", "bad_link"),
        ("[här](https://a@example.org/)", "bad_link"),
        ("[här](https://example.org/-fr_u-)", "bad_link"),
        ("[här]()", "no_link"),
        ("[ ](https://example.org/)", "link_without_words"),
        ("  ", "empty_block"),
    ],
)
def test_each_fault_of_a_text_is_told_with_its_block(said: str, code: str) -> None:
    made = compiled([*text(said), WHOLE[3]])

    assert {one for one in codes(made) if one[0] == "t"} == {("t", "text", code)}
    assert not made.can_go
    assert "alert" not in {link.url for link in made.links}


def test_what_each_block_lacks_is_told_in_its_place() -> None:
    made = compiled(
        [
            {"id": "h", "kind": "heading"},
            {"id": "p", "kind": "picture"},
            {"id": "k", "kind": "button", "link": "exempel"},
            {"id": "s", "kind": "signature", "picture": "a" * 32 + ".png"},
        ],
        subject=" ",
        preheader="",
    )

    assert codes(made) == {
        ("subject", "", "subject_missing"),
        ("preheader", "", "preheader_missing"),
        ("h", "text", "empty_block"),
        ("p", "picture", "no_picture"),
        ("p", "alt", "no_alt"),
        ("k", "text", "empty_block"),
        ("k", "link", "bad_link"),
        ("s", "name", "no_name"),
        ("s", "alt", "no_alt"),
    }


def test_nothing_of_a_person_stands_in_a_subject() -> None:
    for name in FIELDS:
        made = compiled(subject=f"Hej {{{{{name}|x}}}}")
        told = ("subject", "", "field_not_here") in codes(made)
        assert told == (name not in {"campaign", "organisation"}), name
    assert compiled(subject="Till {{campaign}} från {{organisation}}").subject == (
        "Till Valet 2026 från Exempelpartiet"
    )


def test_who_sends_without_a_postal_address_is_told_and_may_send() -> None:
    made = compiled(house=replace(HOUSE, address=" "))
    assert codes(made) == {("mail", "", "no_postal_address")}
    assert made.can_go


def test_a_mail_must_lead_somewhere_and_long_subjects_are_only_told() -> None:
    assert codes(compiled(text("Hej"))) == {("mail", "", "no_ask")}
    assert codes(compiled([])) == {("mail", "", "empty_mail")}
    told = compiled(subject="x" * 61, preheader="y" * 111)
    assert codes(told) == {("subject", "", "subject_long"), ("preheader", "", "preheader_long")}
    assert told.can_go
    assert not compiled(subject="x" * 151).can_go
    assert not compiled(preheader="x" * 151).can_go


def test_a_hand_written_text_is_looked_over_like_a_block() -> None:
    hand = "Hej {{first_name}}, se https://a..b/ och https://example.org/?belopp={{ask1_kr}}."
    assert codes(compiled(text_edited=hand)) == {
        ("text", "", "no_fallback"),
        ("text", "", "bad_link"),
    }


@pytest.mark.parametrize(
    ("kept", "code", "at"),
    [
        ("none", "list_type", ""),
        ([{"id": "a", "kind": "marquee"}], "union_tag_invalid", "0"),
        ([{"id": "a", "kind": "text", "html": "x"}], "extra_forbidden", "0.text.html"),
        ([{"id": "a", "kind": "text", "text": 5}], "string_type", "0.text.text"),
        ([{"id": "A!", "kind": "text"}], "string_pattern_mismatch", "0.text.id"),
        ([{"id": "a", "kind": "picture", "picture": "../x"}], "string_pattern_mismatch",
         "0.picture.picture"),
        ([{"id": "a", "kind": "text"}] * 2, "same_id", "1"),
        ([{"id": f"a{n}", "kind": "text"} for n in range(41)], "too_long", ""),
    ],
)  # fmt: skip
def test_a_list_that_no_editor_of_ours_wrote_is_refused(kept: object, code: str, at: str) -> None:
    with pytest.raises(blocks.BlocksError) as refused:
        blocks.read(kept)

    assert (refused.value.code, refused.value.at) == (code, at)
    assert "none" not in str(refused.value)


def test_a_kept_list_is_read_back_as_it_was() -> None:
    assert blocks.read(blocks.dump(blocks.read(WHOLE))) == blocks.read(WHOLE)


def test_addresses_that_may_stand_in_a_mail() -> None:
    good = ["https://example.org", "mailto:info@example.org", "tel:+4681234567", "https://å.se/ä"]
    assert [linking.fault(url) for url in good] == ["", "", "", ""]
    assert linking.fault("http://example.org/") == "insecure_link"
    bad = ["ftp://a.se", "//a.se", "a.se", "data:x", "mailto:x", "https://a b.se", "https://x:y/",
           "https://example.org/" + "x" * 2000, 'https://a.se/"x',
           "mailto:info@example.org\u202e"]  # fmt: skip
    assert {linking.fault(url) for url in bad} == {"bad_link"}


def test_the_menu_of_fields_knows_where_each_may_stand() -> None:
    assert [one.name for one in allowed(Place.SUBJECT)] == ["campaign", "organisation"]
    assert "first_name" in {one.name for one in allowed(Place.PREHEADER)}
    assert {one.name for one in allowed(Place.TEXT_LINK)} == {
        *(f"{ladder}{step}_kr" for ladder in ("ask", "top", "month") for step in (1, 2, 3)),
        "raise0", "raise1", "raise2", "raise3",
    }  # fmt: skip


def test_mark_up_that_is_none_stays_as_it_was_typed() -> None:
    for said in ("2 * 3 * 4", "**", "[x]", "(y)", "a_b", "* *", "[a] (b)"):
        made = compiled([*text(said), WHOLE[3]])
        assert f">{said}</p>" in made.html
    assert len(parse("a\n- b\n- c\n\n1. d\n2) e\n\nf\ng")) == 4
