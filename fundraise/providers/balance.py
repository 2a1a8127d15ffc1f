"""A provider's balance in our books: lines, fees, payouts, and money that we can't place.

Account 1580 follows the provider's balance line by line: a gift's amount is booked when the money
is seen, its fee when the line is there; payouts, fees of the account and everything else by their
line. What no rule knows goes to suspense with an alarm, so that the balances still agree.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q

from fundraise import clock
from fundraise.gifts import services as gifts
from fundraise.gifts.booking import Movement
from fundraise.gifts.models import Dispute, Gift, Refund
from fundraise.jobs import services as jobs
from fundraise.ledger.queries import is_booked
from fundraise.ledger.services import EntryDraft, JournalDraft, post_journals
from fundraise.providers.facts import BalanceSeen, LineSeen, MoneySeen, PayoutFact
from fundraise.providers.models import Account, BalanceLine, BalanceSnapshot, Payout

UNPLACED = "provider-money-unplaced"
SNAPSHOT_KEPT = timedelta(days=400)

CHARGES = {"charge", "payment"}
REFUNDS = {"refund", "payment_refund", "refund_failure", "payment_failure_refund"}
DISPUTES = {"dispute", "dispute_reversal"}
PAYOUT = "payout"
PAYOUTS = {PAYOUT, "payout_reversal"}
REPORTED = "csv:"  # begins our name of a payout's own line that a report told of before the API
FEES = {"fee", "network_cost", "tax"}
ENDED = {"paid", "failed", "canceled"}


def source(account: Account, line_ref: str) -> str:
    """The ledger's name of what a line did."""
    return f"{account.provider}:{line_source(line_ref)}"


def line_source(line_ref: str) -> str:
    """The same without the provider."""
    return f"line:{line_ref}"


def placed(line: LineSeen, waited: bool) -> str:
    """What a line is called where it belongs: in suspense its own name is taken."""
    return f"{line_source(line.ref)}:placed" if waited else line_source(line.ref)


def charge_source(account: Account, charge_ref: str) -> str:
    """The ledger's name of the money of a charge."""
    return f"{account.provider}:charge:{charge_ref}"


def _once(account: Account, line: LineSeen) -> str:
    """A payout by its own name: a report does not tell what its line is called."""
    if line.kind == PAYOUT and line.source_ref:
        return f"{account.provider}:payout:{line.source_ref}"
    return source(account, line.ref)


def keep_line(account: Account, line: LineSeen) -> bool:
    """Keep a line once; False when it was kept before. Its payout is tied when it is known."""
    payout = (
        Payout.objects.filter(provider_ref=line.payout_ref).first() if line.payout_ref else None
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO providers_balanceline (account_id, provider_ref, kind, amount_ore,"
            " fee_ore, source_id, payout_id, created_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [
                account.pk,
                line.ref,
                line.kind,
                line.amount_ore,
                line.fee_ore,
                line.source_ref,
                payout.pk if payout else None,
                line.at,
            ],
        )
        is_new = bool(cursor.rowcount == 1)
    if not is_new and payout is not None:
        BalanceLine.objects.filter(provider_ref=line.ref, payout=None).update(payout=payout)
    return is_new


def record_gift_line(
    account: Account, gift_id: int, line: LineSeen, *, waited: bool = False
) -> None:
    """Book the fee on a gift's money, once, and keep the line after it: a crash between repeats.

    `waited`: the line lay in suspense, kept, with its fee.
    """
    if waited or not BalanceLine.objects.filter(provider_ref=line.ref).exists():
        gifts.record_fee(gift_id, line.fee_ore, _movement(account, line, waited))
    keep_line(account, line)


def record_line(account: Account, line: LineSeen) -> None:
    """A line seen by itself (nightly pull, payout): book what no event has booked yet."""
    if line.kind in CHARGES:
        gift = Gift.objects.filter(
            entity_id=account.entity_id, provider_ref=line.source_ref
        ).first()
        if gift is not None:
            record_gift_line(account, gift.pk, line)
        else:
            _keep_and_book_fee_of_unknown(account, line)
    elif line.kind in REFUNDS:
        _record_refund_line(account, line)
    elif line.kind in PAYOUTS:
        _record_payout_line(account, line)
    elif line.kind in DISPUTES:
        _record_dispute_line(account, line)
    else:
        _record_other_line(account, line)


def _record_refund_line(account: Account, line: LineSeen) -> None:
    refund = Refund.objects.filter(provider_ref=line.source_ref).first()
    if refund is not None:
        record_gift_line(account, refund.gift_id, line)


def _record_dispute_line(account: Account, line: LineSeen) -> None:
    """The dispute's own fact books it with all its lines; here it is only kept when booked."""
    if Dispute.objects.filter(provider_ref=line.source_ref).exists():
        keep_line(account, line)


