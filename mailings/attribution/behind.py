"""The rows behind each figure of an appeal: who and what, for lists and files."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from fundraise.gifts.models import Gift
from fundraise.gifts.queries import STANDS
from fundraise.pledges.models import Pledge, PledgeChange
from mailings.appeals.models import Appeal, Batch, Fate, Message

FACTS = {
    "delivered": "delivered_at",
    "human_clicks": "human_click_at",
    "machine_clicks": "machine_click_at",
    "human_opens": "human_open_at",
    "machine_opens": "machine_open_at",
    "unsubscribed": "unsubscribed_at",
    "complaints": "complained_at",
    "bounced": "bounced_at",
    "blocked": "blocked_at",
    "dropped": "dropped_at",
    "replied": "replied_at",
}
GIFTS = {"received_ore", "gifts", "givers", "monthly_given_ore", "passed_on"}
PLEDGES = {"new_monthly", "monthly_going_on", "promised_month_ore"}
RAISES = {"raised_monthly", "raised_month_ore"}
BY_PLEDGE = Q(touch__pledge_id__isnull=False)
PASSED_ON = Q(touch__passed_on=True)
GOING_ON = ~Q(state=Pledge.State.ENDED)


def rows(appeal: Appeal, figure: str) -> QuerySet[Any]:
    """The messages, fates, gifts or pledges that a figure of `results.Figures` counts.

    `left_out` or one of its reasons gives messages. Raises KeyError for what is no figure.
    """
    if figure in FACTS:
        return fates(appeal, figure)
    if figure in GIFTS:
        return gifts(appeal, figure)
    if figure in PLEDGES:
        return pledges(appeal, figure)
    if figure in RAISES:
        return raises(appeal, figure)
    if figure == "mails":
        return mails(appeal)
    if figure == "left_out" or figure in Message.Outcome.values:
        return left_out(appeal, figure)
    raise KeyError(figure)


def fates(appeal: Appeal, figure: str) -> QuerySet[Fate]:
    """Of which messages a fact is true, the first it was true of first."""
    column = FACTS[figure]
    return Fate.objects.filter(appeal=appeal, **{f"{column}__isnull": False}).order_by(column)


def gifts(appeal: Appeal, figure: str) -> QuerySet[Gift]:
    """Gifts that count to the appeal, the newest first."""
    found = Gift.objects.filter(touch__appeal=appeal).order_by("-received_at", "-pk")
    if figure == "received_ore":
        return found
    if figure == "monthly_given_ore":
        return found.filter(BY_PLEDGE)
    if figure == "passed_on":
        return found.filter(PASSED_ON)
    return found.filter(STANDS)


def pledges(appeal: Appeal, figure: str) -> QuerySet[Pledge]:
    """Monthly gifts that count to the appeal, the newest first."""
    found = Pledge.objects.filter(touch__appeal=appeal).order_by("-created_at", "-pk")
    return found if figure == "new_monthly" else found.filter(GOING_ON)


def raises(appeal: Appeal, figure: str) -> QuerySet[Pledge]:
    """Monthly gifts that the appeal had raised and that nobody took back, the newest first."""
    made = PledgeChange.objects.filter(touch__appeal=appeal, undone_at=None)
    found = Pledge.objects.filter(pk__in=made.values("pledge")).order_by("-created_at", "-pk")
    return found if figure == "raised_monthly" else found.filter(GOING_ON)


def mails(appeal: Appeal) -> QuerySet[Message]:
    """Messages that the sender took over."""
    taken = Batch.objects.filter(appeal=appeal, state=Batch.State.ACCEPTED)
    found = Message.objects.filter(appeal=appeal, outcome=Message.Outcome.SENT)
    return found.filter(batch_id__in=taken.values("pk")).order_by("seq")


def left_out(appeal: Appeal, reason: str) -> QuerySet[Message]:
    """Who did not get it: for one reason, or for any."""
    found = Message.objects.filter(appeal=appeal).exclude(outcome=Message.Outcome.SENT)
    return (found if reason == "left_out" else found.filter(outcome=reason)).order_by("seq")
