"""Money that may not be kept: held as a liability, and from there repaid, paid over or let in.

A hold is booked as a part of its gift that went back, against the account of gifts to be repaid
(Dr gifts Cr repay), so that gift, thermometer and report never count it. Let in, the booking is
reversed; repaid, it is reversed and the refund goes through the door of refunds, second person and
all, and is held again when it fails.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.gifts import refunds
from fundraise.gifts.booking import Movement
from fundraise.gifts.models import Gift, Refund
from fundraise.refs import new_ref
from fundraise.reporting.party import rules
from fundraise.reporting.party.errors import PartyError, names_nobody
from fundraise.reporting.party.models import Hold

ORIGIN = "hold"
OPEN = [Hold.State.HELD, Hold.State.REPAYING]
REPAY = "repay"
RETURNED_WITHIN = timedelta(days=30)  # no law's day: so long may a giver wait for what came back


@transaction.atomic
def hold(gift: Gift, ore: int, *, why: str, by: str) -> Hold:
    """Book a part of a received gift as a liability. The caller knows that none is open."""
    now = clock.now()
    year = clock.local_date(gift.received_at or now).year
    ref = new_ref()
    # What came back is owed from the day it came; the rest is of the gift's own year.
    at, repay_by = _event(year), rules.repay_by(year)
    if why == Hold.Why.RETURNED:
        at, repay_by = now, clock.local_date(now) + RETURNED_WITHIN
    booked = _book(gift, ore, ref, at, by)
    row = Hold.objects.create(
        ref=ref, entity_id=gift.entity_id, gift=gift, year=year, why=why, amount_ore=ore,
        booked=booked, repay_by=repay_by, opened_at=now,
    )  # fmt: skip
    _log(row, "party.hold.opened", by)
    return row


def _book(gift: Gift, ore: int, ref: UUID, at: datetime, by: str) -> Refund:
    name = f"hold:{ref}"
    movement = Movement(source=name, at=at, by=by, document=name, clearing=REPAY)
    seen = refunds.RefundSeen(provider_ref=name, amount_ore=ore, at=at, movement=movement)
    refunds.record_refund(gift.pk, seen)
    booked = Refund.objects.get(provider_ref=name)
    booked.origin = ORIGIN
    booked.save(update_fields=["origin"])
    return booked


def _event(year: int) -> datetime:
    """The liability is of the gift's own year: its last day, once the year is over."""
    now = clock.now()
    if clock.local_date(now).year <= year:
        return now
    return datetime.combine(date(year, 12, 31), time(12), clock.STOCKHOLM)


def _unbook(row: Hold, by: str) -> None:
    """Reverse the booking; the sum stands on the gift again."""
    booked, now = row.booked, clock.now()
    name = str(booked.provider_ref)
    movement = Movement(source=name, at=now, by=by, clearing=REPAY)
    refunds.record_refund(
        row.gift_id,
        refunds.RefundSeen(
            provider_ref=name,
            amount_ore=row.amount_ore,
            at=now,
            movement=movement,
            failed=True,
            failed_at=now,
        ),
    )


@transaction.atomic
def release(ref: UUID, *, by: str, reason: str = "") -> Hold:
    """Let the money in: the giver is known now, or it is not foreign. Raises PartyError."""
    names_nobody(reason)
    row = locked(ref, Hold.State.HELD)
    _unbook(row, by)
    return close(row, Hold.State.RELEASED, "party.hold.released", by, reason)


@transaction.atomic
def repay(ref: UUID, *, by: str, reason: str) -> Hold:
    """Send it back the way it came. Raises PartyError, gifts.refunds.RefundError."""
    names_nobody(reason)
    row = locked(ref, Hold.State.HELD)
    _unbook(row, by)
    row.refund = refunds.request_refund(
        row.gift_id, amount_ore=row.amount_ore, reason=reason, by=by
    )
    row.state, row.reason = Hold.State.REPAYING, reason
    row.save(update_fields=["state", "refund", "reason"])
    _log(row, "party.hold.repaying", by, reason)
    return row


@transaction.atomic
def follow(row_id: int) -> bool:
    """A repayment that has ended: repaid, or held again where it failed. False while it waits."""
    row = Hold.objects.select_for_update(of=("self",)).select_related("refund", "gift").get(
        pk=row_id
    )  # fmt: skip
    refund = row.refund
    if row.state != Hold.State.REPAYING or refund is None:
        return False
    if refund.state == Refund.State.SETTLED:
        close(row, Hold.State.REPAID, "party.hold.repaid", "system:party", row.reason)
        return True
    if refund.state not in {Refund.State.FAILED, Refund.State.REFUSED}:
        return False
    ore = min(row.amount_ore, refunds.refundable_ore(row.gift))
    close(row, Hold.State.RELEASED, "party.hold.not_repaid", "system:party", row.reason)
    if ore:
        hold(row.gift, ore, why=row.why, by="system:party")
    return True


def locked(ref: UUID, state: str) -> Hold:
    """A hold in a state, locked. Raises PartyError("not_waiting")."""
    row = Hold.objects.select_for_update(of=("self",)).select_related("booked").get(ref=ref)
    if row.state != state:
        raise PartyError("not_waiting")
    return row


def close(row: Hold, state: str, action: str, by: str, reason: str) -> Hold:
    """The end of a hold, logged."""
    row.state, row.closed_at, row.closed_by, row.reason = state, clock.now(), by, reason
    row.save(update_fields=["state", "closed_at", "closed_by", "reason", "voucher"])
    _log(row, action, by, reason)
    return row


def _log(row: Hold, action: str, by: str, reason: str = "") -> None:
    audit.log_change(
        by=by, action=action, subject_type="party_hold", subject_ref=row.ref,
        after={"amount_ore": row.amount_ore, "gift": row.gift.ref, "why": str(row.why)},
        reason=reason,
    )  # fmt: skip
