"""The donors that a part of a list may mean, by the keyed hashes of what it holds. Opens nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings

from donors import lookup, normalise
from donors.importing.planning import REGISTER, Entry, Hashes, House, Known, Plan, plan
from donors.importing.rows import Row
from donors.importing.terms import Terms
from donors.models import (
    ConsentWording,
    ContactPoint,
    Donor,
    DonorTag,
    ForgottenAddress,
    LegalBasis,
)
from fundraise import clock

Place = tuple[str, bytes]


def house_of(terms: Terms) -> House:
    """What the settings and the published words allow, with the list's own choices."""
    wordings: dict[str, list[tuple[date, int]]] = defaultdict(list)
    rows = ConsentWording.objects.order_by("version")
    for purpose, day, key in rows.values_list("purpose", "from_date", "pk"):
        wordings[purpose].append((day, key))
    enough = settings.LEGAL_BASES.get(REGISTER, ["consent"])
    return House(enough, wordings, appeals=terms.appeals, shared=terms.shared)


def entry_of(row: Row) -> Entry:
    """The row with the hashes that it is looked up by, under every known key."""
    return Entry(
        row=row,
        names=tuple(lookup.name_hashes(row.name.full)),
        email=_hashes("email", row.email) if row.email else (),
        phones=tuple(_hashes("phone", phone) for phone in row.phones),
        postal=tuple(lookup.contact_hashes("postal", row.postal)) if row.postal else (),
        tags=tuple(normalise.name_key(label) for label in row.tags),
    )


def _hashes(kind: str, value: str) -> Hashes:
    return tuple(lookup.contact_hashes(kind, value))


class World:
    """Who is known, and who will be when the rows so far are written."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._known: dict[int, Known] = {}
        self._by_contact: dict[Place, set[int]] = defaultdict(set)
        self._forgotten: set[bytes] = set()
        self._next = -1

    def load(self, entries: Sequence[Entry], *, lock: bool = False) -> None:
        """Read the donors that share a contact value with these rows, and lock them if asked."""
        places = {
            (kind, value)
            for entry in entries
            for kind, hashes in entry.contacts()
            for value in hashes
        }
        ids = _donors_with(places) - self._known.keys()
        if lock:
            locked = Donor.objects.select_for_update(no_key=True).filter(pk__in=ids)
            ids = set(locked.order_by("pk").values_list("pk", flat=True))
        for known in _read(ids):
            self._add(known)
        emails = [value for kind, value in places if kind == "email"]
        gone = ForgottenAddress.objects.filter(value_hash__in=emails)
        self._forgotten |= {bytes(value) for value in gone.values_list("value_hash", flat=True)}

    def plan(self, entry: Entry) -> Plan:
        """What becomes of the row."""
        same_email = self._with([("email", value) for value in entry.email])
        reach = [("phone", value) for hashes in entry.phones for value in hashes]
        same_reach = self._with([*reach, *(("postal", value) for value in entry.postal)])
        forgotten = any(value in self._forgotten for value in entry.email)
        return plan(entry, same_email, same_reach, self.house, forgotten=forgotten)

    def expect(self, entry: Entry, planned: Plan) -> int | None:
        """From here on the row counts as written; the donor's id, below zero for one to be made."""
        if planned.outcome == "created":
            known = Known(self._next, "active", entry.names[0])
            self._next -= 1
        elif planned.outcome == "added" and planned.donor_id is not None:
            known = self._known[planned.donor_id]
        else:
            return planned.donor_id
        contacts = entry.contacts()
        known.contacts |= {
            (contacts[at][0], value) for at in planned.contacts for value in contacts[at][1]
        }
        known.tags |= {entry.tags[at] for at in planned.tags}
        if entry.row.ground is not None:
            known.active |= {(purpose, entry.row.ground.basis) for purpose in planned.purposes}
        self._add(known)
        return known.id

    def _add(self, known: Known) -> None:
        self._known[known.id] = known
        for place in known.contacts:
            self._by_contact[place].add(known.id)

    def _with(self, places: Iterable[Place]) -> list[Known]:
        ids = {donor_id for place in places for donor_id in self._by_contact.get(place, ())}
        return [self._known[donor_id] for donor_id in sorted(ids)]


def _donors_with(places: set[Place]) -> set[int]:
    by_kind: dict[str, list[bytes]] = defaultdict(list)
    for kind, value in places:
        by_kind[kind].append(value)
    found: set[int] = set()
    for kind, values in by_kind.items():
        points = ContactPoint.objects.filter(kind=kind, value_hash__in=values)
        found.update(points.values_list("donor_id", flat=True))
    return found


def _read(ids: set[int]) -> Iterable[Known]:
    """Status, hashes, bases and tags of these donors; the forgotten have none and are left out."""
    rows = Donor.objects.filter(pk__in=ids).exclude(status=Donor.Status.ERASED)
    known = {
        pk: Known(pk, status, bytes(name or b""))
        for pk, status, name in rows.values_list("pk", "status", "name_hash")
    }
    points = ContactPoint.objects.filter(donor_id__in=known)
    for donor_id, kind, value in points.values_list("donor_id", "kind", "value_hash"):
        known[donor_id].contacts.add((kind, bytes(value)))
    tags = DonorTag.objects.filter(donor_id__in=known)
    for donor_id, key in tags.values_list("donor_id", "tag__key"):
        known[donor_id].tags.add(key)
    for basis in LegalBasis.objects.filter(donor_id__in=known).order_by("pk"):
        _read_basis(known[basis.donor_id], basis)
    for one in known.values():
        one.refused -= {purpose for purpose, basis in one.active if basis == "consent"}
    return known.values()


def _read_basis(known: Known, row: LegalBasis) -> None:
    """A refusal stands until a consent that came after it; that one is the active one then."""
    held = (row.purpose, row.basis)
    if row.withdrawn_at or row.objection_at:
        known.refused.add(row.purpose)
    elif row.ended_at:
        known.ended[held] = clock.local_date(row.ended_at)
    else:
        known.active.add(held)
