"""What became of draws: paid, failed, cancelled, given back. Money is booked here, when it is seen.

Sums are öre, times aware UTC, days Europe/Stockholm. Every outcome may come twice, late or in any
order, and is carried out once; `event_id` names the row that told it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts import given, refunds
from fundraise.gifts.booking import Movement
from fundraise.gifts.given import Given
from fundraise.outbox import services as outbox
from fundraise.pledges import locks, queries, rules, states
from fundraise.pledges.models import (
    Collection,
    CollectionTransition,
    Instalment,
    InstalmentTransition,
    Mandate,
    Notice,
    Pledge,
)
from fundraise.pledges.rules import Outcome
from fundraise.pledges.services import ending, mandates, moving, planning
from fundraise.pledges.times import times_on
from fundraise.states import Step, advance_many

BY = "system:draws"


# --- Money ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PaidSeen:
    """Money of one draw: how much, when, the provider's name for it and its movement."""

    collection_id: int
    amount_ore: int
    at: datetime
    provider_ref: str
    channel: str
    movement: Movement
    event_id: str = ""
    card_country: str = ""


def paid(seen: PaidSeen) -> bool:
    """One draw was paid. False when that was known; the money of a paid month is a surplus."""
    return bool(paid_many([seen]))


@transaction.atomic
def paid_many(all_seen: Sequence[PaidSeen]) -> dict[int, str]:
    """Draws were paid: gifts, journals and thermometer with them, in one transaction.

    Returns the new state ("paid" or "surplus") of each draw whose money is new; one that was known
    is left out. The caller keeps a batch to a few thousand.
    """
    seen_of = {seen.collection_id: seen for seen in all_seen}
    rows = _locked(list(seen_of))
    fresh = [row for row in rows if row.state not in rules.MONEY]
    gifts = given.record_given([_given(row, seen_of[row.pk]) for row in fresh])
    outcome = _settled(fresh, seen_of, [gift.pk for gift in gifts])
    by_state = [row.instalment_id for row in fresh if outcome[row.pk] == "paid"]
    outbox.write_many("InstalmentPaid", by_state)
    outbox.write_many("SurplusDrawn", [pk for pk, new in outcome.items() if new == "surplus"])
    _let_retired_go(fresh)
    return outcome


@dataclass(frozen=True, slots=True)
class _Out:
    """A locked draw with what its money needs to know of period, pledge and mandate."""

    pk: int
    state: str
    instalment_id: int
    period_state: str
    campaign: Campaign
    donor_id: int | None
    giver_key: bytes | None
    language: str
    reference: str
    identified: bool
    organisation: bool
    retiring_id: int | None


_LOCKED = """
  SELECT c.id, c.state, i.id, i.state, p.campaign_id, p.donor_id, p.giver_key, p.language,
         p.reference, m.identity_hash IS NOT NULL, m.variant <> 'person',
         CASE WHEN m.state = 'retiring' THEN m.id END
  FROM pledges_collection c
  JOIN pledges_instalment i ON i.id = c.instalment_id
  JOIN pledges_pledge p ON p.id = i.pledge_id
  JOIN pledges_mandate m ON m.id = c.mandate_id
  WHERE c.id = ANY(%s)
  ORDER BY p.id, c.id
  FOR NO KEY UPDATE OF p, i, c"""


