"""What a house has of mail, for whoever tries every endpoint: found again by its campaign."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from fundraise import clock
from fundraise.campaigns.models import Campaign
from mailings.appeals.models import Appeal, Batch, Wave
from mailings.appeals.services import drafting
from mailings.attribution import codes
from mailings.attribution.models import SourceCode
from mailings.composing import services as composing
from mailings.composing.models import Template
from mailings.journeys import services as journeys
from mailings.journeys.models import Journey
from mailings.segments import services as segments
from mailings.segments.models import Segment
from mailings.suppressions import queries, services
from mailings.suppressions.models import Suppression
from tests.console.house import House
from tests.mailings.appeals.house import write
from tests.people import CECILIA

DRAFT, WAITING, SENDING = "Utkast", "Väntar", "På väg"


def furnish_mail(campaign: Campaign) -> None:
    """An appeal that is a draft, one that waits and one that is being sent; and what is beside."""
    draft = drafting.new_appeal(campaign=campaign, title=DRAFT, by=CECILIA)
    content = write(draft.variants.get())
    now = clock.now()
    times = {
        "send_at": now + timedelta(days=2), "scheduled_at": now, "local_time": "2026-12-01T18:03",
        "created_at": now, "created_by": CECILIA,
    }  # fmt: skip
    Appeal.objects.create(campaign=campaign, title=WAITING, state="scheduled", **times)
    going = Appeal.objects.create(
        campaign=campaign, title=SENDING, state="sending", frozen_at=now, prepared_at=now,
        started_at=now, **times,
    )  # fmt: skip
    wave = Wave.objects.create(appeal=going, number=1)
    Batch.objects.create(
        appeal=going, wave=wave, content=content, family="other", first_seq=1, people=1,
        state="in_doubt", fence=uuid4(),
    )  # fmt: skip
    composing.create_template(entity=campaign.entity, name="Brev", by=CECILIA)
    codes.new_code(code=f"brev-{campaign.slug}", label="Brev", campaign=campaign, by=CECILIA)
    journey = journeys.new_journey(campaign, "welcome", "Välkommen", by=CECILIA)
    journeys.add_step(journey, 0, by=CECILIA)
    write(journey.steps.get().pattern.variants.get())
    if not Segment.objects.filter(code="").exists():
        services.suppress(
            email_key=queries.keys_of("nej@example.se")[0], reason="staff", source="staff",
            by=CECILIA,
        )  # fmt: skip
        segments.create_segment(name="Givare", tree={"is": "has_email"}, by=CECILIA)


def ref_of(title: str, house: House) -> UUID:
    return Appeal.objects.get(campaign=house.campaign, title=title).ref


def draft(house: House) -> UUID:
    return ref_of(DRAFT, house)


def waiting(house: House) -> UUID:
    return ref_of(WAITING, house)


def going(house: House) -> UUID:
    return ref_of(SENDING, house)


def doubt(house: House) -> UUID:
    fence = Batch.objects.get(appeal__campaign=house.campaign).fence
    assert fence is not None
    return fence


def segment(_house: House) -> UUID:
    return Segment.objects.get(code="").ref


def template(house: House) -> UUID:
    return Template.objects.get(entity=house.campaign.entity).ref


def code(house: House) -> UUID:
    return SourceCode.objects.get(campaign=house.campaign).ref


def journey(house: House) -> UUID:
    return Journey.objects.get(campaign=house.campaign).ref


def suppression(_house: House) -> UUID:
    return Suppression.objects.get().ref
