"""Donors with gifts on given days, for what journeys look at."""

from __future__ import annotations

from datetime import date, datetime, time

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift


def a_donor(name: str) -> Donor:
    return donors.register_donor(
        name=PersonName(name, "Ek"),
        language="sv",
        source="gift_page",
        by="staff:1",
        email=f"{name.lower()}@example.se",
    )


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), clock.STOCKHOLM)


def gave(
    campaign: Campaign, donor: Donor, day: date, *, origin: str = "page", hour: int = 12
) -> Gift:
    """A gift as it stands when the money was seen; what booked it is of no matter here."""
    return Gift.objects.create(
        entity=campaign.entity,
        campaign=campaign,
        donor=donor,
        state=Gift.State.RECEIVED,
        channel="card",
        amount_ore=200_00,
        origin=origin,
        created_at=at(day, hour),
        received_at=at(day, hour),
    )