def _locked(collection_ids: list[int]) -> list[_Out]:
    """The draws with pledge and instalment, all locked, in one order."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCKED, [collection_ids])
        rows = cursor.fetchall()
    campaigns = Campaign.objects.in_bulk({row[4] for row in rows})
    return [
        _Out(pk, state, instalment_id, period_state, campaigns[campaign_id], *of_pledge)
        for pk, state, instalment_id, period_state, campaign_id, *of_pledge in rows
    ]


def _given(row: _Out, seen: PaidSeen) -> Given:
    return Given(
        campaign=row.campaign,
        donor_id=row.donor_id,
        giver_key=bytes(row.giver_key) if row.giver_key else None,
        amount_ore=seen.amount_ore,
        channel=seen.channel,
        language=row.language,
        reference=row.reference,
        provider_ref=seen.provider_ref,
        received_at=seen.at,
        movement=seen.movement,
        event_id=seen.event_id,
        identified=row.identified,
        organisation=row.organisation,
        card_country=seen.card_country,
    )


def _settled(rows: list[_Out], seen_of: dict[int, PaidSeen], gift_ids: list[int]) -> dict[int, str]:
    """Move the draws and their periods; a second draw of one period is a surplus."""
    steps, periods, outcome = [], [], {}
    paid_periods = {row.instalment_id for row in rows if row.period_state == "paid"}
    for row, gift_id in zip(rows, gift_ids, strict=True):
        seen, period = seen_of[row.pk], row.instalment_id
        is_paid = period in paid_periods
        new = rules.collection_after(row.state, Outcome.PAID, period_paid=is_paid)
        steps.append(Step(row.pk, row.state, new, "", seen.event_id, (gift_id, seen.at)))
        outcome[row.pk] = new
        if not is_paid:
            paid_periods.add(period)
            periods.append(Step(period, row.period_state, "paid", "", seen.event_id))
    advance_many(
        Collection, steps, allowed=states.COLLECTION, transition_model=CollectionTransition,
        by=BY, names=("gift", "settled_at"),
    )  # fmt: skip
    advance_many(
        Instalment, periods, allowed=states.INSTALMENT, transition_model=InstalmentTransition, by=BY
    )
    return outcome


def _let_retired_go(rows: Iterable[_Out]) -> None:
    retiring = {row.retiring_id for row in rows if row.retiring_id is not None}
    for mandate in Mandate.objects.filter(pk__in=retiring).order_by("pk"):
        mandates.end_retired(mandate)


def refunded(collection_id: int, seen: refunds.RefundSeen) -> bool:
    """The bank has given a draw back to the payer (TK77), or we have. False when it was booked."""
    with transaction.atomic():
        draw = locks.collection_for_change(collection_id)
        if draw.gift_id is None:
            return False
        booked = refunds.record_refund(draw.gift_id, seen)
        if booked and draw.state in {"paid", "surplus"}:
            moving.collection(draw, "refunded", by=BY, event_id=seen.event_id)
    return booked


def note_given_back(gift_id: int) -> bool:
    """A draw's gift was given back whole, by whatever way: so the draw was. Did that refund fail,
    the draw is what it was: a surplus waits to be given back again. False when nothing changes."""
    row = Collection.objects.filter(gift_id=gift_id, state__in=rules.MONEY).first()
    if row is None:
        return False
    with transaction.atomic():
        draw = locks.collection_for_change(row.pk)
        if draw.gift is None:
            return False
        whole = draw.gift.refunded_ore >= draw.gift.amount_ore
        if whole == (draw.state == "refunded"):
            return False
        new = "refunded" if whole else _before(draw)
        return moving.collection(draw, new, by=BY, settled_at=draw.settled_at)


def _before(draw: Collection) -> str:
    last = draw.transitions.filter(to_state="refunded").order_by("pk").last()
    return "paid" if last is None else last.from_state


# --- No money -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Failure:
    """Why a draw failed: the provider's code, and what follows from it.

    `may_retry`: the reason may pass (insufficient funds). `halts`: the account or card can't be
    drawn on any more, so that the donor is asked for a new one.
    """

    code: str
    may_retry: bool = False
    halts: bool = False
    event_id: str = ""


def failed(collection_id: int, why: Failure) -> bool:
    """A draw was not paid: one announced new try, or the month is missed. False when known."""
    with transaction.atomic():
        draw = locks.collection_for_change(collection_id)
        new = rules.collection_after(draw.state, Outcome.FAILED, period_paid=False)
        if new == draw.state:
            return False
        moving.collection(draw, new, by=BY, reason=why.code, event_id=why.event_id)
        instalment, pledge = draw.instalment, draw.instalment.pledge
        again = _retry_day(instalment, pledge) if why.may_retry else None
        after = rules.instalment_after(
            instalment.state, "failed", cancel_for="", again=again is not None
        )
        _settle_failed(instalment, after, again, why)
        if why.halts and pledge.state in {"active", "paused", "pending"}:
            planning.withdraw_notices(pledge)
            moving.pledge(pledge, "halted", by=BY, reason=why.code)
        mandates.end_retired(draw.mandate)
    return True


def _settle_failed(instalment: Instalment, after: str, again: date | None, why: Failure) -> None:
    changes = {"due_on": again, "retried": True, "notice": None} if again else {}
    if not moving.instalment(
        instalment, after, by=BY, reason=why.code, event_id=why.event_id, **changes
    ):
        return
    if again:
        planning.make_notice(instalment.pledge, Notice.Kind.RETRY, instalment)
    elif after == "missed":
        outbox.write("InstalmentMissed", instalment.pk)


def _retry_day(instalment: Instalment, pledge: Pledge) -> date | None:
    if instalment.retried or pledge.state != Pledge.State.ACTIVE or not settings.PLEDGE_RETRIES:
        return None
    today = clock.today()
    after = pledge.instalments.filter(due_on__gt=instalment.due_on).order_by("due_on").first()
    day = rules.retry_day(
        today,
        after.due_on if after else next_due(pledge, instalment),
        notice_bank_days=times_on(today).notice,
        days_before_next=settings.PLEDGE_RETRY_DAYS_BEFORE_NEXT,
        payday=settings.PLEDGE_PAYDAY,
    )
    return day if day is None or pledge.ends_on is None or day <= pledge.ends_on else None


def next_due(pledge: Pledge, instalment: Instalment) -> date | None:
    """The due day of the period after one, planned or not; None when there is none."""
    rhythm = queries.rhythm_of(pledge)
    period = next(iter(rhythm.periods(after=instalment.period)), None)
    return None if period is None else rhythm.due_in(period)


def trying(collection_id: int, code: str, event_id: str = "") -> bool:
    """The bank tries again by itself: no end yet."""
    return _noted(collection_id, Outcome.TRYING, code, event_id)


def not_cancelled(collection_id: int, code: str, event_id: str = "") -> bool:
    """The cancellation found nothing: it may have been drawn, and nobody knows yet."""
    return _noted(collection_id, Outcome.NOT_CANCELLED, code, event_id)


def in_doubt(collection_id: int, code: str, event_id: str = "") -> bool:
    """Nobody knows whether it was drawn: only the provider's word or a person settles it."""
    return _noted(collection_id, Outcome.UNKNOWN, code, event_id)


def _noted(collection_id: int, outcome: Outcome, code: str, event_id: str) -> bool:
    with transaction.atomic():
        draw = locks.collection_for_change(collection_id)
        new = rules.collection_after(draw.state, outcome, period_paid=False)
        if new == draw.state:
            return False
        return moving.collection(draw, new, by=BY, reason=code, event_id=event_id)


def cancelled(
    collection_id: int, code: str, event_id: str = "", *, cancel_for: str | None = None
) -> bool:
    """A draw was cancelled: by our wish, or by the payer or the bank alone (then it is missed)."""
    with transaction.atomic():
        draw = locks.collection_for_change(collection_id)
        new = rules.collection_after(draw.state, Outcome.CANCELLED, period_paid=False)
        if new == draw.state:
            return False
        wish = draw.cancel_for if cancel_for is None else cancel_for
        moving.collection(draw, new, by=BY, reason=code, event_id=event_id, cancel_for=wish)
        ending.settle_cancelled(draw, by=BY, event_id=event_id)
        if draw.instalment.state == Instalment.State.MISSED:
            outbox.write("InstalmentMissed", draw.instalment_id)
        mandates.end_retired(draw.mandate)
    return True
