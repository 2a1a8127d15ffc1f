from __future__ import annotations

from collections.abc import Iterator

import pytest

from fundraise.campaigns.models import Campaign
from fundraise.hooks import services
from fundraise.hooks.kinds import KINDS
from fundraise.hooks.services import Secret
from fundraise.ledger.models import LegalEntity
from tests.hooks.receiver import Receiver
from tests.people import make_campaign, make_party


@pytest.fixture
def party(db: None) -> LegalEntity:
    return make_party()


@pytest.fixture
def campaign(party: LegalEntity) -> Campaign:
    return make_campaign(party)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def made(party: LegalEntity, receiver: Receiver) -> Secret:
    """An endpoint that wants everything, at the running receiver."""
    return services.make_endpoint(
        entity=party, name="CRM", url=receiver.url, kinds=list(KINDS), by="staff:1"
    )
