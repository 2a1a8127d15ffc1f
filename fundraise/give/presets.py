"""What a link may choose beforehand: amount, frequency, reference, language.

Never a name, an e-mail address or anything of a giver's history: a link is forwarded and logged.
What can't be read is left out without a word; the page then asks as usual.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from fundraise.language import SWEDISH
from fundraise.money import AmountError, format_number, parse_kronor
from fundraise.pledges.links import LinkError, read_instead

ONCE = "once"
MONTHLY = "monthly"
# How often, by its months (0: once), as a link says it in Swedish and in English.
RHYTHMS = {
    0: ("engang", "once"),
    1: ("manad", "monthly"),
    3: ("kvartal", "quarterly"),
    6: ("halvar", "half-yearly"),
    12: ("ar", "yearly"),
}
_SAID = {name: every for every, names in RHYTHMS.items() for name in names} | {
    "engång": 0,
    "månad": 1,
    "halvår": 6,
    "år": 12,
}
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,40}")
_LONGEST = 40


@dataclass(frozen=True)
class Preset:
    """What the link asked for; empty where it asked for nothing."""

    amount_ore: int | None = None
    frequency: str = ""
    every: int = 1  # months between gifts, where it is not once
    reference: str = ""
    language: str = ""
    gift: UUID | None = None  # a gift that waits and is to be changed
    instead: UUID | None = None  # the month of a monthly gift that is given once instead


def read_preset(query: Mapping[str, str]) -> Preset:
    """The choices in a page's query string, by their Swedish or English names."""
    every = _SAID.get(_first(query, "frekvens", "frequency").lower())
    return Preset(
        amount_ore=_amount(_first(query, "belopp", "amount")),
        frequency="" if every is None else MONTHLY if every else ONCE,
        every=every or 1,
        reference=clean_reference(_first(query, "ref")),
        language=_language(_first(query, "lang", "sprak")),
        gift=_gift(_first(query, "gift")),
        instead=_instead(query.get("instead", "")),
    )


def chosen(amount_ore: int, every: int, language: str) -> dict[str, str]:
    """What a link says to choose this sum every so many months, or (0) once.

    It always says how often: the campaign may put the other choice first.
    """
    swedish = language == SWEDISH
    often = RHYTHMS[every][0 if swedish else 1]
    return {
        "belopp" if swedish else "amount": format_number(amount_ore, space=""),
        "frekvens" if swedish else "frequency": often,
    }


def clean_reference(text: str) -> str:
    """The reference if it looks like one, else nothing."""
    return text if _REFERENCE.fullmatch(text) else ""


def _first(query: Mapping[str, str], *names: str) -> str:
    said = next((query[name] for name in names if query.get(name)), "")
    return said if len(said) <= _LONGEST else ""


def _amount(text: str) -> int | None:
    try:
        return parse_kronor(text) or None
    except AmountError:
        return None


def _language(text: str) -> str:
    return text if text in {"sv", "en"} else ""


def _gift(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _instead(key: str) -> UUID | None:
    try:
        return read_instead(key) if key else None
    except LinkError:
        return None
