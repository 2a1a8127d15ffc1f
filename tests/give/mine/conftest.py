"""A party that takes autogiro, a donor's pledge, and a browser that has logged in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.give.mine.browsing import log_in
from tests.pledging import House, own_time


@pytest.fixture
def house(db: None) -> Iterator[House]:
    """The party on 2 November 2026, its clock in the test's hands."""
    with own_time() as made:
        made.open()
        yield made


@pytest.fixture
def anna(house: House, client: Client) -> Client:
    """Anna's browser on My pages; her pledge is for the test to make."""
    return log_in(client, "anna@example.se")
