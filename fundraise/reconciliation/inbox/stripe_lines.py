"""What a report tells of single balance lines: refunds and disputes as if Stripe had told of them.

A refund or dispute whose charge the books don't have lies in suspense and in the exceptions; it is
looked at again when a later report, or the API, has told of the charge.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from fundraise.gifts.models import Dispute, Refund
from fundraise.providers import balance, settle, unplaced
from fundraise.providers.facts import DisputeFact, Fact, LineSeen, RefundFact
from fundraise.providers.models import Account, BalanceLine
from fundraise.reconciliation import exceptions
from fundraise.reconciliation.models import QueueItem

Code = QueueItem.Code
SUBJECT = "stripe:"
BACK = balance.REFUNDS | balance.DISPUTES
KNOWN = balance.CHARGES | BACK | balance.PAYOUTS | balance.FEES


def book_back(account: Account, line: LineSeen, charge: str, intent: str) -> None:
    """A refund or dispute line that is new: on its gift, with its charge, or in suspense."""
    if _is_placed(account, line, charge, intent):
        return
    unplaced.book(account, [line])
    _tell(account, Code.RETURNED, line, {"charge": charge, "intent": intent})


def _is_placed(account: Account, line: LineSeen, charge: str, intent: str) -> bool:
    """Booked as if Stripe had told of it. False when the books don't have what it is of."""
    undoes = line.kind in balance.REFUNDS and line.amount_ore > 0
    if not line.source_ref or (undoes and not _left(line.source_ref)):
        return False
    try:
        with transaction.atomic():
            settle.apply(account, [_fact(line, charge, intent)])
    except (LookupError, IntegrityError):  # no such charge, or a gift whose money has not come
        return False
    return True


def _left(refund_ref: str) -> bool:
    """Whether a refund that came back has left before."""
    return Refund.objects.filter(provider_ref=refund_ref, state=Refund.State.SETTLED).exists()


def tell_of_unknown(account: Account, lines: Sequence[LineSeen]) -> None:
    """Lines of kinds that no rule knows lie in suspense: somebody looks them up."""
    for line in lines:
        if line.kind not in KNOWN:
            _tell(account, Code.UNKNOWN_CATEGORY, line, {})


def _tell(account: Account, code: str, line: LineSeen, more: dict[str, str]) -> None:
    exceptions.open_(
        code,
        f"{SUBJECT}{line.ref}",
        entity_id=account.entity_id,
        amount_ore=line.amount_ore,
        facts={"line": line.ref, "kind": line.kind, **more},
    )


def look_again(account: Account) -> int:
    """Those of an account whose charge is known by now leave suspense. Returns how many."""
    waiting = QueueItem.objects.filter(
        code=Code.RETURNED, state="open", entity=account.entity_id, subject__startswith=SUBJECT
    )
    left_first = waiting.order_by("amount_ore", "pk")  # what came back undoes what left
    return sum(_again(account, row) for row in left_first)


def look_again_everywhere() -> int:
    """The same of every account."""
    return sum(look_again(account) for account in Account.objects.filter(provider="stripe"))


def _again(account: Account, row: QueueItem) -> bool:
    kept = BalanceLine.objects.filter(account=account, provider_ref=row.facts["line"]).first()
    if kept is None:
        return False
    line = LineSeen(
        kept.provider_ref, kept.kind, kept.amount_ore, kept.fee_ore, kept.source_id, kept.created_at
    )
    placed = _is_placed(account, line, row.facts["charge"], row.facts["intent"])
    if placed:
        exceptions.solved(Code.RETURNED, [row.subject])
    return placed


def _fact(line: LineSeen, charge: str, intent: str) -> Fact:
    if line.kind in balance.REFUNDS:
        failed = line.amount_ore > 0
        return RefundFact(
            line.source_ref, charge, intent, None, None, abs(line.amount_ore), line.at, failed,
            "returned" if failed else "", line.at if failed else None, lines=(line,),
        )  # fmt: skip
    known = Dispute.objects.filter(provider_ref=line.source_ref).first()
    return DisputeFact(
        line.source_ref, charge, intent,
        known.amount_ore if known else abs(line.amount_ore),
        "won" if line.amount_ore > 0 else "open",
        known.reason if known else "", line.at, known.due_at if known else None, (line,),
    )  # fmt: skip
