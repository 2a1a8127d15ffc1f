"""The merge fields: what each means, where it may stand, and whether it always has words.

A mail's subject is read by every server on the way and kept in senders' logs, so nothing about a
person may stand in it, not even the first name; only what is the same for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

LADDERS = {"ask": "last", "top": "largest", "month": "monthly"}
STEPS = (1, 2, 3)


class Place(Enum):
    """Where a field can stand."""

    SUBJECT = "subject"
    PREHEADER = "preheader"
    BODY = "body"
    TEXT_LINK = "text_link"  # the address of an ask in the plain text


class Kind(Enum):
    """What a field tells of. Giving and asks are filled for whom we may target only."""

    PERSON = "person"
    GIVING = "giving"
    ASK = "ask"
    CAMPAIGN = "campaign"
    HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Field:
    """One merge field. `always`: it has words for everybody and needs no fallback."""

    name: str
    kind: Kind
    always: bool = False
    typed: bool = False  # the words were typed by somebody: escaped in HTML
    places: frozenset[Place] = frozenset({Place.PREHEADER, Place.BODY})


_EVERYWHERE = frozenset({Place.SUBJECT, Place.PREHEADER, Place.BODY})
_LINK = frozenset({Place.TEXT_LINK})


def _all() -> dict[str, Field]:
    person = [Field(name, Kind.PERSON, typed=True) for name in PERSON]
    giving = [Field(name, Kind.GIVING) for name in GIVING]
    asks = [Field(f"{one}{step}", Kind.ASK, always=True) for one in LADDERS for step in STEPS]
    sums = [Field(f"{one.name}_kr", Kind.ASK, always=True, places=_LINK) for one in asks]
    sums += [Field(name, Kind.ASK, always=True, places=_LINK) for name in RAISE_KEYS]
    campaign = [Field(name, Kind.CAMPAIGN, always=True) for name in CAMPAIGN]
    campaign.append(Field("givers", Kind.CAMPAIGN))  # so few may be that the number names them
    house = [Field(name, Kind.HOUSE, always=True, places=_EVERYWHERE) for name in HOUSE]
    every = [*person, *giving, *asks, *sums, *campaign, *house]
    return {one.name: one for one in every}


PERSON = ("greeting", "first_name", "full_name", "town")
GIVING = ("last_sum", "last_date", "largest_sum", "gift_count", "monthly_sum", "raise_sum")
# What a link carries that raises a monthly gift: to the sum of `raise_sum`, or of a rung.
RAISE_KEYS = ("raise0", "raise1", "raise2", "raise3")
CAMPAIGN = ("raised", "goal", "percent", "standing")
HOUSE = ("campaign", "organisation")
FIELDS = _all()


def allowed(place: Place) -> list[Field]:
    """The fields that may stand in a place, in the order of the menu."""
    return [one for one in FIELDS.values() if place in one.places]
