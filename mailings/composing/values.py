"""One person's words for the tags of a mail. Pure, and made to be called a million times.

A list of tags becomes a `Plan` once; sums, dates, names and ladders are worked out once per value
and looked up after that, and what follows from sums alone once for all who gave the same. Of who
may not be targeted only names are used, and the campaign's own sums.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from mailings.composing import tags
from mailings.composing.fields import LADDERS, STEPS
from mailings.composing.formats import KEPT, clean, day, greeting, number, some_kronor
from mailings.composing.terms import Terms

STANDARD = Terms()


class Record(NamedTuple):
    """What is known of one person when a mail is prepared. No sum counts unless `targeted`."""

    m: str = ""
    u: str = ""
    first_name: str = ""
    full_name: str = ""
    town: str = ""
    language: str = "sv"
    targeted: bool = True
    last_ore: int = 0
    largest_ore: int = 0
    gifts: int = 0
    monthly_ore: int = 0
    last_on: date | None = None
    terms: Terms = STANDARD


Maker = Callable[[Record], str]
Key = Any  # what a field's words are made from: a name, a sum, a day with its language


class Plan:
    """The words of some tags, in the order of the names. Raises KeyError on a name of no field."""

    def __init__(self, names: tuple[str, ...]) -> None:
        makers = [(at, tags.read(name)) for at, name in enumerate(names)]
        self.own = [(at, _maker(tag)) for at, tag in makers if tag.field in OWN]
        self.sums = [(at, _maker(tag)) for at, tag in makers if tag.field not in OWN]
        self.places = len(names)
        self.kept: tuple[Terms, dict[Key, list[str]]] = (STANDARD, {})

    def __call__(self, record: Record) -> list[str]:
        """One person's words."""
        terms, kept = self.kept
        if record.terms is not terms or len(kept) >= KEPT:
            kept = {}
            self.kept = record.terms, kept
        # All that sums depend on: the language, and of whom we may target what was given.
        key = record[5:12] if record.targeted else record.language
        said = kept.get(key)
        if said is None:
            said = kept[key] = [""] * self.places
            for at, maker in self.sums:
                said[at] = maker(record)
        words = said.copy()
        for at, maker in self.own:
            words[at] = maker(record)
        return words


@lru_cache(maxsize=512)
def plan(names: tuple[str, ...]) -> Plan:
    """Made once for a list of tags. Raises KeyError on a name of no field."""
    return Plan(names)


def make(record: Record, names: tuple[str, ...]) -> list[str]:
    """The words of every tag, in the order of the names. Raises KeyError on a name of no field."""
    return plan(names)(record)


def _maker(tag: tags.Tag) -> Maker:
    if tag.field in READY:
        return READY[tag.field]
    key, say = SAID[tag.field]
    instead = clean(tag.fallback)

    @lru_cache(maxsize=KEPT)
    def words(made_from: Key) -> str:
        said = say(made_from) or instead
        return html.escape(said) if tag.escaped else said

    return lambda record: words(key(record))


def _rung(name: str, at: int) -> Maker:
    if name == "month":
        return lambda r: r.terms.month[(r.last_ore, r.monthly_ore) if r.targeted else (0, 0)][at]
    if name == "top":
        return lambda r: r.terms.once[r.largest_ore if r.targeted else 0][at]
    return lambda r: r.terms.once[r.last_ore if r.targeted else 0][at]


# A person's own, whatever was given.
OWN = frozenset({"m", "u", "first_name", "full_name", "town", "greeting"})
# Fields that are words already, or are looked up among the terms.
READY: dict[str, Maker] = {
    "m": itemgetter(0),
    "u": itemgetter(1),
    "raised": lambda r: r.terms.raised,
    "goal": lambda r: r.terms.goal,
    "percent": lambda r: r.terms.percent,
    "standing": lambda r: r.terms.standing[r.language],
    **{f"{name}{step}": _rung(name, step - 1) for name in LADDERS for step in STEPS},
    **{f"{name}{step}_kr": _rung(name, step + 2) for name in LADDERS for step in STEPS},
}
# The others: what the words are made from, and how; the words of each such value are kept.
SAID: dict[str, tuple[Callable[[Record], Key], Callable[[Key], str]]] = {
    "first_name": (itemgetter(2), clean),
    "full_name": (itemgetter(3), clean),
    "town": (itemgetter(4), clean),
    "greeting": (itemgetter(2, 5), lambda key: clean(greeting(*key))),
    "last_sum": (lambda r: r.last_ore if r.targeted else 0, some_kronor),
    "largest_sum": (lambda r: r.largest_ore if r.targeted else 0, some_kronor),
    "monthly_sum": (lambda r: r.monthly_ore if r.targeted else 0, some_kronor),
    "gift_count": (lambda r: r.gifts if r.targeted else 0, lambda n: number(n) if n else ""),
    "givers": (lambda r: r.terms.givers, str),
    "last_date": (
        lambda r: (r.last_on if r.targeted else None, r.language),
        lambda key: day(*key) if key[0] else "",
    ),
}


def fill(text: str, record: Record) -> str:
    """A text with one person's words in it: what a preview and a test mail show."""
    found = tags.names(text)
    words = dict(zip(found, make(record, found), strict=True))
    return tags.TAG.sub(lambda match: words[match[1]], text)
