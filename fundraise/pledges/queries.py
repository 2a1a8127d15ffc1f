"""Reads of pledges."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from fundraise import clock
from fundraise.gifts import giver as givers
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.pledges import rules, states
from fundraise.pledges.models import (
    Collection,
    Instalment,
    Instead,
    Mandate,
    Notice,
    Pledge,
    PledgeDetails,
)
from fundraise.pledges.schedule import Rhythm
from fundraise.pledges.times import until_of


def rhythm_of(pledge: Pledge) -> Rhythm:
    """How often and when a pledge is due."""
    return Rhythm(pledge.interval_months, pledge.day, pledge.first_period, pledge.ends_on)


def giver_of(pledge_id: int) -> Giver | None:
    """What the giver typed; None when it is forgotten or was never there."""
    details = PledgeDetails.objects.filter(pledge_id=pledge_id).select_related("pledge").first()
    if details is None or details.sealed is None:
        return None
    return givers.unseal(bytes(details.sealed), details.pledge.ref)


def drawing_mandate(pledge_id: int) -> Mandate | None:
    """The mandate that is drawn on now."""
    return Mandate.objects.filter(pledge_id=pledge_id, state=Mandate.State.ACTIVE).first()


def waiting_mandate(pledge_id: int) -> Mandate | None:
    """The mandate that waits to be signed, sent or answered."""
    return Mandate.objects.filter(pledge_id=pledge_id, state__in=states.WAITING_MANDATE).first()


def next_instalment(pledge_id: int, today: date) -> Instalment | None:
    """The next period that is to be drawn, or is on its way."""
    coming = Instalment.objects.filter(
        pledge_id=pledge_id,
        state__in=[Instalment.State.PLANNED, Instalment.State.COLLECTING],
        due_on__gte=today,
    )
    return coming.order_by("due_on").first()


def made_good() -> QuerySet[Instead]:
    """Gifts that have come in the place of a month's draw."""
    return Instead.objects.filter(gift__state=Gift.State.RECEIVED)


def given_instead_of(gift_ref: UUID) -> UUID | None:
    """The instalment that a gift was begun in the place of."""
    tied = Instead.objects.filter(gift__ref=gift_ref)
    return tied.values_list("instalment__ref", flat=True).first()


def to_make_good(pledge_id: int, since: date) -> Instalment | None:
    """The month that a gift may be given for: its new try waits, or it was missed lately."""
    months = Instalment.objects.filter(pledge_id=pledge_id).exclude(
        pk__in=made_good().values("instalment")
    )
    waiting = months.filter(state__in=["planned", "collecting"], retried=True)
    missed = months.filter(state=Instalment.State.MISSED, due_on__gte=since)
    return waiting.order_by("-due_on").first() or missed.order_by("-due_on").first()


def draws_after_death() -> QuerySet[Collection]:
    """Money drawn after the day that its donor died, and not given back yet."""
    paid = [Collection.State.PAID, Collection.State.SURPLUS]
    drawn = Collection.objects.filter(
        state__in=paid, due_on__gt=F("instalment__pledge__donor__died_on")
    )
    return drawn.exclude(gift__refunded_ore__gte=F("gift__amount_ore")).order_by("due_on", "pk")


def unsent_notices() -> QuerySet[Notice]:
    """Notices that still announce something and have not left us."""
    unplanned = Q(kind=Notice.Kind.SIGN_UP, pledge__instalments=None)
    of_use = unplanned | Q(instalments__state=Instalment.State.PLANNED)
    waiting = Notice.objects.filter(of_use, sent_at=None, withdrawn_at=None)
    return waiting.exclude(pledge__state=Pledge.State.ENDED).distinct()


def notices_to_print() -> QuerySet[Notice]:
    """Notices for staff to send as letters: no address, or the mail never left."""
    return unsent_notices().filter(way="letter").order_by("first_on", "pk")


def mandates_without_sum() -> QuerySet[Mandate]:
    """Mandates of the Internet bank whose holder has named no sum; the oldest first."""
    rows = Mandate.objects.filter(origin=Mandate.Origin.INTERNET_BANK, pledge=None)
    return rows.exclude(state__in=states.OVER_MANDATE).order_by("created_at", "pk")


def unstoppable(pledge_id: int) -> list[Collection]:
    """The draws that are out and past the cut-off: a stop, a pause or a skip can't reach them."""
    now = clock.now()
    out = Collection.objects.filter(
        instalment__pledge_id=pledge_id,
        state__in=[Collection.State.SENT, Collection.State.TRYING, Collection.State.DOUBT],
    )
    rows = out.select_related("mandate").order_by("due_on")
    return [row for row in rows if not _can_be_stopped(row, now)]


def drawn_after(pledge_id: int, at: datetime) -> list[Collection]:
    """Draws that left us after an instant and brought money: owed back when a stop came then."""
    rows = Collection.objects.filter(
        instalment__pledge_id=pledge_id, state=Collection.State.PAID, sent_at__gt=at
    )
    return list(rows.order_by("due_on"))


def _can_be_stopped(draw: Collection, now: datetime) -> bool:
    if draw.mandate.method != "autogiro" or draw.state != Collection.State.SENT:
        return False
    sent_on = clock.local_date(draw.sent_at) if draw.sent_at else None
    until = until_of(draw.mandate.entity_id, clock.today())
    return rules.may_cancel(draw.due_on, sent_on, now, until)
