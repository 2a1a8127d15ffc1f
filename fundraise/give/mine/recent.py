"""What was changed of a pledge within the last day, said in a line, and the way to undo it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.give import links
from fundraise.give.mine import words
from fundraise.money import format_kronor
from fundraise.pledges.models import Pledge, PledgeChange
from fundraise.pledges.services.changing import sent_with

SHOWN_FOR = timedelta(days=1)
K = PledgeChange.Kind
UNDOABLE = {K.AMOUNT, K.DAY, K.SKIP, K.PAUSE}


@dataclass(frozen=True)
class Recent:
    """The latest change."""

    said: str
    time: str
    undo_url: str


def change_of(pledge: Pledge, language: str) -> Recent | None:
    """The latest change that stands; none when it is older than a day."""
    since = clock.now() - SHOWN_FOR
    changes = PledgeChange.objects.filter(pledge=pledge, made_at__gt=since, undone_at=None)
    change = changes.order_by("-made_at", "-pk").first()
    if change is None:
        return None
    undo = change.kind in UNDOABLE and pledge.state != Pledge.State.ENDED
    if change.after.get("instead"):
        undo = False
    if change.kind in {K.AMOUNT, K.DAY} and sent_with(change):
        undo = False
    return Recent(
        said=_said(change),
        time=date_format(localtime(change.made_at), "H.i"),
        undo_url=links.own("undo", language, pledge.ref, change.pk) if undo else "",
    )


def _said(change: PledgeChange) -> str:
    if change.kind == K.AMOUNT:
        return _("The sum is changed from %(before)s to %(after)s.") % {
            "before": format_kronor(int(change.before.get("amount_ore", 0))),
            "after": format_kronor(int(change.after.get("amount_ore", 0))),
        }
    if change.kind == K.DAY:
        drawn = words.drawn_on(int(change.after.get("day", 1)))
        return _("The day is changed: we draw on %(day)s.") % {"day": drawn}
    if change.after.get("instead"):
        return _("You have given this month another way, so we do not try to draw it again.")
    said = {
        K.SKIP: _("The next gift is skipped."),
        K.UNSKIP: _("The gift is no longer skipped."),
        K.PAUSE: _("Your gift is paused."),
        K.RESUME: _("Your gift has started again."),
        K.STOP: _("Your monthly gift has ended. Thank you for all that you have given."),
        K.ACCOUNT: _("A new account or card has been asked for."),
        K.REPAIR: _("Thank you, it is put right."),
    }
    return said[K(change.kind)]
