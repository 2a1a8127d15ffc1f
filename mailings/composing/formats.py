"""Sums, days and names as a mail says them: each value worked out once and looked up after that."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from fundraise.money import NARROW_NO_BREAK_SPACE, format_kronor
from mailings.composing import tags
from mailings.composing.wording import WORDS

LONGEST = 80
KEPT = 100_000
MONTHS = {
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "en": "January February March April May June July August September October November December",
}
_MONTHS = {language: names.split() for language, names in MONTHS.items()}


@lru_cache(maxsize=KEPT)
def kronor(ore: int) -> str:
    """ "1 200 kr"."""
    return format_kronor(ore)


def some_kronor(ore: int) -> str:
    """A sum above zero; nothing for none."""
    return kronor(ore) if ore > 0 else ""


def clean(text: str) -> str:
    """Somebody's words on one line, not endless, with nothing in them that is read as a tag."""
    line = tags.neutral(" ".join(text.split()))
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def day(on: date, language: str) -> str:
    """ "28 mars 2026", "28 March 2026"."""
    return f"{on.day} {_MONTHS[language][on.month - 1]} {on.year}"


def greeting(first_name: str, language: str) -> str:
    """ "Hej Anna"; nothing for who has no first name."""
    return WORDS[language]["greeting"].format(name=first_name) if first_name.strip() else ""


def number(count: int) -> str:
    """ "3 112"."""
    return f"{count:,}".replace(",", NARROW_NO_BREAK_SPACE)
