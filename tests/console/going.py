"""A journey of a house's, with two mails that are written, for its pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from fundraise.staff.services import give_role
from mailings.appeals.models import Content, Variant
from mailings.attribution import codes
from mailings.attribution.models import SourceCode
from mailings.journeys import services
from mailings.journeys.models import Journey
from tests.console.house import House
from tests.mailings.appeals import house as sending

OTHER = "staff:0"


def journey_of(house: House) -> Journey:
    """Welcome, at once and a week later; switched off, ready to be switched on."""
    found = Journey.objects.filter(campaign=house.campaign, trigger="welcome").first()
    if found is not None:
        return found
    made = services.new_journey(house.campaign, "welcome", "Välkommen", by=OTHER)
    for days in (0, 7):
        write(services.add_step(made, days, by=OTHER).pattern.pk)
    return made


def write(pattern: int) -> None:
    """The words of a mail, as the editor leaves them."""
    sending.write(Variant.objects.get(appeal=pattern))


def written(journey: Journey) -> list[Content]:
    return list(Content.objects.filter(variant__appeal__step__journey=journey).order_by("pk"))


def at(house: House) -> dict[str, Any]:
    return {"ref": journey_of(house).ref}


def switched(house: House) -> dict[str, Any]:
    return {**at(house), "state": "on"}


def told(house: House) -> dict[str, Any]:
    """One of the entity's staff with an address, to be told the week's figures."""
    user, new = User.objects.get_or_create(
        username=f"told-{house.campaign.slug}", email="told@party.example", is_staff=True
    )
    if new:
        give_role(user, "comms", house.campaign.entity, by=OTHER)
    return {"user": user.pk, "weekly": "on"}


def named(house: House) -> dict[str, Any]:
    return {"name": "Tack", "trigger": "thanks", "campaign": house.campaign.pk}


def code_of(house: House) -> SourceCode:
    """A code on the house's posters."""
    entity = house.campaign.entity_id
    found = SourceCode.objects.filter(campaign=house.campaign).first()
    return found or codes.new_code(
        code=f"AFF{entity}", label="Affischer", campaign=house.campaign, by=OTHER, medium="poster"
    )


def at_code(house: House) -> dict[str, Any]:
    return {"ref": code_of(house).ref}


def coded(house: House) -> dict[str, Any]:
    entity = house.campaign.entity_id
    form = {"code": f"BREV-{entity}", "label": "Höstbrevet", "medium": "letter"}
    return {**form, "campaign": house.campaign.pk}


def waits(_house: House) -> dict[str, Any]:
    return {"step_1": "1", "step_2": "14"}
