from __future__ import annotations

import pytest

from donors import services as donors
from donors.models import Donor
from donors.values import OrganisationName
from tests.donors.givers import BY, Givers, register


@pytest.fixture
def anna(db: None) -> Donor:
    return register()


@pytest.fixture
def givers(anna: Donor) -> Givers:
    bo = register(given="Bo")
    union = donors.register_donor(
        name=OrganisationName("Hamnarbetarna"),
        language="en",
        source="import",
        by=BY,
        email="kassa@hamn.example.se",
    )
    return Givers(anna=anna, bo=bo, union=union)
