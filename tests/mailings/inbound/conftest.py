from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.give.mails.conftest import Post, mail_out
from tests.pledging import House, own_time


@pytest.fixture(autouse=True)
def _domain(settings: Settings) -> None:
    settings.MAIL_INBOUND_DOMAIN = "svar.example.org"
    settings.SENDGRID_INBOUND_TOKEN = "hemlig-adress"


@pytest.fixture
def house(db: None) -> Iterator[House]:
    with own_time() as made:
        yield made


@pytest.fixture
def sent(house: House) -> Post:
    return mail_out(house)
