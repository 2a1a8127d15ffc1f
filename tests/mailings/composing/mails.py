"""Mails and people for the tests of composing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from mailings.composing import blocks, compiling
from mailings.composing.drafts import Compiled, Draft, House
from mailings.composing.terms import Terms
from mailings.composing.values import Record

HOUSE = House(
    organisation="Exempelpartiet",
    org_number="802000-1234",
    address="Storgatan 1, 111 22 Stockholm",
    base_url="https://ge.example.org",
    campaign="Valet 2026",
    slug="valet-2026",
)
PICTURE = "0123456789abcdef0123456789abcdef.jpg"
WHOLE: list[dict[str, Any]] = [
    {"id": "h", "kind": "heading", "text": "{{greeting|Hej}}, tre veckor kvar"},
    {
        "id": "t",
        "kind": "text",
        "text": "Vi har **tre veckor** kvar, och *du* avgör.\n\n"
        "Läs [vårt program](https://example.org/program?a=1&b=2).\n- en vård\n- en skola\n\n"
        "Senast gav du {{last_sum|en gåva}}. Tack!",
    },
    {
        "id": "p",
        "kind": "picture",
        "picture": PICTURE,
        "width": 1200,
        "height": 800,
        "alt": "Folk på torget",
    },
    {"id": "a", "kind": "ask", "period": "once", "text": "Kan du hjälpa till igen?"},
    {"id": "n", "kind": "ask", "period": "monthly", "text": "Eller varje månad?"},
    {"id": "b", "kind": "thermometer", "text": "Så långt har vi kommit"},
    {"id": "k", "kind": "button", "text": "Läs mer", "link": "https://example.org/"},
    {
        "id": "s",
        "kind": "signature",
        "closing": "Tack!",
        "name": "Anna Svensson",
        "role": "ordförande",
    },
]
TERMS = Terms(raised_ore=1_243_500_00, goal_ore=2_000_000_00, givers=3112)
ANNA = Record(
    m="MESSAGE",
    u="LEAVE",
    first_name="Anna",
    full_name="Anna Svensson",
    town="Umeå",
    last_ore=350_00,
    largest_ore=1_200_00,
    gifts=7,
    last_on=date(2026, 3, 28),
    terms=TERMS,
)


def draft(kept: list[dict[str, Any]] | None = None, **changes: Any) -> Draft:
    """A mail of some blocks, in Swedish."""
    made = Draft(
        language="sv",
        subject="Tre veckor kvar för {{campaign}}",
        preheader="Din gåva avgör, {{first_name|vän}}",
        blocks=tuple(blocks.read(WHOLE if kept is None else kept)),
        house=HOUSE,
    )
    return replace(made, **changes)


def compiled(kept: list[dict[str, Any]] | None = None, **changes: Any) -> Compiled:
    """The same, compiled."""
    return compiling.compile_draft(draft(kept, **changes))


def text(said: str) -> list[dict[str, Any]]:
    """One block of text."""
    return [{"id": "t", "kind": "text", "text": said}]


def codes(made: Compiled) -> set[tuple[str, str, str]]:
    """(block, place, code) of every problem."""
    return {(one.block, one.place, one.code) for one in made.problems}
