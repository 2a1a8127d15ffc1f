"""What went wrong with a monthly gift, in words that fit the reason, and what would help.

A gift that was not drawn is no debt, and every page about it says so first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from fundraise import bankdays, clock
from fundraise.give.mine import words
from fundraise.pledges import queries, schedule
from fundraise.pledges.models import Instalment, Mandate, Pledge

FRESH = timedelta(days=45)
FUNDS = {"1", "insufficient_funds"}  # a status of the payment specification, a card's code
ACCOUNT = {"2", "02", "01"}


@dataclass(frozen=True)
class Trouble:
    """Why a gift did not come, and what is known of it.

    `kind`: funds, account, refused (the bank's no to the mandate), ended (at the bank), card,
    other, or none when all is in order.
    """

    kind: str
    missed: Instalment | None = None
    again_on: date | None = None

    @property
    def lead(self) -> str:
        """What happened, in a sentence."""
        day = words.day(self.missed.due_on) if self.missed is not None else ""
        return {
            "funds": _("There was not enough money on the account on %(day)s."),
            "account": _("Your account does not allow us to draw from it any more."),
            "refused": _("Your bank said no to the autogiro."),
            "ended": _("Your autogiro has ended at the bank."),
            "card": _("Your card could not be drawn on."),
            "other": _("Your gift of %(day)s could not be drawn."),
            "none": _("All is in order: there is nothing to put right."),
        }[self.kind] % {"day": day}


def of(pledge: Pledge) -> Trouble:
    """What is wrong with a pledge now."""
    if pledge.state == Pledge.State.ENDED:
        return Trouble("none")
    planned = pledge.instalments.filter(state=Instalment.State.PLANNED, retried=True)
    again = planned.order_by("-due_on").first()
    missed = again or latest_missed(pledge)
    if pledge.state == Pledge.State.HALTED:
        return Trouble(_halted(pledge), missed)
    if missed is None:
        return Trouble("none")
    return Trouble(_kind(pledge, missed.reason), missed, again.due_on if again else None)


def latest_missed(pledge: Pledge) -> Instalment | None:
    """The month that was missed last, while it is fresh and nothing has come since."""
    missed = pledge.instalments.filter(state=Instalment.State.MISSED)
    missed = missed.exclude(pk__in=queries.made_good().values("instalment"))
    last = missed.filter(due_on__gte=clock.today() - FRESH).order_by("-due_on").first()
    if last is None:
        return None
    came = pledge.instalments.filter(state=Instalment.State.PAID, due_on__gt=last.due_on)
    return None if came.exists() else last


def _halted(pledge: Pledge) -> str:
    """A halt has its reason in the mandate that is over, else in the draw that failed."""
    if pledge.method == "card":
        return "card"
    last = pledge.mandates.order_by("-pk").first()
    if last is not None and last.state == Mandate.State.REFUSED:
        return "refused"
    if last is not None and last.state in {Mandate.State.ENDED, Mandate.State.ENDING}:
        return "ended"
    return "account"


def _kind(pledge: Pledge, reason: str) -> str:
    if reason in FUNDS:
        return "funds"
    if pledge.method == "card":
        return "card"
    return "account" if reason in ACCOUNT else "other"


def better_day(pledge: Pledge) -> int | None:
    """The day after payday, when the pledge's own comes so late that the money may be gone."""
    payday = settings.PLEDGE_PAYDAY
    month = schedule.period_of(clock.today())
    after = bankdays.add(bankdays.on_or_before(month.replace(day=payday)), 1)
    suggested = min(max(after.day, payday), 28)
    return None if payday <= pledge.day <= suggested else suggested


def can_be_tried(pledge: Pledge) -> bool:
    """Whether a halted pledge has a mandate that still holds, to be drawn on once more."""
    return pledge.state == Pledge.State.HALTED and queries.drawing_mandate(pledge.pk) is not None
