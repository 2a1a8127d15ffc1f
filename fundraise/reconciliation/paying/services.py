"""The doors of payment lists: made, fetched, sent, cancelled. The bank's lines book the rows;
what the bank refuses is another door (refusing.py)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from fundraise import bankdays, clock, crypto
from fundraise.audit import services as audit
from fundraise.gifts.models import Refund
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation.models import AccountNumber, BankAccount, PaymentList, PaymentRow
from fundraise.reconciliation.paying import debts, pain001, payees
from fundraise.reconciliation.paying.pain001 import Payee, Transfer
from fundraise.refs import new_ref

State, Kind = PaymentList.State, PaymentList.Kind
MOST = 1000


class PayingError(ValueError):
    """It can't be done; nothing was changed.

    Codes: nothing (no row), on_a_list (on another list already), no_iban (our account has none),
    no_account (the other entity has none), ended (sent or cancelled before), not_at_bank (it is
    not at the bank), paid (a line of the bank shows it), why, personal, asked_already.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Row:
    amount_ore: int
    end_to_end: str
    payee: Payee | None
    text: str
    refund: Refund | None = None
    to_entity_id: int | None = None


def waiting(entities: Collection[int]) -> QuerySet[Refund]:
    """Refunds that no provider sends: agreed to, sent by hand, and on no list yet."""
    rows = Refund.objects.filter(
        gift__entity__in=entities, state=Refund.State.SENT, provider_ref=None
    )
    listed = PaymentRow.objects.filter(is_live=True, refund__isnull=False)
    free = rows.exclude(pk__in=listed.values("refund_id"))
    return free.select_related("gift__campaign").order_by("created_at", "pk")


def make_refunds(account: BankAccount, refs: Sequence[object], *, by: str) -> PaymentList:
    """A list of these refunds. Raises PayingError: nothing, on_a_list, no_iban."""
    chosen = waiting([account.entity_id]).filter(ref__in=list(refs))[:MOST]
    rows = [
        _Row(
            refund.amount_ore,
            refund.ref.hex,  # what the bank's line is recognised by
            payees.of_refund(refund),
            f"Återbetalning {refund.gift.ref.hex[:8]}",
            refund=refund,
        )
        for refund in chosen
    ]
    return _make(account, Kind.REFUNDS, rows, by)


def make_settlement(account: BankAccount, *, by: str) -> PaymentList:
    """What the account's entity owes others, one row each, paid by the month.

    Raises PayingError: nothing, no_iban, no_account.
    """
    rows = []
    with transaction.atomic():
        # One settlement of an entity at a time, from whichever of its accounts: two presses of the
        # button make one list.
        LegalEntity.objects.select_for_update(no_key=True).get(pk=account.entity_id)
        for debt in debts.debts({account.entity_id}):
            if debt.debtor.pk != account.entity_id or debt.left_ore <= 0:
                continue
            payee = payees.of_entity(debt.creditor)
            if payee is None:
                raise PayingError("no_account")
            name = f"S{new_ref().hex}"
            rows.append(
                _Row(debt.left_ore, name, payee, "Avräkning av gåvor", None, debt.creditor.pk)
            )
        return _make(account, Kind.SETTLEMENT, rows, by)


@transaction.atomic
def _make(account: BankAccount, kind: str, rows: Sequence[_Row], by: str) -> PaymentList:
    if not rows:
        raise PayingError("nothing")
    ref, now = new_ref(), clock.now()
    pay_on = bankdays.on_or_after(clock.local_date(now))
    content = _file(account, f"F{ref.hex}", pay_on, rows)
    made = PaymentList.objects.create(
        ref=ref,
        account=account,
        kind=kind,
        pay_on=pay_on,
        count=len(rows),
        sum_ore=sum(row.amount_ore for row in rows),
        sealed=crypto.seal(content, context=f"payment-list:{ref}"),
        sha256=hashlib.sha256(content).digest(),
        made_at=now,
        made_by=by[:60],
    )
    try:
        with transaction.atomic():
            PaymentRow.objects.bulk_create(_kept(made, row) for row in rows)
    except IntegrityError:
        raise PayingError("on_a_list") from None
    _log(made, "payment_list.made", by)
    return made


def _kept(made: PaymentList, row: _Row) -> PaymentRow:
    return PaymentRow(
        list=made,
        refund=row.refund,
        to_entity_id=row.to_entity_id,
        amount_ore=row.amount_ore,
        end_to_end=row.end_to_end,
        in_file=row.payee is not None,
    )


def _file(account: BankAccount, name: str, pay_on: date, rows: Sequence[_Row]) -> bytes:
    """The pain.001; empty when no row has an account."""
    transfers = [
        Transfer(row.end_to_end, row.amount_ore, row.payee, row.text)
        for row in rows
        if row.payee is not None
    ]
    if not transfers:
        return b""
    own = AccountNumber.objects.filter(account=account, kind="iban").first()
    if own is None:
        raise PayingError("no_iban")
    return pain001.write(
        pain001.Order(
            message_id=name,
            made_at=clock.now().astimezone(clock.STOCKHOLM),
            pay_on=pay_on,
            payer_name=account.entity.name,
            payer_iban=own.number,
            transfers=transfers,
        )
    )


def content_of(made: PaymentList, *, by: str) -> bytes:
    """The file as it was made, the same each time; the log says who fetched it."""
    plain = crypto.unseal(bytes(made.sealed), context=f"payment-list:{made.ref}")
    _log(made, "payment_list.fetched", by)
    return plain


@transaction.atomic
def mark_sent(list_id: int, *, by: str) -> PaymentList:
    """It is at the bank, whose lines will book its rows. Raises PayingError: ended."""
    return _end(list_id, State.SENT, by, "payment_list.sent")


@transaction.atomic
def cancel(list_id: int, *, by: str) -> PaymentList:
    """It never went to the bank: its rows may go on another list. Raises PayingError: ended."""
    made = _end(list_id, State.CANCELLED, by, "payment_list.cancelled")
    made.rows.update(is_live=False)
    return made


def _end(list_id: int, state: str, by: str, action: str) -> PaymentList:
    made = PaymentList.objects.select_for_update(no_key=True).get(pk=list_id)
    if made.state != State.MADE:
        raise PayingError("ended")
    made.state, made.ended_at, made.ended_by = state, clock.now(), by[:60]
    made.save(update_fields=["state", "ended_at", "ended_by"])
    _log(made, action, by)
    return made


def _log(made: PaymentList, action: str, by: str) -> None:
    audit.log_change(
        by=by,
        action=action,
        subject_type="payment_list",
        subject_ref=made.ref,
        after={"kind": made.kind, "count": made.count, "amount_ore": made.sum_ore},
    )
