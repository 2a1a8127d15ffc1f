"""Whatever is typed, a mail comes of it that is whole, filled and holds nothing foreign."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailings.composing import blocks, sheets, tags, values
from tests.mailings.composing.mails import ANNA, HOUSE, WHOLE, compiled

BITS = st.sampled_from(
    ["**", "*", "[a](", "https://a.se/x", ")", "{{first_name|", "vän", "}}", "{{ask1}}", "-fr_u-",
     "\n", "\n\n", "- ", "1. ", "<b>", "</td>", "&lt;", "FRSLOT0X", "<%x%>", "å", "{{", "'", '"',
     "mailto:a@b.se", "{{last_sum|-fr_m-}}", "\\", "javascript:x", " ", "[[x]]", "\u202e"]
)  # fmt: skip
TYPED = st.lists(BITS, max_size=12).map("".join) | st.text(max_size=80)
OURS = {"html", "head", "title", "meta", "style", "body", "div", "table", "tbody", "tr", "td", "p",
        "h1", "ul", "ol", "li", "a", "img", "strong", "em", "br"}  # fmt: skip


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.links: list[str] = []
        self.foreign: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        given = dict(attrs)
        self.foreign |= {name for name in given if name.startswith("on")}
        if tag == "a":
            self.links.append(given["href"] or "")


@settings(max_examples=60, deadline=None)
@given(TYPED, TYPED, TYPED)
def test_whatever_is_typed_makes_a_whole_mail(one: str, two: str, line: str) -> None:
    places = ("text", "alt", "name", "role", "closing", "link")
    typed = {"text": one, "alt": two, "name": line, "role": one, "closing": two, "link": line}
    kept: list[dict[str, Any]] = [
        {**block, **{place: typed[place][:200] for place in places if place in block}}
        for block in WHOLE
    ]
    sheet = _readable({"subject": line[:150], "preheader": two[:150], "blocks": kept})
    if sheet is None:
        return
    made = sheet.compiled("sv", HOUSE)
    html, text = values.fill(made.html, ANNA), values.fill(made.text, ANNA)

    parser = _Tags()
    parser.feed(html)
    assert parser.seen <= OURS
    assert parser.foreign == set()
    kinds = ("https://ge.example.org/", "mailto:", "tel:", "#")
    assert all(link.startswith(kinds) for link in parser.links)
    assert tags.TAG.findall(html + text) == []
    assert re.search(r"<%|\[%", text) is None
    assert "\u202e" not in html + text
    assert all(link.url.startswith("http") for link in made.links)
    assert made == sheet.compiled("sv", HOUSE)


def _readable(kept: object) -> sheets.Sheet | None:
    try:
        return sheets.read(kept)
    except blocks.BlocksError:
        return None


@pytest.mark.parametrize("place", ["subject", "preheader", "text_edited"])
def test_what_the_database_has_no_room_for_is_left_out_or_refused(place: str) -> None:
    assert getattr(sheets.read({place: "a\0b"}), place) == "ab"
    assert sheets.read({"blocks": [{"id": "a", "kind": "text", "text": "\0x"}]}).blocks[0].text == (
        "x"
    )
    with pytest.raises(blocks.BlocksError, match="string_unicode"):
        sheets.read({place: "a\ud800b"})


def test_a_mail_of_every_block_at_its_largest_is_compiled_in_one_go() -> None:
    long = [{"id": f"t{n}", "kind": "text", "text": "**ord** [a](https://a.se/) " * 370}
            for n in range(40)]  # fmt: skip
    made = compiled(long)
    assert made.size > 100_000
    assert not made.can_go
    assert len(made.links) == 2
