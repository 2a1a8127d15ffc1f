"""A part of a list is written: new donors and what known ones lacked, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from donors import locks
from donors.importing.planning import Entry, House, Plan
from donors.importing.rows import Row
from donors.importing.world import World, entry_of
from donors.models import ImportRow
from donors.services.additions import add_to_donors
from donors.services.bulk import register_donors
from donors.values import Addition, NewBasis, NewDonor, PostalAddress


@dataclass(frozen=True, slots=True)
class Written:
    """A row, what was planned for it, and whose it is."""

    entry: Entry
    plan: Plan
    donor_id: int | None


def write(rows: Sequence[Row], house: House, *, source: str, by: str) -> list[ImportRow]:
    """Write the rows and say what became of each, in order; rows of no run yet.

    In the caller's transaction. The lock on imports comes first, then the addresses, then the
    donors; so what is planned still holds when it is written.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a list is written in a transaction")
    locks.lock_imports()
    locks.lock_givers(row.email for row in rows if row.email)
    waiting, outcomes = [entry_of(row) for row in rows], []
    while waiting:
        world = World(house)
        world.load(waiting, lock=True)
        some = _some(world, waiting)
        waiting = waiting[len(some) :]
        outcomes += _write(some, house, source=source, by=by)
    return outcomes


def _some(world: World, waiting: Sequence[Entry]) -> list[Written]:
    """The rows up to one that adds to a donor whom a row before it makes or adds to."""
    some: list[Written] = []
    touched: set[int | None] = set()
    for entry in waiting:
        planned = world.plan(entry)
        if planned.outcome == "added" and planned.donor_id in touched:
            break
        donor_id = world.expect(entry, planned)
        if planned.outcome in {"created", "added"}:
            touched.add(donor_id)
        some.append(Written(entry, planned, donor_id))
    return some


def _write(some: Sequence[Written], house: House, *, source: str, by: str) -> list[ImportRow]:
    fresh = [one for one in some if one.plan.outcome == "created"]
    more = [one for one in some if one.plan.outcome == "added"]
    made: dict[int | None, int | None] = {}
    if fresh:
        new = [_new_donor(one, house) for one in fresh]
        donors = register_donors(new=new, source=source, by=by)
        made = {one.donor_id: donor.pk for one, donor in zip(fresh, donors, strict=True)}
    if more:
        additions = [_addition(one, house) for one in more]
        add_to_donors(additions=additions, source=source, by=by)
    return [outcome_of(one.entry.row, one.plan, made.get(one.donor_id, one.donor_id))
            for one in some]  # fmt: skip


def outcome_of(row: Row, planned: Plan, donor_id: int | None) -> ImportRow:
    """What became of a row, to be kept."""
    return ImportRow(
        line=row.line,
        outcome=planned.outcome,
        code=planned.code,
        field=planned.field,
        donor_id=donor_id if donor_id is None or donor_id > 0 else None,
    )


def _new_donor(one: Written, house: House) -> NewDonor:
    row = one.entry.row
    return NewDonor(
        name=row.name,
        language=row.language,
        email=row.email,
        phone=row.phones[0] if row.phones else "",
        more_phones=row.phones[1:],
        postal=row.postal,
        bases=_bases(one, house),
        tags=row.tags,
    )


def _addition(one: Written, house: House) -> Addition:
    values = _values(one.entry.row)
    return Addition(
        donor_id=one.donor_id or 0,
        contacts=tuple(values[at] for at in one.plan.contacts),
        bases=_bases(one, house),
        tags=tuple(one.entry.row.tags[at] for at in one.plan.tags),
    )


def _values(row: Row) -> list[tuple[str, str | PostalAddress]]:
    """Kind and value of each contact, in the order of Entry.contacts()."""
    found: list[tuple[str, str | PostalAddress]] = []
    if row.email:
        found.append(("email", row.email))
    found += [("phone", phone) for phone in row.phones]
    if row.postal:
        found.append(("postal", row.postal))
    return found


def _bases(one: Written, house: House) -> tuple[NewBasis, ...]:
    ground = one.entry.row.ground
    if ground is None:
        return ()
    return tuple(
        NewBasis(
            purpose=purpose,
            basis=ground.basis,
            source=ground.source,
            on=ground.on,
            wording_id=house.wording(purpose, ground.on),
            proof=ground.proof,
        )
        for purpose in one.plan.purposes
    )
