"""A journey whose campaign is over runs on, and what asks for the campaign is not sent: that rings
once, and whoever made the journey is told."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.language import SWEDISH
from mailings import transactional
from mailings.appeals import asking
from mailings.appeals.services import closing
from mailings.journeys.models import Journey
from mailings.letters import Letter

ALARM = "journey-campaign-over"


def asks(journey: Journey) -> bool:
    """Whether any of its mails asks for its campaign."""
    steps = journey.steps.select_related("pattern__campaign__entity")
    return any(asking.asks(step.pattern) for step in steps)


def watch(running: Iterable[Journey]) -> int:
    """Ring for each that would ask for a campaign that is over, and no more when it would not."""
    late = [one for one in running if one.campaign.is_over(clock.today()) and asks(one)]
    for journey in late:
        text = "A journey asks for a campaign that is over: those mails are not sent."
        if jobs.raise_alarm(ALARM, str(journey.ref), text):
            _tell(journey)
    jobs.resolve_alarms(ALARM, but={str(journey.ref) for journey in late})
    return len(late)


def _tell(journey: Journey) -> None:
    user = closing.owner(journey.created_by, journey.campaign.entity_id)
    if user is None:
        return
    with translation.override(SWEDISH):
        letter = _letter(journey)
    transactional.prepare(
        ALARM,
        f"{journey.ref}:{clock.today()}",
        to=user.email,
        language=letter.language,
        subject=letter.subject,
        html=letter.as_html(),
        text=letter.as_text(),
    )


def _letter(journey: Journey) -> Letter:
    names = {"name": journey.name, "campaign": journey.campaign.title(SWEDISH)}
    return Letter(
        language=SWEDISH,
        subject=_("A journey no longer asks: its campaign is over"),
        said=(
            _(
                "Some mails of the journey “%(name)s” ask for “%(campaign)s”, which is over. They"
                " are not sent: whoever would get one leaves the journey instead."
            )
            % names,
            _("Open the campaign again, write the mails anew, or end the journey."),
        ),
        button=_("See the journey"),
        link=f"{settings.BASE_URL}/staff/journeys/{journey.ref}/",
        footer=_("You get this because the journey is yours."),
    )
