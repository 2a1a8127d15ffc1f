"""What one seed has made, looked at by all: the totals, and that the books stand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from donors import queries as donor_queries
from donors import services as donors
from donors.models import Donor, DonorKey, LegalBasis
from fundraise.gifts.models import Gift
from fundraise.ledger import proving
from fundraise.ledger.models import Journal
from fundraise.ops.seed import load
from fundraise.ops.seed.services import seed
from fundraise.ops.seed.totals import Totals
from fundraise.providers.models import BalanceLine, Payout
from tests import servers
from tests.ops.test_seed import ASKED, SMALL, UNTIL, one

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def totals(django_db_setup: None, django_db_blocker: Any) -> Iterator[Totals]:
    """What a seed of a database of its own says that it has made."""
    database = f"{servers.DATABASE}_seed"
    with django_db_blocker.unblock():
        servers.copy(database, servers.template())
        servers.point_django_at(database, os.environ["DATABASE_URL"])
        made = seed(SMALL)
    yield made
    with django_db_blocker.unblock():
        servers.point_django_at(servers.DATABASE, os.environ["DATABASE_URL"])
        servers.drop(database)


def test_the_totals_are_those_of_the_tables(totals: Totals) -> None:
    said = totals.as_json()
    assert {name: said[name] for name in ASKED} == {n: one(query) for n, query in ASKED.items()}
    assert (said["donors"], said["gifts"]) == (120, 4000)
    assert totals.refunds > 0
    assert totals.disputes > 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel, sum(amount_ore - refunded_ore - disputed_ore) FROM gifts_gift"
            " GROUP BY channel"
        )
        assert said["by_channel_ore"] == {channel: int(ore) for channel, ore in cursor.fetchall()}


def test_the_books_of_a_seed_agree(totals: Totals) -> None:
    verdict = proving.prove()
    assert {check.name: check.status for check in verdict.differing} == {}
    received = one("SELECT received_ore FROM campaigns_thermometer")
    assert received == totals.received_ore
    assert bytes(one("SELECT hash FROM ledger_chainhead")).hex() == totals.chain


def test_journals_read_as_if_they_came_through_the_door(totals: Totals) -> None:
    gift = Gift.objects.filter(channel="card").order_by("pk")[0]
    booked, fee = Journal.objects.filter(text__endswith=str(gift.ref)).order_by("position")[:2]
    assert (booked.text, booked.source) == (
        f"Gåva {gift.ref}",
        f"stripe:charge:{gift.provider_ref}",
    )
    assert (fee.text, fee.position) == (f"Avgift {gift.ref}", booked.position + 1)
    assert booked.event_date == booked.accounting_date
    assert Journal.objects.filter(accounting_date__range=(totals.first_day, UNTIL)).count() == (
        totals.journals
    )


def test_donors_are_sealed_under_keys_of_their_own(totals: Totals) -> None:
    donor = Donor.objects.order_by("pk")[3]
    card = donors.read_card(donor_ref=donor.ref, by="staff:david", purpose="card")
    assert card.name is not None
    assert card.name.full.count(" ") == 1
    email = next(point.value for point in card.contact_points if point.kind == "email")
    assert donor in donors.find_by_email(str(email))
    assert DonorKey.objects.count() == 120
    members = LegalBasis.objects.filter(purpose="appeals", basis="membership").count()
    assert donor_queries.allowed("appeals").count() == members > 0


def test_couples_share_an_address_and_count_as_one_giver(totals: Totals) -> None:
    shared = one(
        "SELECT count(*) FROM (SELECT value_hash FROM donors_contactpoint WHERE kind = 'email'"
        " GROUP BY 1 HAVING count(*) > 1) couples"
    )
    assert shared > 0
    keys_of_two = one(
        "SELECT count(*) FROM (SELECT giver_key FROM gifts_gift GROUP BY 1"
        " HAVING count(DISTINCT donor_id) > 1 AND bool_and(giver_key IS NOT NULL)) shared"
    )
    assert keys_of_two > 0


def test_every_key_index_and_trigger_is_there_again(totals: Totals) -> None:
    broken = "UPDATE ledger_entry SET amount_ore = 1"
    with load.owner() as owner, pytest.raises(psycopg.Error, match="append-only"):
        owner.execute(broken)
    with servers.superuser(f"{servers.DATABASE}_seed") as seeded:
        found = shape(seeded)
    with servers.superuser(servers.DATABASE) as fresh:
        assert found == shape(fresh)


def shape(admin: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    return admin.execute(
        "SELECT conname, pg_get_constraintdef(oid) || convalidated FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace"
        # PostgreSQL writes a condition a little otherwise the second time it reads it.
        " UNION ALL SELECT indexname, regexp_replace(indexdef, 'WHERE.*', 'WHERE')"
        " FROM pg_indexes WHERE schemaname = 'public'"
        " UNION ALL SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
        " ORDER BY 1, 2"
    ).fetchall()


def test_payouts_pay_what_gathered_and_the_last_lines_wait(totals: Totals) -> None:
    waiting = BalanceLine.objects.filter(payout=None)
    assert sum(line.net_ore for line in waiting) == totals.stripe_ore > 0
    assert Payout.objects.filter(arrives_on__week_day__in=[1, 7]).count() == 0
