"""The demo's asks: an appeal that is scheduled, one that is being written, a journey that runs."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.ops.demo import mails, party
from mailings.appeals.errors import AppealError
from mailings.appeals.models import Appeal
from mailings.appeals.services import drafting, scheduling, writing
from mailings.journeys import services as journeys
from mailings.journeys.models import Journey

AHEAD = timedelta(days=2)
AT = "18:03"  # an odd minute: at whole hours everybody sends
WELCOME = (("thanks", 0), ("monthly", 14))


def ensure() -> None:
    """Made once; what a person changed or threw away afterwards stays as it is."""
    campaign = Campaign.objects.get(slug=party.SLUG)
    if Appeal.objects.exists():
        return
    appeal = _written(campaign, "Vi har chansen nu", "appeal")
    day = clock.today() + AHEAD
    with suppress(AppealError):  # nobody may be asked yet: it waits as a draft
        scheduling.schedule(appeal.ref, local_time=f"{day}T{AT}", by=party.BY)
    _written(campaign, "Bli månadsgivare", "monthly")
    _welcome(campaign)


def _written(campaign: Campaign, title: str, template: str) -> Appeal:
    made = drafting.new_appeal(campaign=campaign, title=title, by=party.BY)
    _write(made, template)
    return made


def _write(appeal: Appeal, template: str) -> None:
    for language in mails.LANGUAGES:
        writing.save_words(
            appeal_id=appeal.pk,
            letter="A",
            language=language,
            sheet=mails.whole(template, language),
            edition=0,
            by=party.BY,
        )


def _welcome(campaign: Campaign) -> None:
    made = journeys.new_journey(campaign, Journey.Trigger.WELCOME, "Välkommen", by=party.BY)
    for template, days in WELCOME:
        step = journeys.add_step(made, days, by=party.BY)
        _write(step.pattern, template)
    journeys.switch_on(made, by=party.BY)
