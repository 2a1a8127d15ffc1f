"""Gifts to write receipts for, and the Swedish words as they are in the catalogue's part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from django.utils.translation import trans_real

from fundraise.campaigns.models import Campaign
from fundraise.gifts import giver as givers
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift, GiverDetails
from fundraise.ledger.models import LegalEntity
from fundraise.locale.build import merge
from tests.people import make_campaign, make_party

PARTS = ("mail.po", "papers.po")
SEEN = datetime(2026, 11, 2, 22, 30, tzinfo=UTC)  # already 23.30 in Stockholm


@pytest.fixture(autouse=True)
def swedish(settings: Any, tmp_path: Path) -> Iterator[None]:
    folder = tmp_path / "locale" / "sv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    parts = [settings.BASE_DIR / "fundraise/locale/parts" / name for name in PARTS]
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, merge(parts)[0])
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    trans_real._translations = {}  # type: ignore[attr-defined]
    yield
    trans_real._translations = {}  # type: ignore[attr-defined]


@pytest.fixture
def party(db: None) -> LegalEntity:
    return make_party()


@pytest.fixture
def campaign(party: LegalEntity) -> Campaign:
    return make_campaign(party)


GiveIt = Callable[..., Gift]


@pytest.fixture
def received(campaign: Campaign) -> GiveIt:
    """A gift whose money has been seen, without the journals that receipts don't need."""

    def give(giver: Giver | None = None, **fields: Any) -> Gift:
        gift = Gift.objects.create(
            **{
                "campaign": campaign,
                "entity_id": campaign.entity_id,
                "amount_ore": 1_200_00,
                "state": Gift.State.RECEIVED,
                "channel": "swish",
                "created_at": SEEN,
                "received_at": SEEN,
                **fields,
            }
        )
        if giver:
            GiverDetails.objects.create(gift=gift, sealed=givers.seal(giver, gift.ref))
        return gift

    return give
