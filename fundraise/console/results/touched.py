"""What a gift or a monthly gift is counted to, and who reached its giver first: for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fundraise.gifts.models import Gift
from fundraise.pledges.models import Pledge
from fundraise.staff.rights import Rights
from mailings.appeals.models import Appeal
from mailings.attribution import touching
from mailings.attribution.models import SourceCode

VIEW = "appeals.view"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is called, what it says, where that leads, and more about it."""

    label: str | Promise
    said: str
    url: str = ""
    more: str = ""
    at: datetime | None = None


def lines(held: Rights, row: Gift | Pledge) -> list[Line]:
    """The last touch and the first; nothing for whoever may see no appeals of the entity."""
    if not held.may(VIEW, row.entity_id):
        return []
    if isinstance(row, Gift) and row.state != Gift.State.RECEIVED:
        return []
    touch = touching.of(row)
    last = _("Counts to")
    if touch is None:
        return [Line(last, _("Not counted yet: that happens every five minutes."))]
    if touch.appeal is None and touch.code is None:
        return [Line(last, _("No appeal"))]
    more = str(touch.get_way_display())
    if touch.passed_on:
        more = f"{more}. {_('The link was passed on.')}"
    made = [_line(held, last, touch.appeal or touch.code, more, touch.last_at)]
    if touch.first_appeal is not None:
        made.append(_line(held, _("First reached by"), touch.first_appeal, "", touch.first_at))
    return made


def _line(
    held: Rights, label: str, led: Appeal | SourceCode | None, more: str, at: datetime | None
) -> Line:
    """An appeal or a printed code by its name, with its page for whoever may open it."""
    if isinstance(led, Appeal):
        may = held.may(VIEW, led.campaign.entity_id)
        url = reverse("console:appeal_result", args=[led.ref]) if may else ""
        return Line(label, led.title, url, more, at)
    code = led.code if led is not None else ""
    return Line(label, _("The code %(code)s") % {"code": code}, "", more, at)
