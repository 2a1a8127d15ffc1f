"""What a row of a list would do to the donors who are known. Plain Python.

A known donor is only added to: nothing is overwritten, no refusal lifted, nobody brought back. Who
a row is, `donors.matching` says by the e-mail address; without one that is known, a whole name
together with the phone number or the postal address. A name alone is never enough.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from donors.importing.rows import Ground, Row
from donors.matching import Candidate, choose

MEMBER_PURPOSES = ("register", "appeals")
REGISTER = "register"
CONSENT = "consent"
# A contact value under every look-up key: one hash is enough to know it by.
Hashes = tuple[bytes, ...]
Held = tuple[str, str]  # (purpose, basis)


@dataclass(slots=True)
class Known:
    """A donor as far as a list is concerned: hashes, bases, tags; no name and no address."""

    id: int
    status: str
    name: bytes = field(repr=False)
    contacts: set[tuple[str, bytes]] = field(default_factory=set, repr=False)
    active: set[Held] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    ended: dict[Held, date] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)

    def has(self, kind: str, hashes: Hashes) -> bool:
        return any((kind, value) in self.contacts for value in hashes)

    def has_kind(self, kind: str) -> bool:
        return any(found == kind for found, _value in self.contacts)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with the hashes of what it holds, and the keys of its tags."""

    row: Row
    names: Hashes = field(repr=False)
    email: Hashes = field(default=(), repr=False)
    phones: tuple[Hashes, ...] = field(default=(), repr=False)
    postal: Hashes = field(default=(), repr=False)
    tags: tuple[str, ...] = field(default=(), repr=False)

    def contacts(self) -> list[tuple[str, Hashes]]:
        """Kind and hashes of each contact value."""
        found = [("email", self.email), *(("phone", phone) for phone in self.phones)]
        return [(kind, hashes) for kind, hashes in [*found, ("postal", self.postal)] if hashes]


@dataclass(frozen=True, slots=True)
class House:
    """What the house allows: which bases carry the register, and the words of consent by day."""

    enough: Collection[str]
    wordings: Mapping[str, Sequence[tuple[date, int]]]
    appeals: bool = False
    shared: bool = False

    def wording(self, purpose: str, on: date) -> int | None:
        """The id of the words in force on a day."""
        found = [key for day, key in self.wordings.get(purpose, ()) if day <= on]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with a row. For a known donor `missing` holds indexes and purposes."""

    outcome: str
    code: str = ""
    field: str = ""
    donor_id: int | None = None
    contacts: tuple[int, ...] = ()  # indexes into Entry.contacts()
    purposes: tuple[str, ...] = ()
    tags: tuple[int, ...] = ()  # indexes into Entry.tags


def purposes_of(ground: Ground | None, house: House) -> tuple[str, ...]:
    """What the basis is for."""
    if ground is None:
        return ()
    if ground.basis == "regular_contact":
        return (REGISTER,)
    if ground.basis == CONSENT:
        return MEMBER_PURPOSES if house.appeals else (REGISTER,)
    return MEMBER_PURPOSES


def plan(
    entry: Entry, same_email: Sequence[Known], same_reach: Sequence[Known], house: House,
    *, forgotten: bool = False,
) -> Plan:  # fmt: skip
    """What becomes of a row, given who has its address and who has its phone or postal address."""
    fault = _fault_of(entry.row.ground, house)
    if fault is not None:
        return fault
    found = _who(entry, same_email, same_reach, house)
    if isinstance(found, Plan):
        return found
    if found is not None:
        return _additions(entry, found, house)
    if not entry.contacts():
        return Plan("error", "unreachable", "email")
    if forgotten:
        return Plan("person", "forgotten", "email")
    if entry.row.ground is None:
        return Plan("error", "basis_missing", "basis")
    every = range(len(entry.contacts()))
    purposes = purposes_of(entry.row.ground, house)
    return Plan("created", contacts=tuple(every), purposes=purposes,
                tags=tuple(range(len(entry.tags))))  # fmt: skip


def _fault_of(ground: Ground | None, house: House) -> Plan | None:
    if ground is None:
        return None
    if ground.basis not in house.enough:
        return Plan("error", "basis_not_enough", "basis")
    if ground.basis == CONSENT:
        for purpose in purposes_of(ground, house):
            if house.wording(purpose, ground.on) is None:
                return Plan("error", "no_wording", "basis_on")
    return None


def _who(
    entry: Entry, same_email: Sequence[Known], same_reach: Sequence[Known], house: House
) -> Known | Plan | None:
    """The donor that the row is; a Plan when a person has to say; None for nobody known."""
    if not same_email:
        return _by_name_and_reach(entry, same_reach)
    named = [known for known in same_email if known.name in entry.names]
    if not named and house.shared:
        return _beside(same_email)
    match = choose([Candidate(known.id, known.name in entry.names) for known in same_email])
    if match.outcome != "one":
        return Plan("person", "several_with_address", "email")
    if not match.same_name:
        return Plan("person", "other_name", "name", donor_id=match.donor_id)
    return named[0]


def _beside(same_email: Sequence[Known]) -> Plan | None:
    """Another person at a known address, unless somebody there has said no.

    A nickname of theirs would bring mail to who refused it: a person has to say who it is.
    """
    refused = next((known for known in same_email if known.refused), None)
    return Plan("person", "refused_address", "email", donor_id=refused.id) if refused else None


def _by_name_and_reach(entry: Entry, same_reach: Sequence[Known]) -> Known | Plan | None:
    named = [known for known in same_reach if known.name in entry.names]
    if len(named) > 1:
        return Plan("person", "several_with_name", "name")
    if not named:
        return None
    if entry.email and named[0].has_kind("email"):
        return Plan("person", "other_email", "email", donor_id=named[0].id)
    return named[0]


def _additions(entry: Entry, known: Known, house: House) -> Plan:
    """What the donor lacks of the row."""
    if known.status != "active":
        return Plan("person", "restricted", donor_id=known.id)
    if REGISTER in known.refused:
        return Plan("person", "refused", donor_id=known.id)
    contacts = tuple(
        place for place, (kind, hashes) in enumerate(entry.contacts())
        if not known.has(kind, hashes)
    )  # fmt: skip
    purposes = tuple(
        purpose
        for purpose in purposes_of(entry.row.ground, house)
        if entry.row.ground is not None and _is_new(entry.row.ground, purpose, known)
    )
    tags = tuple(place for place, key in enumerate(entry.tags) if key not in known.tags)
    outcome = "added" if contacts or purposes or tags else "unchanged"
    return Plan(outcome, donor_id=known.id, contacts=contacts, purposes=purposes, tags=tags)


def _is_new(ground: Ground, purpose: str, known: Known) -> bool:
    """Whether the basis adds something: not held, not refused, not older than its own end."""
    held = (purpose, ground.basis)
    if purpose in known.refused or held in known.active:
        return False
    ended = known.ended.get(held)
    return ended is None or ground.on > ended
