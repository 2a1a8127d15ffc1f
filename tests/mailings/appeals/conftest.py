from __future__ import annotations

from typing import Any

import pytest

from fundraise.campaigns.models import Campaign
from tests.mailings.appeals.house import house, use_fake


@pytest.fixture
def carrier(settings: Any) -> None:
    """Appeals go through the fake sender, all at once and by day or night."""
    settings.MAIL_SENDERS = dict(settings.MAIL_SENDERS)
    settings.APPEAL_SENDER = settings.APPEAL_SENDER
    settings.APPEAL_COOL_OFF_MINUTES = 0
    settings.APPEAL_QUIET_FROM = settings.APPEAL_QUIET_UNTIL = 0
    settings.APPEAL_NEXT_WAVE_MINUTES = 0
    use_fake()


@pytest.fixture
def campaign(db: None, carrier: None) -> Campaign:
    return house()
