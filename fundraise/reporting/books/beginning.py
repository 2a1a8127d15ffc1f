"""Where the books begin here: opening balances, in the series that was exported before.

What an account held before the first day is one journal against the account for opening balances.
The bookkeeping program has it already, so no 4I file ever holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from fundraise import clock
from fundraise.audit import reasons
from fundraise.ledger import entities
from fundraise.ledger import services as ledger
from fundraise.ledger.models import Account, Journal, LegalEntity, Period
from fundraise.ledger.services import BEFORE_START, EntryDraft, JournalDraft
from fundraise.reporting.books.balances import RESULT_FROM
from fundraise.reporting.books.exporting import lock

SOURCE = "opening:"
TEXT = "Ingående balans"


class OpeningError(ValueError):
    """Nothing was booked.

    `code`: empty, twice (opening balances stand already), account (not one of the entity's balance
    accounts), future, closed (the month is closed), none (nothing to undo), comment, personal.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Held:
    """What an account held: debit above zero, credit below."""

    account: int
    ore: int


def opening_of(entity: LegalEntity) -> Journal | None:
    """The opening balances that stand; None before they are entered or when they were undone."""
    rows = Journal.objects.filter(entity=entity, source__startswith=SOURCE, reversed_by=None)
    return rows.order_by("-pk").first()


def accounts_of(entity: LegalEntity) -> list[Account]:
    """The accounts that may have an opening balance, by number."""
    rows = Account.objects.filter(entity=entity, number__lt=RESULT_FROM)
    return list(rows.exclude(role=Account.Role.OPENING).order_by("number"))


@transaction.atomic
def enter_opening(entity: LegalEntity, day: date, held: Sequence[Held], *, by: str) -> Journal:
    """Book what the accounts held at the end of a day; the rest falls on the opening account.

    Raises OpeningError: empty, twice, account, future, closed.
    """
    entity = lock(entity)
    moved = [one for one in held if one.ore]
    _refuse(entity, day, moved)
    number = Journal.objects.filter(entity=entity, source__startswith=SOURCE).count() + 1
    draft = JournalDraft(
        entity_id=entity.pk,
        series=BEFORE_START,
        event_date=day,
        text=TEXT,
        source=f"{SOURCE}{number}",
        by=by,
        entries=[_entry(one) for one in moved],
    )
    after = {"day": day, "accounts": len(moved)}
    entities.log_change(by, "books.opening.entered", entity, after)
    return Journal.objects.get(pk=ledger.post_journals([draft])[0].id)


def _refuse(entity: LegalEntity, day: date, moved: Sequence[Held]) -> None:
    known = {account.number for account in accounts_of(entity)}
    month = Period.objects.filter(entity=entity, first_day=day.replace(day=1))
    if not moved:
        raise OpeningError("empty")
    if opening_of(entity) is not None:
        raise OpeningError("twice")
    if not {one.account for one in moved} <= known:
        raise OpeningError("account")
    if day > clock.today():
        raise OpeningError("future")
    if month.exclude(state=Period.State.OPEN).exists():
        raise OpeningError("closed")


def _entry(one: Held) -> EntryDraft:
    account, opening = str(one.account), str(Account.Role.OPENING)
    if one.ore > 0:
        return EntryDraft(account, opening, one.ore)
    return EntryDraft(opening, account, -one.ore)


@transaction.atomic
def undo_opening(entity: LegalEntity, *, by: str, why: str) -> Journal:
    """Take opening balances back by a linked reversal, so that they can be entered anew.

    Raises OpeningError: none, comment, personal.
    """
    if not why.strip():
        raise OpeningError("comment")
    if reasons.tell_of_a_person(why):
        raise OpeningError("personal")
    entity = lock(entity)
    stands = opening_of(entity)
    if stands is None:
        raise OpeningError("none")
    draft = ledger.reversal_of(
        stands, event_date=stands.accounting_date, text=f"{TEXT}, rättad", by=by
    )
    after = {"day": stands.accounting_date}
    entities.log_change(by, "books.opening.undone", entity, after, why)
    return Journal.objects.get(pk=ledger.post_journals([draft])[0].id)
