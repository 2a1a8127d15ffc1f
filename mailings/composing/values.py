"""One person's words for the tags of a mail. Pure, and made for a million people.

A list of tags becomes a `Plan` once; sums, dates, names and ladders are worked out once per value
and looked up after that, and what follows from sums alone once for all who gave the same. Of who
may not be targeted only names are used, and the campaign's own sums.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple

from mailings.composing import tags
from mailings.composing.fields import LADDERS, RAISE_KEYS, STEPS
from mailings.composing.formats import KEPT, clean, day, greeting, number, some_kronor
from mailings.composing.ladder import KRONA
from mailings.composing.terms import Terms

STANDARD = Terms()
NOTHING = (0, 0, 0, 0, None)


class Monthly(NamedTuple):
    """A monthly gift that may be raised, and to what: öre each time it is drawn."""

    ref: str
    amount_ore: int
    interval: int  # months
    highest_ore: int
    suggested_ore: int


Sign = Callable[[Monthly, int], str]  # what a link carries that raises it to so much


def unsigned(_monthly: Monthly, _to_ore: int) -> str:
    """Stands for it where nobody's gift shall be raised."""
    return "test"


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
    monthly: Monthly | None = None


Given = tuple[int, int, int, int, date | None]  # of a Record, from `last_ore` to `last_on`
Maker = Callable[[Record], str]
Key = Any  # what a field's words are made from: a name, a sum, a day with its language


class People(NamedTuple):
    """What is known of many, one list for each thing, who read one language and have one campaign.

    Nothing in `given` counts unless `targeted`.
    """

    m: Sequence[str]
    u: Sequence[str]
    first_name: Sequence[str]
    full_name: Sequence[str]
    town: Sequence[str]
    given: Sequence[Given]
    language: str
    targeted: bool
    terms: Terms
    monthly: Sequence[Monthly | None]
    sign: Sign = unsigned


class Plan:
    """The words of some tags, in the order of the names. Raises KeyError on a name of no field."""

    def __init__(self, names: tuple[str, ...]) -> None:
        found = [tags.read(name) for name in names]
        self.own = [(at, _column(tag)) for at, tag in enumerate(found) if tag.field in OWN]
        self.sums = [(at, _maker(tag)) for at, tag in enumerate(found) if tag.field not in OWN]
        self.kept: dict[Key, tuple[str, ...]] = {}
        self.kept_for: tuple[Terms, str, bool] | None = None

    def columns(self, people: People) -> list[Sequence[str]]:
        """The words of many: a list for each tag."""
        made = dict[int, Sequence[str]]((at, column(people)) for at, column in self.own)
        if self.sums:
            said = self._said(people)
            made.update(zip([at for at, _ in self.sums], zip(*said, strict=True), strict=False))
        return [made.get(at, ()) for at in range(len(self.own) + len(self.sums))]

    def _said(self, people: People) -> list[tuple[str, ...]]:
        """What follows from sums: worked out once for all who gave the same."""
        kept_for = people.terms, people.language, people.targeted
        if self.kept_for != kept_for or len(self.kept) >= KEPT:
            self.kept_for, self.kept = kept_for, {}
        kept, targeted = self.kept, people.targeted
        keys = people.given if targeted else [NOTHING] * len(people.given)
        for key in set(keys) - kept.keys():
            record = Record("", "", "", "", "", people.language, targeted, *key, people.terms)
            kept[key] = tuple(maker(record) for _at, maker in self.sums)
        return [kept[key] for key in keys]

    def __call__(self, record: Record) -> list[str]:
        """One person's words."""
        m, u, first, full, town, language, targeted = record[:7]
        given, terms = record[7:12], record.terms
        own = [m], [u], [first], [full], [town], [given]
        one = People(*own, language, targeted, terms, [record.monthly])
        return [words for (words,) in self.columns(one)]


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
    words = _words(tag, say)
    return lambda record: words(key(record))


def _column(tag: tags.Tag) -> Callable[[People], Sequence[str]]:
    keys, say = OWN[tag.field]
    if say is None:
        return keys
    words = _words(tag, say)
    return lambda people: list(map(words, keys(people)))


def _words(tag: tags.Tag, say: Callable[[Key], str]) -> Callable[[Key], str]:
    """Those of one key, kept."""
    instead = clean(tag.fallback)

    @lru_cache(maxsize=KEPT)
    def words(made_from: Key) -> str:
        said = say(made_from) or instead
        return html.escape(said) if tag.escaped else said

    return words


def _rung(name: str, at: int) -> Maker:
    if name == "month":
        return lambda r: r.terms.month[(r.last_ore, r.monthly_ore) if r.targeted else (0, 0)][at]
    if name == "top":
        return lambda r: r.terms.once[r.largest_ore if r.targeted else 0][at]
    return lambda r: r.terms.once[r.last_ore if r.targeted else 0][at]


def _raised(people: People, step: int) -> Iterator[tuple[Monthly, int] | None]:
    """Each one's monthly gift and the higher sum that a link offers; None where there is none.

    Step 0 is the sum with the rise of prices, 1 to 3 the rungs of the ladder a month.
    """
    for monthly, given in zip(people.monthly, people.given, strict=True):
        if monthly is None or not people.targeted:
            yield None
            continue
        rungs = people.terms.month[given[0], given[3]] if step else ()
        asked = int(rungs[step + 2]) * KRONA * monthly.interval if step else monthly.suggested_ore
        fits = monthly.amount_ore < asked <= monthly.highest_ore
        yield (monthly, asked) if fits else None


def _key_of(step: int) -> Callable[[People], Sequence[str]]:
    return lambda people: [people.sign(*one) if one else "" for one in _raised(people, step)]


def _raised_sums(people: People) -> Iterator[int]:
    return (one[1] if one else 0 for one in _raised(people, 0))


# A person's own, whatever was given: what many people's words are made from, and how.
OWN: dict[str, tuple[Callable[[People], Any], Callable[[Key], str] | None]] = {
    "m": (itemgetter(0), None),  # words already
    "u": (itemgetter(1), None),
    "first_name": (itemgetter(2), clean),
    "full_name": (itemgetter(3), clean),
    "town": (itemgetter(4), clean),
    "greeting": (
        lambda people: zip(people.first_name, repeat(people.language)),
        lambda key: clean(greeting(*key)),
    ),
    "raise_sum": (_raised_sums, some_kronor),
    **{name: (_key_of(step), None) for step, name in enumerate(RAISE_KEYS)},
}
# Fields that are words already, or are looked up among the terms.
READY: dict[str, Maker] = {
    "raised": lambda r: r.terms.raised,
    "goal": lambda r: r.terms.goal,
    "percent": lambda r: r.terms.percent,
    "standing": lambda r: r.terms.standing[r.language],
    **{f"{name}{step}": _rung(name, step - 1) for name in LADDERS for step in STEPS},
    **{f"{name}{step}_kr": _rung(name, step + 2) for name in LADDERS for step in STEPS},
}
# The others: what the words are made from, and how; the words of each such value are kept.
SAID: dict[str, tuple[Callable[[Record], Key], Callable[[Key], str]]] = {
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
