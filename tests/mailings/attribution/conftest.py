from __future__ import annotations

from collections.abc import Iterator

import pytest

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName
from tests.mailings.attribution.money import left
from tests.mailings.mailed import Mailed, mail_to
from tests.people import CECILIA
from tests.pledging import House, own_time


@pytest.fixture
def house() -> Iterator[House]:
    with own_time() as house:
        house.open()
        yield house


@pytest.fixture
def anna(house: House) -> Donor:
    return donors.register_donor(
        name=PersonName("Anna", "Ek"),
        language="sv",
        source="staff",
        by=CECILIA,
        email="anna@example.se",
    )


@pytest.fixture
def mailed(house: House, anna: Donor) -> Mailed:
    return left(mail_to(house.campaign, [(anna.pk, "anna@example.se"), (10**9, "b@c.se")]), days=3)
