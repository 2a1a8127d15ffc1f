from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory

from fundraise.limits import services
from fundraise.limits.address import block_of, client_address
from fundraise.limits.models import Bucket
from tests.people import NOON


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.9", "192.0.2.0/24"),
        ("not an address", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_belongs_to_a_block(address: str, block: str) -> None:
    assert block_of(address) == block


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "10.0.0.1"),
        ("203.0.113.5", 0, "10.0.0.1"),  # nobody we trust wrote it
        ("203.0.113.5", 1, "203.0.113.5"),
        ("6.6.6.6, 203.0.113.5", 1, "203.0.113.5"),  # the first was the client's own invention
        ("6.6.6.6, 203.0.113.5, 198.51.100.2", 2, "203.0.113.5"),
        ("203.0.113.5", 2, "10.0.0.1"),
    ],
)
def test_only_what_our_proxies_wrote_counts(forwarded: str, proxies: int, address: str) -> None:
    assert client_address("10.0.0.1", forwarded, proxies) == address


@pytest.mark.django_db
def test_an_allowance_is_spent_and_refills_evenly(settings: Any) -> None:
    settings.LIMITS = {"give": (3, 60)}
    assert [services.take("give", "block", NOON) for _ in range(5)] == [True] * 3 + [False] * 2
    assert not services.take("give", "block", NOON + timedelta(seconds=19))
    assert services.take("give", "block", NOON + timedelta(seconds=20))
    assert services.take("give", "another", NOON)
    day_later = NOON + timedelta(days=2)
    assert [services.take("give", "block", day_later) for _ in range(4)] == [True] * 3 + [False]


@pytest.mark.django_db
def test_what_is_given_back_does_not_count_and_is_never_more_than_all(settings: Any) -> None:
    settings.LIMITS = {"give": (3, 60)}
    for _ in range(5):
        assert services.take("give", "block", NOON)
        services.give_back("give", "block")
    services.give_back("give", "block")
    services.give_back("give", "nobody yet")

    assert [services.take("give", "block", NOON) for _ in range(4)] == [True] * 3 + [False]


@pytest.mark.django_db
def test_requests_of_one_block_share_and_no_address_is_kept(settings: Any) -> None:
    settings.LIMITS = {"give": (2, 600)}
    ask = RequestFactory()
    allowed = [services.allow(ask.post("/", REMOTE_ADDR=f"192.0.2.{n}"), "give") for n in (1, 2, 3)]
    assert allowed == [True, True, False]
    assert b"192.0.2" not in bytes(Bucket.objects.get().key)
    assert services.prune(NOON + timedelta(days=3650)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_flood_at_one_moment_gets_no_more_than_the_allowance(settings: Any) -> None:
    settings.LIMITS = {"give": (5, 600)}

    def ask(_number: int) -> bool:
        try:
            return services.take("give", "block", NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(ask, range(40))) == 5
