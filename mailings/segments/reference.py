"""The same tree read by plain Python over plain records: what the SQL is held against in tests.

It knows neither Django nor the roll-ups: it adds up gifts one by one, as the words say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from mailings.segments import periods
from mailings.segments.tree import All, Is, Node, Not, Some


@dataclass(frozen=True, slots=True)
class Gave:
    """A standing gift: what is left of it, on which day, in which order."""

    day: date
    order: int
    ore: int
    campaign: str
    channel: str
    fund: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """A row of a legal basis: it stands, or it was refused, or it ended."""

    purpose: str
    basis: str
    stands: bool
    refused: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """A pledge with the states of its mandates (with a card's last day) and of its periods."""

    state: str
    ore: int
    interval: int
    method: str
    campaign: str
    started: date
    ended: date | None = None
    mandates: tuple[tuple[str, date | None], ...] = ()
    periods: tuple[tuple[date, str], ...] = ()
    fund: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Everything that a condition may ask of a donor."""

    ref: UUID
    kind: str
    language: str
    source: str
    known: date
    usable: bool = True
    postcode: str = ""
    town: str = ""
    country: str = ""
    has_email: bool = False
    has_address: bool = False
    suppressed: bool = False
    tags: frozenset[str] = frozenset()
    bases: tuple[Basis, ...] = ()
    gifts: tuple[Gave, ...] = ()
    pledges: tuple[Promise, ...] = ()
    mails: int = 0
    mailed: date | None = None
    clicks: int = 0
    clicked: date | None = None
    received: frozenset[str] = frozenset()
    clicked_in: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class World:
    """The day, and which bases carry a purpose."""

    today: date
    enough: Mapping[str, Sequence[str]] = field(default_factory=dict)


Args = Mapping[str, Any]


def chosen(node: Node, person: Person, world: World) -> bool:
    """Whether somebody is in: only who may be used for anything at all, and then by the tree."""
    return person.usable and _holds(node, person, world)


def _holds(node: Node, person: Person, world: World) -> bool:
    match node:
        case Is(kind, args):
            return _KINDS[kind](args, person, world)
        case All(nodes):
            return all(_holds(one, person, world) for one in nodes)
        case Some(nodes):
            return any(_holds(one, person, world) for one in nodes)
        case Not(inner):
            return not _holds(inner, person, world)


def _in_range(args: Args, number: int) -> bool:
    low: int = args.get("at_least", number)
    high: int = args.get("at_most", number)
    return low <= number <= high


def _when(args: Args, name: str, day: date | None, world: World) -> bool:
    return name not in args or periods.holds(periods.span(args[name], world.today), day)


def _cut(args: Args, person: Person) -> list[Gave]:
    return sorted(
        (
            gift
            for gift in person.gifts
            if gift.campaign in args.get("campaigns", [gift.campaign])
            and gift.fund in args.get("funds", [gift.fund])
            and gift.channel in args.get("channels", [gift.channel])
        ),
        key=lambda gift: gift.order,
    )


def _gave(args: Args, person: Person, world: World) -> bool:
    sums = [gift.ore for gift in _cut(args, person) if _when(args, "during", gift.day, world)]
    measures = {
        "gifts": len(sums),
        "sum": sum(sums),
        "largest": max(sums, default=0),
        "latest": sums[-1] if sums else 0,
    }
    return _in_range(args, measures[args["measure"]])


def _end(end: Callable[..., date | None]) -> Callable[[Args, Person, World], bool]:
    def holds(args: Args, person: Person, world: World) -> bool:
        day = end((gift.day for gift in _cut(args, person)), default=None)
        return _when(args, "when", day, world)

    return holds


def _pledge(args: Args, person: Person, world: World) -> bool:
    return any(
        promise.state != "unconfirmed"
        and promise.state in args.get("states", [promise.state])
        and _in_range(args, promise.ore)
        and promise.interval in args.get("intervals", [promise.interval])
        and promise.method in args.get("methods", [promise.method])
        and promise.campaign in args.get("campaigns", [promise.campaign])
        and promise.fund in args.get("funds", [promise.fund])
        and _when(args, "started", promise.started, world)
        and _when(args, "ended", promise.ended, world)
        for promise in person.pledges
    )


def _failing(_args: Args, person: Person, _world: World) -> bool:
    def failed(promise: Promise) -> bool:
        over = sorted(one for one in promise.periods if one[1] in ("paid", "missed"))
        return bool(over) and over[-1][1] == "missed"

    return any(
        one.state == "halted" or (one.state in ("active", "paused") and failed(one))
        for one in person.pledges
    )


def _card_ends(args: Args, person: Person, world: World) -> bool:
    last = world.today + timedelta(days=args["within_days"])
    return any(
        state == "active" and ends is not None and ends <= last
        for one in person.pledges
        if one.state in ("active", "paused")
        for state, ends in one.mandates
    )


def _allowed(args: Args, person: Person, world: World) -> bool:
    rows = [one for one in person.bases if one.purpose == args["purpose"]]
    enough = world.enough.get(args["purpose"], ["consent"])
    standing = {one.basis for one in rows if one.stands}
    refused = any(one.refused for one in rows) and "consent" not in standing
    related = bool(standing & set(enough) - {"consent"}) and not refused
    return related or ("consent" in enough and "consent" in standing)


def _basis(args: Args, person: Person, _world: World) -> bool:
    return any(
        one.stands and one.purpose == args["purpose"] and one.basis in args["one_of"]
        for one in person.bases
    )


def _source(args: Args, person: Person, _world: World) -> bool:
    return person.source in args["one_of"] or person.source.split(":")[0] in args["one_of"]


def _postcode(args: Args, person: Person, _world: World) -> bool:
    def fits(text: str) -> bool:
        first, _dash, last = text.partition("-")
        cut = person.postcode[: len(first)]
        return len(person.postcode) >= len(first) and first <= cut <= (last or first)

    return any(fits(text) for text in args["ranges"])


def _stood(name: str) -> Callable[[Args, Person, World], bool]:
    def holds(args: Args, person: Person, world: World) -> bool:
        day, times = {
            "mailed": (person.mailed, person.mails),
            "clicked": (person.clicked, person.clicks),
        }[name]
        return _when(args, "when", day, world) and _in_range(args, times)

    return holds


def _appeal(args: Args, person: Person, _world: World) -> bool:
    refs = person.received if args["what"] == "received" else person.clicked_in
    return args["ref"] in refs


def _share(args: Args, person: Person, _world: World) -> bool:
    digest = hashlib.sha256(args["seed"].encode() + person.ref.bytes).digest()
    place = int.from_bytes(digest[:4], "big")
    first: int = args.get("from", 0)
    last: int = first + args["percent"]
    return first * 2**32 // 100 <= place < last * 2**32 // 100


_KINDS: dict[str, Callable[[Args, Person, World], bool]] = {
    "kind": lambda args, person, _world: person.kind in args["one_of"],
    "language": lambda args, person, _world: person.language in args["one_of"],
    "source": _source,
    "known": lambda args, person, world: _when(args, "when", person.known, world),
    "postcode": _postcode,
    "town": lambda args, person, _world: (
        person.town in {" ".join(town.casefold().split()) for town in args["one_of"]}
    ),
    "country": lambda args, person, _world: person.country in args["one_of"],
    "allowed": _allowed,
    "basis": _basis,
    "tag": lambda args, person, _world: bool(
        person.tags & {" ".join(tag.casefold().split()) for tag in args["one_of"]}
    ),
    "gave": _gave,
    "first_gift": _end(min),
    "last_gift": _end(max),
    "pledge": _pledge,
    "failing": _failing,
    "card_ends": _card_ends,
    "mandate": lambda args, person, _world: any(
        state in args["states"] for one in person.pledges for state, _ends in one.mandates
    ),
    "mailed": _stood("mailed"),
    "clicked": _stood("clicked"),
    "appeal": _appeal,
    "has_email": lambda _args, person, _world: person.has_email,
    "has_address": lambda _args, person, _world: person.has_address,
    "suppressed": lambda _args, person, _world: person.suppressed,
    "share": _share,
}
