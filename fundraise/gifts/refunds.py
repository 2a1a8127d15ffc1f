"""Money sent back: asked for by staff and sent by a provider, or made at the provider directly.

A refund is booked when the provider shows it, by a journal of its own; one that fails later is
undone by a linked reversal. Above settings.TWO_PERSON_REFUND_ORE a second person says yes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from fundraise import clock
from fundraise.audit import reasons
from fundraise.audit import services as audit
from fundraise.gifts import booking, locks, states
from fundraise.gifts.booking import Movement
from fundraise.gifts.models import Gift, Refund, RefundTransition
from fundraise.ledger import services as ledger
from fundraise.ledger.models import Journal
from fundraise.outbox import services as outbox
from fundraise.staff import approvals
from fundraise.states import advance

SECOND = "refund"  # the kind of what a second person is asked about
OVERTAKEN = "went_back_before"  # a failure of ours: the money has gone back another way
WAITING = [Refund.State.AWAITING_SECOND, Refund.State.QUEUED, Refund.State.SENT]


class RefundError(ValueError):
    """The refund can't be made.

    `code`: not_received, too_much, same_person, not_waiting, personal.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """A refund as the provider shows it. `our_ref` is ours when we asked for it.

    `moved`: the money has left the provider's balance; one that only waits there is not booked.
    """

    provider_ref: str
    amount_ore: int
    at: datetime
    movement: Movement
    our_ref: UUID | None = None
    moved: bool = True
    failed: bool = False
    failure: str = ""
    failed_at: datetime | None = None
    event_id: str = ""


def refundable_ore(gift: Gift, *, but: int | None = None) -> int:
    """What may still be asked back: the gift less what went back, is on its way or is disputed.

    `but`: a refund on its way that is not counted, to see whether it still has room itself.
    """
    rows = gift.refunds.filter(state__in=WAITING).exclude(pk__in=[] if but is None else [but])
    waiting = rows.aggregate(s=Sum("amount_ore"))["s"] or 0
    return max(0, gift.amount_ore - gift.refunded_ore - gift.disputed_ore - waiting)


def _asked_before(gift: Gift) -> int:
    """What staff has asked back of a gift: a sum is not made small by asking for it in parts."""
    refused = [Refund.State.REFUSED, Refund.State.FAILED]
    asked = gift.refunds.filter(origin="staff").exclude(state__in=refused)
    return asked.aggregate(s=Sum("amount_ore"))["s"] or 0


def needs_second(gift: Gift, amount_ore: int) -> bool:
    """Whether a second person must agree, with what was asked before (0 in the setting: always)."""
    limit = settings.TWO_PERSON_REFUND_ORE
    return bool(limit == 0 or amount_ore + _asked_before(gift) > limit)


def request_refund(
    gift_id: int, *, amount_ore: int, reason: str, by: str, person: str = ""
) -> Refund:
    """Ask for a refund; it is queued at once or waits for a second person.

    `person` is whoever stands behind `by` when that is a key of the API: they asked, so they are
    not the second person.
    Raises RefundError: not_received, too_much, personal.
    """
    _names_nobody(reason)
    with transaction.atomic():
        gift = locks.gift_for_change(gift_id)
        if gift.state != Gift.State.RECEIVED:
            raise RefundError("not_received")
        if not 0 < amount_ore <= refundable_ore(gift):
            raise RefundError("too_much")
        second = needs_second(gift, amount_ore)
        refund = Refund(
            needs_second=second,
            gift=gift,
            amount_ore=amount_ore,
            state=Refund.State.AWAITING_SECOND if second else Refund.State.QUEUED,
            reason=reason,
            requested_by=person or by,
            created_at=clock.now(),
        )
        refund.idempotency_key = f"refund-{refund.ref}"
        refund.save(force_insert=True)
        _log(refund, by, "gift.refund.requested", reason)
        if second:
            approvals.ask(SECOND, refund.ref, gift.entity, by=refund.requested_by)
        else:
            outbox.write("RefundRequested", refund.pk)
    return refund


def approve_refund(ref: UUID, *, by: str, reason: str = "") -> None:
    """The second person says yes. Raises RefundError: same_person, not_waiting, personal, and
    too_much when so much does not stand on the gift any more: it went back another way meanwhile.
    """
    _names_nobody(reason)
    with transaction.atomic():
        refund = locks.refund_for_change(ref=ref)
        if refund.requested_by == by:
            raise RefundError("same_person")
        waits = refund.state == Refund.State.AWAITING_SECOND
        if waits and refund.amount_ore > refundable_ore(refund.gift, but=refund.pk):
            raise RefundError("too_much")
        changes = {"approved_by": by}
        if not _step(refund, Refund.State.QUEUED, by, reason=reason, changes=changes):
            raise RefundError("not_waiting")
        approvals.close(SECOND, refund.ref, yes=True, by=by, why=reason)
        _log(refund, by, "gift.refund.approved", reason)
        outbox.write("RefundRequested", refund.pk)


def refuse_refund(ref: UUID, *, by: str, reason: str) -> None:
    """The second person says no. Raises RefundError: same_person, not_waiting, personal."""
    _names_nobody(reason)
    with transaction.atomic():
        refund = locks.refund_for_change(ref=ref)
        if refund.requested_by == by:
            raise RefundError("same_person")
        if refund.state != Refund.State.AWAITING_SECOND:
            raise RefundError("not_waiting")
        _step(refund, Refund.State.REFUSED, by, reason=reason)
        approvals.close(SECOND, refund.ref, yes=False, by=by, why=reason)
        _log(refund, by, "gift.refund.refused", reason)


