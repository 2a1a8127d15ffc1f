"""A template and an appeal of a house's, for the pages where mails are written."""

from __future__ import annotations

import io
import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from fundraise import clock
from mailings.appeals.models import Appeal
from mailings.composing import services
from mailings.composing.models import Template
from mailings.composing.sheets import Sheet, read
from mailings.composing.starters import STARTERS
from tests.console.house import House


def signed(language: str) -> Sheet:
    """The appeal to begin from, with a name under it, so that nothing is left to write."""
    kept = STARTERS["appeal"].sheets[language].dump()
    kept["blocks"][-1]["name"] = "Anna Svensson"
    return read(kept)


SHEET = json.dumps({**signed("sv").dump(), "subject": "Nytt ämne"})


def template_of(house: House) -> Template:
    """The house's template, made the first time that it is asked for."""
    found = Template.objects.filter(entity=house.campaign.entity).first()
    return found or services.create_template(
        entity=house.campaign.entity,
        name="Höstbrev",
        by="staff:1",
        sheets=STARTERS["appeal"].sheets,
    )


def appeal_of(house: House) -> Appeal:
    """The house's appeal, a draft."""
    found = Appeal.objects.filter(campaign=house.campaign, state="draft").first()
    return found or Appeal.objects.create(
        campaign=house.campaign, title="Höst", created_at=clock.now(), created_by="staff:1"
    )


def template(house: House) -> dict[str, Any]:
    return {"ref": template_of(house).ref}


def appeal(house: House) -> dict[str, Any]:
    return {"ref": appeal_of(house).ref}


def version(house: House) -> dict[str, Any]:
    return {**template(house), "number": 1}


def saved(house: House) -> dict[str, Any]:
    """A save as the editor's script sends it."""
    edition = template_of(house).edition
    return {"letter": "A", "language": "sv", "edition": edition, "sheet": SHEET}


def saved_appeal(_house: House) -> dict[str, Any]:
    return {"letter": "A", "language": "sv", "edition": 0, "sheet": SHEET}


def named(house: House) -> dict[str, Any]:
    entity = house.campaign.entity_id
    return {"name": f"Ny {entity}", "entity": entity, "starter": "thanks"}


def picture(house: House) -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (1, 2, house.campaign.entity_id % 256)).save(out, "PNG")
    file = SimpleUploadedFile("a.png", out.getvalue())
    return {"picture": file, "alt_sv": "En ruta", "entity": house.campaign.entity_id}
