"""A campaign with every way to give, and the Swedish texts compiled."""

from __future__ import annotations

import gettext

import pytest
from django.utils.translation import trans_real

from fundraise.campaigns.models import Campaign
from fundraise.give import kept
from fundraise.local import prepare
from fundraise.providers.models import Account
from tests.people import make_campaign, make_party


@pytest.fixture(scope="session", autouse=True)
def _swedish() -> None:
    """The catalogue as the set-up step makes it, and made already unless a text is newer."""
    if not prepare.compile_catalogues():
        return
    gettext._translations.clear()  # type: ignore[attr-defined]
    trans_real._translations.clear()  # type: ignore[attr-defined]


@pytest.fixture
def campaign(db: None) -> Campaign:
    """Two million for the election, with Stripe (Swish in it) as its only way."""
    made = make_campaign(make_party())
    Account.objects.create(
        entity=made.entity, provider="stripe", slug="main", name="Stripe", settings_prefix="STRIPE"
    )
    return made


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thermometer is read anew each time; what it keeps has tests of its own."""
    monkeypatch.setattr(kept, "SECONDS", 0)