def _record_payout_line(account: Account, line: LineSeen) -> None:
    """To the bank (below zero on the balance) through the transit account, or back from it.

    A payout leaves the balance once: its journal and its line are named by the payout, so whichever
    of the API and a report comes second adds nothing. The API's own name for the line is kept.
    """
    told = BalanceLine.objects.filter(account=account, kind=PAYOUT, source_id=line.source_ref)
    if line.kind == PAYOUT and line.source_ref and told.exists():
        if not line.ref.startswith(REPORTED):
            reported = told.filter(provider_ref=f"{REPORTED}{line.source_ref}")
            reported.update(provider_ref=line.ref, created_at=line.at)
        return
    book_line(account, line, "payout_in_transit", f"Utbetalning {line.source_ref}")
    keep_line(account, line)


def _record_other_line(account: Account, line: LineSeen) -> None:
    """The account's own fees are a cost; a kind that no rule knows waits in suspense."""
    known_fee = line.kind in FEES
    if not known_fee and keep_line(account, line):
        jobs.raise_alarm(UNPLACED, line.ref, f"unknown kind of balance line: {line.kind}")
    book_line(account, line, "fees" if known_fee else "suspense", f"{line.kind} {line.ref}"[:120])
    keep_line(account, line)


def _keep_and_book_fee_of_unknown(account: Account, line: LineSeen) -> None:
    """The fee of money in suspense, whose amount was booked with the money itself.

    While the charge is not booked its line is not kept, so that the nightly pull still asks.
    """
    if not is_booked(account.entity_id, charge_source(account, line.source_ref)):
        return
    if line.fee_ore:
        entries = [EntryDraft("fees", account.provider, line.fee_ore)]
        post_journals([_draft(account, line, f"Avgift {line.source_ref}", entries)])
    keep_line(account, line)


def book_line(account: Account, line: LineSeen, against: str, text: str) -> None:
    """The line's amount against an account, and its fee as a cost."""
    entries = []
    if line.amount_ore:
        entries.append(_entry(account.provider, against, line.amount_ore))
    if line.fee_ore:
        entries.append(_entry("fees", account.provider, line.fee_ore))
    if entries:
        post_journals([_draft(account, line, text, entries)])


def _entry(debit: str, credit: str, ore: int) -> EntryDraft:
    return EntryDraft(debit, credit, ore) if ore > 0 else EntryDraft(credit, debit, -ore)


def _draft(account: Account, line: LineSeen, text: str, entries: list[EntryDraft]) -> JournalDraft:
    return JournalDraft(
        entity_id=account.entity_id,
        series="P",
        event_date=clock.local_date(line.at),
        text=text,
        source=_once(account, line),
        by=f"system:{account.provider}",
        entries=entries,
    )


def _movement(account: Account, line: LineSeen, waited: bool) -> Movement:
    return Movement(
        source=f"{account.provider}:{placed(line, waited)}",
        at=line.at,
        by=f"system:{account.provider}",
        clearing=account.provider,
    )


def book_unknown_money(account: Account, fact: MoneySeen, *, paid_twice: bool) -> None:
    """Money without a gift of ours, or a second charge on one: into suspense, with an alarm."""
    journal_source = charge_source(account, fact.ref)
    if is_booked(account.entity_id, journal_source):
        return
    draft = JournalDraft(
        entity_id=account.entity_id,
        series="P",
        event_date=clock.local_date(fact.at),
        text=f"Okänd inbetalning {fact.ref}",
        source=journal_source,
        by=f"system:{account.provider}",
        entries=[EntryDraft(account.provider, "suspense", fact.amount_ore)],
    )
    with transaction.atomic():
        why = f"gift {fact.gift_ref} was paid twice" if paid_twice else "no gift asked for it"
        jobs.raise_alarm(UNPLACED, fact.ref, f"money is in suspense: {why}")
        post_journals([draft])
    if fact.line is not None:
        record_line(account, fact.line)


def record_payout(account: Account, fact: PayoutFact) -> None:
    """A payout and its lines, as they stand now."""
    shown = {
        "state": fact.state,
        "arrives_on": fact.arrives_on,
        "trace_id": fact.trace,
        "failure_code": fact.failure,
    }
    payout, is_new = Payout.objects.get_or_create(
        provider_ref=fact.ref,
        defaults={
            "account": account,
            "amount_ore": fact.amount_ore,
            "created_at": fact.at,
            **shown,
        },
    )
    if not is_new:  # an older answer that comes late takes nothing back
        settled = Q(state__in=ENDED) if fact.state not in ENDED else Q(state="failed")
        Payout.objects.filter(pk=payout.pk).exclude(settled).update(**shown)
    for line in fact.lines:
        record_line(account, line)
    if fact.lines_ready:
        Payout.objects.filter(pk=payout.pk).update(lines_complete=True)


def record_snapshot(account: Account, seen: BalanceSeen) -> None:
    """What the provider says it holds, for the proof."""
    BalanceSnapshot.objects.create(account=account, at=seen.at, balance_ore=seen.balance_ore)
    BalanceSnapshot.objects.filter(account=account, at__lt=seen.at - SNAPSHOT_KEPT).delete()
