"""Ready-made journeys: each trigger's mails with their waits and words, made as drafts.

Staff read them, write under whose name they go, and switch the journey on.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from fundraise.campaigns.models import Campaign
from mailings.appeals.services import writing
from mailings.composing.sheets import Sheet, read
from mailings.journeys import services
from mailings.journeys.mails import MY_PAGES, RAISING, Words
from mailings.journeys.models import Journey
from mailings.journeys.ready_words import MAILS

PAGES = {MY_PAGES: "mine", RAISING: "raise"}


@transaction.atomic
def new_ready(campaign: Campaign, trigger: str, name: str, *, by: str, months: int = 12) -> Journey:
    """A journey with its mails written in both languages, switched off."""
    journey = services.new_journey(campaign, trigger, name, by=by, months=months)
    for mail in MAILS[journey.trigger]:
        step = services.add_step(journey, mail.wait_days, by=by)
        for language, words in (("sv", mail.sv), ("en", mail.en)):
            writing.save_words(
                appeal_id=step.pattern.pk,
                letter="A",
                language=language,
                sheet=sheet_of(words, language),
                edition=0,
                by=by,
            )
    return journey


def sheet_of(words: Words, language: str) -> Sheet:
    """The mail as the editor keeps it; a link to My pages leads to those of its language."""
    blocks: list[dict[str, Any]] = []
    for number, block in enumerate(words.blocks, 1):
        blocks.append({"id": f"b{number}", **{k: _led(v, language) for k, v in block.items()}})
    return read({"subject": words.subject, "preheader": words.preheader, "blocks": blocks})


def _led(words: str, language: str) -> str:
    """Words with addresses for what stands for them: a button's alone, or a link's in a text."""
    for name, page in PAGES.items():
        if words == name or f"]({name})" in words:
            address = _address(f"{page}_{language}", language)
            words = address if words == name else words.replace(f"]({name})", f"]({address})")
    return words


def _address(page: str, language: str) -> str:
    with translation.override(language):
        return f"{settings.BASE_URL}{reverse(f'give:{page}')}"