def _names_nobody(reason: str) -> None:
    """A reason stays in the log for ever, also when the giver is forgotten."""
    if reasons.tell_of_a_person(reason):
        raise RefundError("personal")


def note_sent(refund_id: int, provider_ref: str | None) -> None:
    """The provider has taken the refund, or staff is to send it (None); no money is seen yet."""
    with transaction.atomic():
        refund = locks.refund_for_change(pk=refund_id)
        if refund.state == Refund.State.QUEUED:
            changes = {"provider_ref": provider_ref, "sent_at": clock.now()}
            _step(refund, Refund.State.SENT, "system:refunds", changes=changes)


def note_refused_by_provider(refund_id: int, failure: str) -> None:
    """The provider will not do it: nothing was sent and nothing is booked."""
    with transaction.atomic():
        refund = locks.refund_for_change(pk=refund_id)
        if refund.state in {Refund.State.QUEUED, Refund.State.SENT}:
            changes = {"failure": failure[:120]}
            _step(refund, Refund.State.FAILED, "system:refunds", changes=changes)


def record_refund(gift_id: int, seen: RefundSeen) -> bool:
    """Book a refund that the provider shows, or undo one that failed. True when books changed."""
    with transaction.atomic():
        gift = locks.gift_for_change(gift_id)
        refund = _find_or_adopt(gift, seen)
        if seen.failed:
            return _undo(gift, refund, seen)
        changes = {"provider_ref": seen.provider_ref}
        new = Refund.State.SETTLED if seen.moved else Refund.State.SENT
        moved = _step(refund, new, seen.movement.by, seen.event_id, changes=changes)
        if not moved or not seen.moved:
            return False
        gift.refunded_ore += seen.amount_ore
        gift.save(update_fields=["refunded_ore"])
        _end_overtaken(gift, refund.pk, seen.movement.by)
        outbox.write("RefundSettled", refund.pk)
        return booking.book_income(gift, seen.movement, -seen.amount_ore, "Återbetalning")


def _end_overtaken(gift: Gift, shown_id: int, by: str) -> None:
    """Refunds that staff were to send by hand, of money that has gone back another way: the bank
    took the draw back first. Nobody is told to send it a second time."""
    room = gift.amount_ore - gift.refunded_ore - gift.disputed_ore
    by_hand = gift.refunds.select_for_update(no_key=True).filter(
        state=Refund.State.SENT, provider_ref=None
    )
    for refund in by_hand.exclude(pk=shown_id).order_by("pk"):
        if refund.amount_ore <= room:
            room -= refund.amount_ore
        else:
            _step(refund, Refund.State.FAILED, by, changes={"failure": OVERTAKEN})


def _undo(gift: Gift, refund: Refund, seen: RefundSeen) -> bool:
    was_booked = refund.state == Refund.State.SETTLED
    changes = {"failure": seen.failure[:120], "provider_ref": seen.provider_ref}
    moved = _step(refund, Refund.State.FAILED, seen.movement.by, seen.event_id, changes=changes)
    if not moved or not was_booked:
        return False
    gift.refunded_ore -= seen.amount_ore
    gift.save(update_fields=["refunded_ore"])
    booked = Journal.objects.select_related("series").get(
        entity_id=gift.entity_id, source=seen.movement.source
    )
    draft = ledger.reversal_of(
        booked,
        event_date=clock.local_date(seen.failed_at or clock.now()),
        text=f"Återbetalning misslyckades {gift.ref}",
        by=seen.movement.by,
    )
    return booking.book_draft(gift, draft, seen.amount_ore)


def _find_or_adopt(gift: Gift, seen: RefundSeen) -> Refund:
    """Ours by its ref or the provider's; one made at the provider gets a row of its own."""
    mine = Refund.objects.select_for_update(no_key=True).filter(gift=gift)
    refund = mine.filter(provider_ref=seen.provider_ref).first()
    if refund is None and seen.our_ref is not None:
        refund = mine.filter(ref=seen.our_ref).first()
    if refund is not None:
        return refund
    return Refund.objects.create(
        gift=gift,
        amount_ore=seen.amount_ore,
        state=Refund.State.SENT,
        origin="provider",
        idempotency_key=f"provider-{seen.provider_ref}",
        provider_ref=seen.provider_ref,
        requested_by=seen.movement.by,
        created_at=seen.at,
        sent_at=seen.at,
    )


def _step(
    refund: Refund,
    new: str,
    by: str,
    event_id: str = "",
    *,
    reason: str = "",
    changes: Mapping[str, object] | None = None,
) -> bool:
    if new not in states.REFUND[refund.state]:
        return False
    return advance(
        Refund,
        refund.pk,
        old=refund.state,
        new=new,
        allowed=states.REFUND,
        transition_model=RefundTransition,
        by=by,
        reason=reason,
        event_id=event_id,
        changes=changes,
    )


def _log(refund: Refund, by: str, action: str, reason: str = "") -> None:
    audit.log_change(
        by=by,
        action=action,
        subject_type="refund",
        subject_ref=refund.ref,
        after={"amount_ore": refund.amount_ore, "gift": str(refund.gift.ref)},
        reason=reason,
    )
