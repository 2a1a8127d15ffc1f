"""What of monthly giving needs a person: the rows behind each number and each choice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import DateField, F, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, TruncDate

from fundraise import bankdays, clock
from fundraise.pledges import upgrading
from fundraise.pledges.models import PledgeChange
from fundraise.pledges.states import OPEN_COLLECTION

Rows = QuerySet[Any]
UNSIGNED_AFTER = timedelta(days=2)
ANSWER_BANK_DAYS = 3  # a draw is answered on its day, and for three bank days more when tried


def week() -> tuple[datetime, date]:
    """When this week began, as an instant and as a day."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    return datetime.combine(monday, time(), tzinfo=clock.STOCKHOLM), monday


def unsigned(rows: Rows) -> Rows:
    """Sign-ups that nobody has confirmed for two days, though one reminder went out."""
    waiting = rows.filter(state="unconfirmed", created_at__lt=clock.now() - UNSIGNED_AFTER)
    return waiting.exclude(
        method="card"
    )  # there the first gift is the yes, and no mail asks for it


def without_mandate(rows: Rows) -> Rows:
    """Monthly gifts that go on as soon as there is a mandate to draw on."""
    return rows.filter(state="halted")


NEEDS: dict[str, Callable[[Rows], Rows]] = {
    "signature": unsigned,
    "mandate": without_mandate,
    "upgrade": upgrading.ripe,
}


def failed_this_week(rows: Rows) -> Rows:
    """Draws that failed since Monday whose month is not paid: kronor at risk."""
    began, _monday = week()
    return rows.filter(state="failed", settled_at__gte=began).exclude(instalment__state="paid")


def surplus(rows: Rows) -> Rows:
    """Money that came though the month was paid already, and was not given back."""
    return rows.filter(state="surplus").exclude(gift__refunded_ore__gte=F("gift__amount_ore"))


def of_the_dead(rows: Rows) -> Rows:
    """Money drawn after the day that the donor died, and not given back."""
    drawn = rows.filter(state__in=["paid", "surplus"], instalment__pledge__end_reason="deceased")
    standing = drawn.exclude(gift__refunded_ore__gte=F("gift__amount_ore"))
    # An annotation joins the donor loosely: a gift without one is not lost on the way.
    dated: Rows = standing.annotate(death_on=_death())
    return dated.filter(due_on__gt=F("death_on"))


def _death() -> Coalesce:
    """The day that the donor died: as the register has it, as the change says it, or the day that
    we were told."""
    told = PledgeChange.objects.filter(pledge=OuterRef("instalment__pledge"), kind="stop")
    died = Cast(KeyTextTransform("died_on", "after"), DateField())
    newest = Subquery(told.order_by("-pk").annotate(died=died).values("died")[:1])
    ended = TruncDate("instalment__pledge__ended_at", tzinfo=clock.STOCKHOLM)
    return Coalesce("instalment__pledge__donor__died_on", newest, ended)


def late(rows: Rows) -> Rows:
    """Draws that the bank should have answered by now."""
    before = bankdays.add(clock.today(), -ANSWER_BANK_DAYS)
    return rows.filter(state__in=OPEN_COLLECTION, due_on__lt=before)


DRAW_NEEDS: dict[str, Callable[[Rows], Rows]] = {
    "week": failed_this_week,
    "surplus": surplus,
    "dead": of_the_dead,
    "late": late,
}
