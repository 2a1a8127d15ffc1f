"""A mail compiled: what it holds, what it never holds, and that it is the same every time."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import resolve

from mailings.composing import plain, tags, values
from mailings.composing.linking import Links
from tests.mailings.composing.mails import ANNA, HOUSE, WHOLE, codes, compiled, text

GOLDEN = Path(__file__).parent / "golden"


def _golden(name: str, made: str) -> None:
    """Compared byte for byte; after a wanted change the file is removed and made anew."""
    path = GOLDEN / name
    if not path.exists():
        path.write_text(made, encoding="utf-8", newline="")
        pytest.fail(f"{name} was made now: look at it and commit it")
    assert path.read_text(encoding="utf-8") == made


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_whole_mail_compiles_to_these_bytes(language: str) -> None:
    made = compiled(language=language)

    _golden(f"whole.{language}.html", made.html)
    _golden(f"whole.{language}.txt", made.text)
    assert made == compiled(language=language)
    assert made.problems == ()
    assert made.can_go


def test_the_mail_says_who_sends_it_why_and_how_to_stop_whatever_its_blocks_are() -> None:
    for made in (compiled(), compiled([]), compiled(text("Hej"), text_edited="Bara det här.")):
        for part in (made.html, made.text):
            assert "Exempelpartiet, org.nr 802000-1234" in part
            assert "Storgatan 1, 111 22 Stockholm" in part
            assert "Du får det här för att" in part
            assert "https://ge.example.org/avregistrera/-fr_u-" in part
            assert "https://ge.example.org/utskick/-fr_u-" in part
    assert "https://ge.example.org/en/unsubscribe/-fr_u-" in compiled(language="en").text


def test_links_go_by_our_own_address_and_the_same_target_has_one_number() -> None:
    made = compiled()

    assert [(link.n, link.url, link.kind) for link in made.links] == [
        (1, "https://ge.example.org/valet-2026/", "give"),
        (2, "https://example.org/program?a=1&b=2", "web"),
        (3, "https://ge.example.org/valet-2026/?frekvens=manad", "monthly"),
        (4, "https://example.org/", "web"),
    ]
    assert 'href="https://ge.example.org/l/-fr_m-/1?belopp=-fr_ask1_kr-"' in made.html
    assert "https://ge.example.org/l/-fr_m-/3?belopp=-fr_month3_kr-&key=-fr_raise3-\n" in made.text
    assert "example.org/program" not in made.html + made.text
    numbers = {int(n) for n in re.findall(r"/l/-fr_m-/(\d+)", made.html)}
    assert numbers == {1, 2, 3, 4} == {int(n) for n in re.findall(r"/l/-fr_m-/(\d+)", made.text)}


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str]] = []
        self.href: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.href, self.words = given["href"] or "", ""
        if tag == "img" and self.href is not None:
            self.words += given["alt"] or ""

    def handle_data(self, data: str) -> None:
        if self.href is not None:
            self.words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.href is not None:
            self.seen.append((self.href, self.words.strip()))
            self.href = None


def test_no_link_is_invisible_and_nothing_is_fetched_from_anybody_else() -> None:
    made = compiled()

    parser = _Anchors()
    parser.feed(made.html)
    assert len(parser.seen) == 13
    assert all(words for _href, words in parser.seen)
    assert all(href.startswith("https://ge.example.org/") for href, _words in parser.seen)
    sources = re.findall(r'(?:src|url)\s*[=(]\s*"?([^"\s)]+)', made.html)
    assert sources == [
        "https://ge.example.org/bilder/0123456789abcdef0123456789abcdef.jpg",
        "https://ge.example.org/valet-2026/thermometer.png",
    ]
    assert "<link" not in made.html
    assert "@import" not in made.html
    assert "<script" not in made.html


def test_the_mail_knows_dark_phones_and_a_preheader_that_hides_what_follows() -> None:
    made = compiled()

    assert "@media (prefers-color-scheme: dark)" in made.html
    assert "color-scheme: light dark" in made.html
    assert 'content="width=device-width, initial-scale=1"' in made.html
    hidden = re.search(r'<div style="display:none;[^"]*">([^<]*)</div>', made.html)
    assert hidden is not None
    assert hidden[1].startswith("Din gåva avgör, -fr_first_name_h__76c3a46e-\u034f\u200c\xa0")
    assert "display:none;max" not in compiled(preheader="").html


def test_the_tags_are_all_that_the_mail_holds_and_every_one_has_words() -> None:
    made = compiled()

    assert set(made.tags) == set(tags.TAG.findall(made.subject + made.html + made.text))
    assert list(made.tags) == sorted(made.tags)
    assert len(values.make(ANNA, made.tags)) == len(made.tags)
    filled = values.fill(made.html + made.text, ANNA)
    assert "-fr_" not in filled
    assert "{{" not in filled
    assert set(compiled([], subject="", preheader="").tags) == {"m", "u"}


def test_what_staff_type_never_becomes_a_tag_of_html_or_of_ours_or_of_the_sender() -> None:
    bad = "</p><script>x</script> <mj-raw>y</mj-raw> -fr_u- <%asm_x%> [%z%] FRSLOT1X & \"q\" 'r'"
    blocks = [
        {**block, **{k: bad for k in ("text", "alt", "name", "role", "closing") if k in block}}
        for block in WHOLE
    ]
    made = compiled(blocks, subject=bad, preheader=bad)

    assert "<script" not in made.html
    assert "mj-raw>" not in made.html.replace("&gt;", "")
    assert "&lt;script&gt;x" in made.html
    assert set(made.tags) == set(compiled(subject=bad).tags) - {
        "greeting_h__48656a", "greeting__48656a", "last_sum__656e2067c3a57661",
        "last_sum_h__656e2067c3a57661", "first_name_h__76c3a46e", "first_name__76c3a46e",
    }  # fmt: skip
    assert made.text.count("-fr_u-") == 2
    assert "<%" not in made.text
    assert "[%" not in made.text
    assert "\n" not in made.subject


def test_a_text_written_by_hand_is_sent_and_told_when_the_blocks_have_changed_since() -> None:
    made = compiled()
    hand = "Hej {{first_name|vän}}!\n\nGe här: https://ge.example.org/valet-2026/.\n"

    kept = compiled(text_edited=hand, text_made_of=plain.print_of(made.text_made))
    assert kept.text.startswith(
        "Hej -fr_first_name__76c3a46e-!\n\nGe här: https://ge.example.org/l/-fr_m-/1.\n\n-- \n"
    )
    assert kept.problems == ()

    later = compiled(text("Nytt. [Ge](https://example.org/)"), text_edited=hand,
                     text_made_of=plain.print_of(made.text_made))  # fmt: skip
    assert codes(later) == {("text", "", "text_stale")}
    assert later.can_go
    assert later.text.startswith("Hej -fr_first_name__")


def test_the_made_text_sent_as_if_written_by_hand_is_the_same_text() -> None:
    made = compiled()

    assert compiled(text_edited=made.text_made).text == made.text


def test_a_mail_that_would_be_cut_off_by_gmail_says_so_and_does_not_go() -> None:
    heavy = [{"id": f"t{n}", "kind": "text", "text": "ord " * 2400} for n in range(5)]
    made = compiled([*heavy, WHOLE[3]])

    assert made.size > 100_000
    assert codes(made) == {("mail", "", "too_heavy")}
    assert not made.can_go


def test_any_colour_of_a_campaign_leaves_text_on_the_button_that_can_be_read() -> None:
    from dataclasses import replace

    from fundraise.colour import contrast

    for chosen in ("#ffff00", "#ffffff", "#000000", "#e8112d", "#0b5d4e"):
        made = compiled(house=replace(HOUSE, colour=chosen))
        pairs = re.findall(r"background:(#\w{6});color:(#\w{6})", made.html)
        assert pairs
        assert all(contrast(ground, ink) >= 4.5 for ground, ink in pairs)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_link_of_the_house_leads_to_a_page_that_is_there(language: str) -> None:
    links = Links(HOUSE, language)
    token = "x" * 24
    for url, name in (
        (links.unsubscribe, "leave_appeals"),
        (links.preferences, "mail_choices"),
        (HOUSE.raising(language), "raise"),
        (HOUSE.page(language), "donate"),
        (links.campaign(), "follow_link"),
    ):
        path = urlsplit(url.replace("-fr_u-", token).replace("-fr_m-", token)).path
        found = resolve(path).url_name or ""
        assert found.removesuffix(f"_{language}") == name
