"""Money of nobody known, paid to Kammarkollegiet (10 §): its journal, and the line that shows it.

Dr repay Cr giro clearing, once for each hold; the bank's line takes it off the giro clearing. The
line may be chosen at once, or tied when its file has come.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.ledger import services as ledger
from fundraise.ledger.models import Journal
from fundraise.ledger.services import EntryDraft, JournalDraft, post_journals
from fundraise.reconciliation.models import Item, Kind
from fundraise.reporting.party import bank_lines, holding
from fundraise.reporting.party.errors import PartyError, reasoned
from fundraise.reporting.party.models import Hold

CLEARING = "giro_clearing"


def without_line() -> QuerySet[Hold]:
    """Paid over, and no line of the bank shows it yet."""
    paid = Hold.objects.filter(state=Hold.State.AUTHORITY)
    return paid.exclude(bank_lines.shown_by("line"))


@transaction.atomic
def pay_over(refs: Collection[UUID], *, voucher: str, on: date, by: str) -> list[Hold]:
    """Note what was paid, before its line has come. Raises PartyError."""
    shows = reasoned(voucher)
    return [_book(row, shows, on, by, f"hold:{row.ref}") for row in _locked(refs)]


@transaction.atomic
def shown_by_line(refs: Collection[UUID], item: Item, *, by: str) -> list[Hold]:
    """The bank's line shows that they were paid; what was not noted before is booked by it.

    Raises PartyError: not_waiting, line_sum, line_gone.
    """
    rows = _locked(refs)
    ore = -sum(row.amount_ore for row in rows)
    match = bank_lines.decide(item, Kind.AUTHORITY, ore, [row.ref for row in rows], by=by)
    for row in rows:
        if row.state == Hold.State.HELD:
            _book(row, item.bank_ref[:60] or str(item.ref), item.booked_on, by, f"bank:{item.ref}")
        row.line = match
        row.save(update_fields=["line"])
        _log(row, "party.hold.line", by)
    return rows


@transaction.atomic
def take_back(ref: UUID, *, reason: str, by: str) -> Hold:
    """It was not paid after all: it waits again. Raises PartyError."""
    reasoned(reason)
    row = holding.locked(ref, Hold.State.AUTHORITY)
    if not without_line().filter(pk=row.pk).exists():
        raise PartyError("has_line")
    journal = _journals(row).order_by("-pk").select_related("series")[0]
    text = f"Inte betald till Kammarkollegiet {row.ref}"
    post_journals([ledger.reversal_of(journal, event_date=clock.today(), text=text, by=by)])
    row.state, row.closed_at, row.closed_by = Hold.State.HELD, None, ""
    row.voucher, row.line = "", None
    row.save(update_fields=["state", "closed_at", "closed_by", "voucher", "line"])
    _log(row, "party.hold.not_paid_over", by, reason)
    return row


def _locked(refs: Collection[UUID]) -> list[Hold]:
    """Holds of nobody known, of one entity, that wait or whose line waits. Raises PartyError."""
    rows = list(
        Hold.objects.select_for_update(of=("self",))
        .select_related("gift")
        .filter(ref__in=refs, why=Hold.Why.ANONYMOUS)
        .order_by("pk")
    )
    waiting = set(without_line().filter(ref__in=refs).values_list("pk", flat=True))
    good = all(row.state == Hold.State.HELD or row.pk in waiting for row in rows)
    if not rows or len(rows) != len(set(refs)) or not good:
        raise PartyError("not_waiting")
    if len({row.entity_id for row in rows}) > 1:
        raise PartyError("other_entity")
    return rows


def _book(row: Hold, voucher: str, on: date, by: str, document: str) -> Hold:
    """Raises PartyError for one that is booked."""
    if row.state != Hold.State.HELD:
        raise PartyError("not_waiting")
    before = _journals(row).count()  # taken back and paid again: a name of its own
    post_journals(
        [
            JournalDraft(
                entity_id=row.entity_id,
                series="G",
                event_date=on,
                text=f"Anonym gåva till Kammarkollegiet {row.ref}",
                source=f"{_source(row)}:{before + 1}" if before else _source(row),
                by=by,
                document=document,
                entries=[EntryDraft(holding.REPAY, CLEARING, row.amount_ore)],
            )
        ]
    )
    row.voucher = voucher
    return holding.close(row, Hold.State.AUTHORITY, "party.hold.paid_over", by, "")


def _source(row: Hold) -> str:
    return f"hold:{row.ref}:authority"


def _journals(row: Hold) -> QuerySet[Journal]:
    return Journal.objects.filter(entity_id=row.entity_id, source__startswith=_source(row))


def _log(row: Hold, action: str, by: str, reason: str = "") -> None:
    audit.log_change(
        by=by, action=action, subject_type="party_hold", subject_ref=row.ref,
        after={"amount_ore": row.amount_ore, "gift": row.gift.ref}, reason=reason,
    )  # fmt: skip
