from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journey import Journey
from tests.proofs import differing
from tests.providers.monthly import Monthly
from tests.stripe_stand_in import API_KEY, WEBHOOK_SECRET, StripeStandIn


@pytest.fixture(scope="session")
def stand_in_process() -> Iterator[StripeStandIn]:
    with StripeStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(stand_in_process: StripeStandIn, settings: Any) -> StripeStandIn:
    stand_in_process.reset()
    settings.STRIPE_API_BASE = stand_in_process.address
    settings.STRIPE_SECRET_KEY = API_KEY
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
    return stand_in_process


@pytest.fixture
def journey(db: None, stand_in: StripeStandIn) -> Iterator[Journey]:
    """A party with its campaign; whatever the test did, the books must prove themselves after."""
    made = Journey(stand_in)
    yield made
    assert differing() == []


@pytest.fixture
def monthly(journey: Journey, settings: Any) -> Monthly:
    """Anna's monthly gifts by card, with that journey's party."""
    return Monthly(journey, settings)
