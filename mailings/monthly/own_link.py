"""A link that staff send when a donor asks: another account, card or day, without logging in."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.pledges import links
from fundraise.pledges.models import Pledge
from mailings.monthly import posting, subjects
from mailings.monthly import words as said
from mailings.monthly.letter import GiverLetter

STATES = frozenset({"pending", "active", "paused", "halted"})


def send(pledge: Pledge, *, by: str) -> str:
    """Mail the link, once a day at most: "sent", "again" (it was today), "nowhere" or "over"."""
    with transaction.atomic():
        row = Pledge.objects.select_for_update(no_key=True, of=("self",))
        pledge = row.select_related("campaign", "entity").get(pk=pledge.pk)
        if pledge.state not in STATES:
            return "over"
        subject = subjects.of_own_link(pledge, clock.today())
        if posting.was_prepared(subjects.OWN_LINK, subject):
            return "again"
        if not posting.post(subjects.OWN_LINK, subject, pledge, lambda: _letter(pledge)):
            return "nowhere"
        audit.log_change(
            by=by, action="pledge.link.sent", subject_type="pledge", subject_ref=pledge.ref
        )
    return "sent"


def _letter(pledge: Pledge) -> GiverLetter:
    return GiverLetter(
        language=pledge.language,
        subject=_("The link that you asked for"),
        heading=_("Change your monthly gift"),
        said=(
            _("You asked us for a link. It lets you choose another account, card or day."),
            _("It works for thirty days, for this gift alone. Nothing changes by opening it."),
        ),
        facts=((_("Your gift"), said.sum_and_rhythm(pledge)),),
        button=_("Change your monthly gift"),
        link=links.repair_link(pledge),
        after=(_("If you did not ask for it, do nothing."), said.call_us(pledge.entity)),
        foot=said.foot(pledge),
    )
