"""What a provider's facts mean for our rows. Order does not matter, and neither does repetition.

Each fact finds its gift by our ref, else by the attempt, and books under a source that the ledger
takes once. A fact is several transactions, one per row that it locks first (the gift; the attempt):
two workers on one gift then never wait for each other in a ring, and what a crash leaves undone is
done when the event is worked on again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from fundraise.gifts import disputes, refunds
from fundraise.gifts import services as gifts
from fundraise.gifts.booking import Movement
from fundraise.gifts.models import Dispute, Gift, Refund
from fundraise.jobs import services as jobs
from fundraise.ledger.queries import is_booked
from fundraise.pledges.services import outcomes
from fundraise.providers import balance, draws, kept_cards, unplaced, watch
from fundraise.providers.facts import (
    AttemptSeen,
    BalanceSeen,
    CardChanged,
    CardSaved,
    DisputeFact,
    DrawSeen,
    Fact,
    LineSeen,
    MoneySeen,
    PageSeen,
    PayoutFact,
    RefundFact,
    WarningSeen,
)
from fundraise.providers.models import Account, Attempt, CardPage

WARNING = "provider-warning"


def apply(account: Account, facts: Iterable[Fact], *, event_id: str = "") -> None:
    """Bring our rows to what the provider shows; when a fact raises, those before it stand."""
    for fact in facts:
        _apply_one(account, fact, event_id)


def _apply_one(account: Account, fact: Fact, event_id: str) -> None:
    match fact:
        case MoneySeen(collection_ref=UUID()):
            draws.money(account, fact, _received(account, fact, event_id), event_id)
        case MoneySeen():
            _money(account, fact, event_id)
        case DrawSeen():
            draws.no_money(account, fact, event_id)
        case CardSaved():
            kept_cards.saved(account, fact)
        case CardChanged():
            kept_cards.changed(account, fact, event_id)
        case PageSeen():
            _page(account, fact, event_id)
        case AttemptSeen():
            _attempt(account, fact, event_id)
        case RefundFact():
            _refund(account, fact, event_id)
        case DisputeFact():
            _dispute(account, fact)
        case PayoutFact():
            balance.record_payout(account, fact)
        case LineSeen():
            balance.record_line(account, fact)
        case BalanceSeen():
            balance.record_snapshot(account, fact)
        case WarningSeen(kind="review.closed"):
            jobs.resolve_alarms(WARNING, subject=fact.ref)
        case WarningSeen():
            jobs.raise_alarm(WARNING, fact.ref, fact.kind)


def _money(account: Account, fact: MoneySeen, event_id: str) -> None:
    gift_id = _gift_id(account, fact.gift_ref, fact.intent_ref, fact.ref)
    if gift_id is None or _paid_by_another(gift_id, fact.ref):
        balance.book_unknown_money(account, fact, paid_twice=gift_id is not None)
        return
    is_new = gifts.record_gift(
        gift_id,
        gifts.Receipt(
            channel=fact.channel,
            amount_ore=fact.amount_ore,
            provider_ref=fact.ref,
            received_at=fact.at,
            movement=_received(account, fact, event_id),
            event_id=event_id,
            fee_ore=fact.line.fee_ore if fact.line else 0,
            fee_source=balance.source(account, fact.line.ref) if fact.line else "",
            card_country=fact.card_country,
        ),
    )
    if fact.line is not None and not is_new:
        balance.record_gift_line(account, gift_id, fact.line)
    with transaction.atomic():
        if fact.line is not None and is_new:  # its fee is booked with the gift
            balance.keep_line(account, fact.line)
        _close_attempt(fact)
    if is_new:
        watch.paid(account)


def _received(account: Account, fact: MoneySeen, event_id: str) -> Movement:
    """The movement of a charge: out of suspense where a report told of it before anybody knew whose
    it is, else onto the provider's balance."""
    seen = movement(account, f"charge:{fact.ref}", fact.at, event_id)
    if is_booked(account.entity_id, seen.source):
        return replace(seen, source=f"{seen.source}:placed", clearing="suspense")
    return seen


def _paid_by_another(gift_id: int, charge_ref: str) -> bool:
    """A second charge on a received gift: its money is nobody's until a person has looked."""
    received = Gift.objects.filter(pk=gift_id, state=Gift.State.RECEIVED)
    return received.exclude(provider_ref=charge_ref).exists()


def _close_attempt(fact: MoneySeen) -> None:
    """It was paid, also where it had been closed or left before its money came."""
    Attempt.objects.filter(intent_id=fact.intent_ref).update(state=Attempt.State.PAID)
    Attempt.objects.filter(intent_id=fact.intent_ref, suspect=True).update(suspect=False)


def _attempt(account: Account, fact: AttemptSeen, event_id: str) -> None:
    attempt = _find_attempt(account, fact)
    if attempt is None:
        return
    changed = []
    if fact.intent_ref and attempt.intent_id is None:
        attempt.intent_id = fact.intent_ref
        changed.append("intent_id")
    may_move = attempt.state in {"created", "open"} or fact.state == Attempt.State.PAID
    if fact.state != attempt.state and may_move:
        attempt.state = fact.state
        changed.append("state")
    if changed:
        attempt.save(update_fields=changed)
    if fact.declined and event_id:
        watch.declined(attempt, fraud=fact.fraud, code=fact.decline)
    if fact.state == Attempt.State.CLOSED and not _has_open(attempt.gift_id):
        gifts.end_gift(
            attempt.gift_id,
            new=Gift.State.EXPIRED,
            by=f"system:{account.provider}",
            event_id=event_id,
        )


