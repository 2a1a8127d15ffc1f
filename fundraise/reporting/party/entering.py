"""The doors of what a person enters: sums that live elsewhere, gifts in kind, a year's facts.

Nothing entered is changed: it is withdrawn and entered anew, and both stay to be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Model

from donors.models import Donor
from fundraise import clock
from fundraise.audit import services as audit
from fundraise.ledger import entities
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.party.errors import PartyError, names_nobody
from fundraise.reporting.party.models import GiftInKind, TypedSum, WithinParty, YearFacts


@dataclass(frozen=True, slots=True)
class SumTyped:
    """A sum of a year: its line, where it stands, and what shows it."""

    entity: LegalEntity
    year: int
    line: str
    amount_ore: int
    source: str
    voucher: str
    in_books: bool = False
    what: str = ""
    tickets: int | None = None
    ticket_price_ore: int | None = None


@transaction.atomic
def enter_sum(typed: SumTyped, *, by: str) -> TypedSum:
    """Keep a sum. Raises PartyError("personal"), django.db.IntegrityError for a missing part."""
    names_nobody(typed.source, typed.voucher, typed.what)
    row = TypedSum.objects.create(
        entity=typed.entity,
        year=typed.year,
        line=typed.line,
        amount_ore=typed.amount_ore,
        source=typed.source,
        voucher=typed.voucher,
        in_books=typed.in_books,
        what=typed.what,
        tickets=typed.tickets,
        ticket_price_ore=typed.ticket_price_ore,
        entered_by=by,
        entered_at=clock.now(),
    )
    after = {"line": typed.line, "year": typed.year, "amount_ore": typed.amount_ore}
    _log(by, "party.sum.entered", row, after)
    return row


@transaction.atomic
def withdraw_sum(row: TypedSum, *, by: str) -> bool:
    """Leave a sum out from now on. False when it was left out before."""
    if not _withdrawn(TypedSum, row.pk, by):
        return False
    _log(by, "party.sum.withdrawn", row, {"line": row.line, "year": row.year})
    return True


@dataclass(frozen=True, slots=True)
class InKind:
    """Goods or a service at its true value; `donor` None when nobody known gave it."""

    entity: LegalEntity
    given_on: date
    form: str
    value_ore: int
    description: str
    donor: Donor | None = None
    voucher: str = ""


@transaction.atomic
def enter_in_kind(given: InKind, *, by: str) -> GiftInKind:
    """Keep a gift in kind. Raises PartyError: day_ahead, personal."""
    if given.given_on > clock.today():
        raise PartyError("day_ahead")
    names_nobody(given.description, given.voucher)
    row = GiftInKind.objects.create(
        entity=given.entity,
        given_on=given.given_on,
        donor=given.donor,
        form=given.form,
        value_ore=given.value_ore,
        description=given.description,
        voucher=given.voucher,
        entered_by=by,
        entered_at=clock.now(),
    )
    _log(by, "party.in_kind.entered", row, {"form": given.form, "amount_ore": given.value_ore})
    return row


@transaction.atomic
def withdraw_in_kind(row: GiftInKind, *, by: str) -> bool:
    """Leave a gift in kind out from now on. False when it was left out before."""
    if not _withdrawn(GiftInKind, row.pk, by):
        return False
    _log(by, "party.in_kind.withdrawn", row, {"form": row.form})
    return True


def _withdrawn(model: type[TypedSum | GiftInKind], pk: int, by: str) -> bool:
    rows = model.objects.filter(pk=pk, withdrawn_at=None)
    return bool(rows.update(withdrawn_by=by, withdrawn_at=clock.now()))


@transaction.atomic
def mark_within(donor: Donor, *, within: bool, by: str) -> bool:
    """Say that an organisation is of the party, or is not. False when that was known.

    Raises PartyError("wrong_donor") for a person.
    """
    if donor.kind != Donor.Kind.ORGANISATION:
        raise PartyError("wrong_donor")
    if within:
        values = {"marked_by": by, "marked_at": clock.now()}
        _row, changed = WithinParty.objects.get_or_create(donor=donor, defaults=values)
    else:
        changed = bool(WithinParty.objects.filter(donor=donor).delete()[0])
    if changed:
        audit.log_change(
            by=by, action="party.within.marked", subject_type="donor", subject_ref=donor.ref,
            after={"within": within},
        )  # fmt: skip
    return changed


@transaction.atomic
def set_year(
    entity: LegalEntity, year: int, *, always_files: bool, members: int, by: str
) -> YearFacts:
    """What 25 § asks of an entity in a year."""
    row, _new = YearFacts.objects.update_or_create(
        entity=entity,
        year=year,
        defaults={
            "always_files": always_files,
            "members": members,
            "changed_by": by,
            "changed_at": clock.now(),
        },
    )
    after = {"year": year, "always_files": always_files, "members": members}
    entities.log_change(by, "party.year.set", entity, after)
    return row


def _log(by: str, action: str, row: Model, after: dict[str, object]) -> None:
    kind = row._meta.model_name or ""
    ref = row.ref  # type: ignore[attr-defined]
    audit.log_change(
        by=by, action=action, subject_type=f"party_{kind}", subject_ref=ref, after=after
    )