def _page(account: Account, fact: PageSeen, event_id: str) -> None:
    """A page about a saved card: an end is an end, and a decline there is counted as any."""
    page = CardPage.objects.filter(account=account, ref=fact.page_ref).first()
    if page is None:
        return
    if fact.state != "open":
        CardPage.objects.filter(pk=page.pk, state__in=["created", "open"]).update(state=fact.state)
    if fact.declined and event_id:
        watch.declined_on_page(page, fraud=fact.fraud)


def _find_attempt(account: Account, fact: AttemptSeen) -> Attempt | None:
    """By the page, by the intent, else the open one of the gift (an intent's first sign)."""
    mine = Attempt.objects.filter(account=account)
    if fact.session_ref:
        return mine.filter(session_id=fact.session_ref).first()
    found = mine.filter(intent_id=fact.intent_ref).first()
    if found is not None or fact.gift_ref is None:
        return found
    return mine.filter(gift__ref=fact.gift_ref, state=Attempt.State.OPEN).first()


def _has_open(gift_id: int) -> bool:
    return Attempt.objects.filter(
        gift_id=gift_id, state__in=[Attempt.State.CREATED, Attempt.State.OPEN]
    ).exists()


def _refund(account: Account, fact: RefundFact, event_id: str) -> None:
    gift_id = _gift_of_refund(account, fact)
    if gift_id is None:
        unplaced.book_of_charge(account, fact.charge_ref, fact.lines)
        return
    waited = unplaced.waited(account, fact.lines)
    refunds.record_refund(
        gift_id,
        refunds.RefundSeen(
            provider_ref=fact.ref,
            amount_ore=fact.amount_ore,
            at=fact.at,
            movement=movement(account, f"refund:{fact.ref}", fact.at, event_id),
            our_ref=fact.refund_ref,
            moved=fact.moved,
            failed=fact.failed,
            failure=fact.failure,
            failed_at=fact.failed_at,
            event_id=event_id,
        ),
    )
    for line in fact.lines:
        balance.record_gift_line(account, gift_id, line, waited=line.ref in waited)
    unplaced.release(account, (line for line in fact.lines if line.ref in waited))
    outcomes.note_given_back(gift_id)


def _gift_of_refund(account: Account, fact: RefundFact) -> int | None:
    known = Refund.objects.filter(provider_ref=fact.ref).values_list("gift_id", flat=True).first()
    return known or _gift_of_charge(account, fact.gift_ref, fact.intent_ref, fact.charge_ref)


def _gift_of_charge(
    account: Account, ref: UUID | None, intent_ref: str, charge_ref: str
) -> int | None:
    """The gift whose money a charge is. None for a second charge on a received gift, though both
    have the gift's ref and attempts: its money is in suspense, and what comes of it goes there."""
    gift_id = _gift_id(account, ref, intent_ref, charge_ref)
    if gift_id is None or (charge_ref and _paid_by_another(gift_id, charge_ref)):
        return None
    return gift_id


def _dispute(account: Account, fact: DisputeFact) -> None:
    gift_id = _gift_of_charge(account, None, fact.intent_ref, fact.charge_ref)
    if gift_id is None:
        unplaced.book_of_charge(account, fact.charge_ref, fact.lines)
        return
    lines = [line for line in fact.lines if line.amount_ore]
    waited = unplaced.waited(account, lines)
    disputes.record_dispute(
        gift_id,
        disputes.DisputeSeen(
            provider_ref=fact.ref,
            amount_ore=fact.amount_ore,
            state={"won": Dispute.State.WON, "lost": Dispute.State.LOST}.get(
                fact.state, Dispute.State.OPEN
            ),
            reason=fact.reason,
            opened_at=fact.at,
            due_at=fact.due_at,
            lines=tuple(
                disputes.DisputeLine(
                    movement(account, balance.placed(line, line.ref in waited), line.at),
                    line.amount_ore,
                    line.fee_ore,
                )
                for line in lines
            ),
        ),
    )
    for line in fact.lines:
        if line.amount_ore:
            balance.keep_line(account, line)
        else:  # a fee alone
            balance.record_gift_line(account, gift_id, line)
    unplaced.release(account, (line for line in lines if line.ref in waited))
    kept_cards.stop_disputed(gift_id, by=f"system:{account.provider}")


def movement(account: Account, source: str, at: datetime, event_id: str = "") -> Movement:
    """A movement at this provider; its proof is the stored event where one told of it."""
    return Movement(
        source=f"{account.provider}:{source}",
        at=at,
        by=f"system:{account.provider}",
        document=f"event:{event_id}" if event_id else "",
        clearing=account.provider,
    )


def _gift_id(account: Account, ref: UUID | None, intent_ref: str, charge_ref: str) -> int | None:
    """By our ref, by the attempt, by the charge already booked; within the account's entity."""
    mine = Gift.objects.filter(entity_id=account.entity_id)
    if ref is not None:
        found = mine.filter(ref=ref).values_list("pk", flat=True).first()
        if found:
            return found
    if intent_ref:
        attempt = Attempt.objects.filter(account=account, intent_id=intent_ref)
        found = attempt.values_list("gift_id", flat=True).first()
        if found:
            return found
    return mine.filter(provider_ref=charge_ref).values_list("pk", flat=True).first()
