"""The seed's totals, asked of the tables by queries of their own; and that the books stand."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from donors import queries as donor_queries
from donors import services as donors
from donors.models import Donor, DonorKey, LegalBasis
from fundraise.campaigns.models import Campaign
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.gifts.queries import giver_of
from fundraise.ledger import services as ledger
from fundraise.ledger.models import Journal, Period
from fundraise.ops import proof
from fundraise.ops.demo import party
from fundraise.ops.seed import load
from fundraise.ops.seed.services import Plan, SeedRefused, seed
from fundraise.ops.seed.totals import Totals
from fundraise.pledges import promise
from fundraise.pledges.models import Collection, Instalment, Pledge
from fundraise.pledges.services import changing, days, starting
from fundraise.pledges.services.starting import NewPledge
from fundraise.providers.models import BalanceLine, Payout
from tests.ledger.test_posting import draft

pytestmark = pytest.mark.django_db(transaction=True)

UNTIL = date(2026, 11, 20)
SMALL = Plan(donors=120, gifts=4000, seed=7, until=UNTIL)

ASKED = {
    "gifts": "SELECT count(*) FROM gifts_gift",
    "given_ore": "SELECT sum(amount_ore) FROM gifts_gift",
    "standing_gifts": "SELECT count(*) FROM gifts_gift"
    " WHERE amount_ore > refunded_ore + disputed_ore",
    "refunds": "SELECT count(*) FROM gifts_refund WHERE state = 'settled'",
    "refunded_ore": "SELECT coalesce(sum(amount_ore), 0) FROM gifts_refund",
    "disputes": "SELECT count(*) FROM gifts_dispute",
    "disputed_ore": "SELECT coalesce(sum(taken_ore), 0) FROM gifts_dispute",
    "received_ore": "SELECT sum(amount_ore - refunded_ore - disputed_ore) FROM gifts_gift",
    "fees_ore": "SELECT sum(CASE WHEN d.role = 'fees' THEN amount_ore ELSE -amount_ore END)"
    " FROM ledger_entry e JOIN ledger_account d ON d.id = debit_account_id"
    " JOIN ledger_account c ON c.id = credit_account_id"
    " WHERE (d.role = 'fees') <> (c.role = 'fees')",
    "givers": "SELECT count(DISTINCT giver_key) FROM gifts_gift"
    " WHERE amount_ore > refunded_ore + disputed_ore",
    "donors": "SELECT count(*) FROM donors_donor JOIN keyring_donor_key k ON k.donor_id = id",
    "payouts": "SELECT count(*) FROM providers_payout",
    "paid_out_ore": "SELECT sum(amount_ore) FROM providers_payout",
    "balance_lines": "SELECT count(*) FROM providers_balanceline",
    "stripe_ore": "SELECT sum(amount_ore - fee_ore) FROM providers_balanceline",
    "journals": "SELECT count(*) FROM ledger_journal",
    "entries": "SELECT count(*) FROM ledger_entry",
}


def one(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.fixture
def totals() -> Totals:
    return seed(SMALL)


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
    verdict = proof.prove()
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


def test_the_same_seed_makes_the_same_sums_and_another_seed_others(totals: Totals) -> None:
    people = names()
    emptied()
    assert seed(SMALL) == totals
    assert names() == people
    emptied()
    other = seed(Plan(donors=120, gifts=4000, seed=8, until=UNTIL))
    assert other.given_ore != totals.given_ore


def names() -> set[bytes]:
    found = Donor.objects.values_list("name_hash", flat=True)
    return {bytes(name) for name in found if name is not None}


def emptied() -> None:
    """A fresh copy of the template, as after a test that commits."""
    from django.db import connections

    from tests import conftest, servers

    connections.close_all()
    servers.copy(servers.DATABASE, conftest.TEMPLATE[0])


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
    assert shape() == of_a_fresh_database()


def shape() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) || convalidated FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace"
            # PostgreSQL writes a condition a little otherwise the second time it reads it.
            " UNION ALL SELECT indexname, regexp_replace(indexdef, 'WHERE.*', 'WHERE')"
            " FROM pg_indexes WHERE schemaname = 'public'"
            " UNION ALL SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
            " ORDER BY 1, 2"
        )
        return list(cursor.fetchall())


def of_a_fresh_database() -> list[tuple[str, str]]:
    emptied()
    return shape()


def test_more_is_added_only_when_asked_for(totals: Totals) -> None:
    with pytest.raises(SeedRefused, match="already"):
        seed(SMALL)
    more = seed(Plan(donors=10, gifts=500, seed=7, until=UNTIL, add=True))
    assert one(ASKED["received_ore"]) == totals.received_ore + more.received_ore
    assert proof.prove().ok
    posted = ledger.post_journals([draft(Gift.objects.earliest("pk").entity_id)])[0]
    assert posted.number == one("SELECT max(number) FROM ledger_journal WHERE year = 2026")
    assert [check.name for check in proof.prove().differing if "ledger:" in check.name] == []


def test_what_givers_typed_is_written_when_asked_for() -> None:
    seed(Plan(donors=5, gifts=400, seed=1, until=UNTIL, details=True))
    gift = Gift.objects.exclude(giver_key=None).order_by("pk")[0]
    giver = giver_of(gift.pk)
    assert giver is not None
    assert giver.key() == bytes(gift.giver_key or b"")
    assert giver_of(Gift.objects.filter(giver_key=None)[:1].get().pk) is None


def test_gifts_without_donors_and_donors_without_gifts() -> None:
    assert seed(Plan(donors=3, gifts=0, seed=1)).received_ore == 0
    assert seed(Plan(donors=0, gifts=30, seed=1)).gifts == 30
    assert proof.prove().ok


def test_a_closed_month_is_not_written_in() -> None:
    entity = party.ensure_party()
    closed = Period.State.CLOSED
    ledger.set_period(entity, month=date(2026, 3, 1), state=closed, by="staff:david")
    with pytest.raises(SeedRefused, match="closed"):
        seed(SMALL)
    assert (Gift.objects.count(), Journal.objects.count()) == (0, 0)


def test_live_mode_is_refused(settings: Any) -> None:
    settings.MODE = "live"
    with pytest.raises(CommandError, match="live mode"):
        call_command("seed", "--donors", "1", "--gifts", "1")
    assert Donor.objects.count() == 0


def test_a_seed_that_breaks_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*_words: object) -> Iterator[None]:
        raise ZeroDivisionError

    monkeypatch.setattr("fundraise.ops.seed.ends.close", break_off)
    with pytest.raises(ZeroDivisionError):
        seed(SMALL)
    assert (Gift.objects.count(), Donor.objects.count(), BalanceLine.objects.count()) == (0, 0, 0)


def test_payouts_pay_what_gathered_and_the_last_lines_wait(totals: Totals) -> None:
    waiting = BalanceLine.objects.filter(payout=None)
    assert sum(line.net_ore for line in waiting) == totals.stripe_ore > 0
    assert Payout.objects.filter(arrives_on__week_day__in=[1, 7]).count() == 0


def test_the_command_prints_the_totals() -> None:
    out = io.StringIO()
    call_command("seed", "--donors", "2", "--gifts", "9", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert (said["donors"], said["gifts"]) == (2, 9)
    out = io.StringIO()
    call_command("seed", "--donors", "2", "--gifts", "9", "--add", stdout=out)
    assert "2 donors, 9 gifts" in out.getvalue()


# --- Monthly gifts --------------------------------------------------------------------------------
MONTHLY = Plan(donors=60, gifts=300, seed=7, until=UNTIL, pledges=150)
ASKED_MONTHLY = {
    "pledges": "SELECT count(*) FROM pledges_pledge",
    "drawn": "SELECT count(*) FROM pledges_collection WHERE state = 'paid'",
    "drawn_ore": "SELECT sum(amount_ore) FROM gifts_gift WHERE origin = 'pledge'",
    "missed": "SELECT count(*) FROM pledges_instalment WHERE state = 'missed'",
    "skipped": "SELECT count(*) FROM pledges_instalment WHERE state = 'skipped'",
}
STATES = {"unconfirmed", "pending", "active", "paused", "halted", "ended"}


def test_monthly_gifts_have_their_draws_and_the_books_agree() -> None:
    totals = seed(MONTHLY)

    said, asked = totals.as_json(), ASKED | ASKED_MONTHLY
    assert {name: said[name] for name in asked} == {n: one(query) for n, query in asked.items()}
    assert {check.name: check.status for check in proof.prove().differing} == {}
    assert set(Pledge.objects.values_list("state", flat=True)) == STATES
    assert one("SELECT received_ore FROM campaigns_thermometer") == totals.received_ore
    assert totals.drawn > 500
    assert one("SELECT count(*) FROM campaigns_daytotal WHERE channel = 'autogiro'") > 20
    drawn = Collection.objects.filter(state="paid").select_related("gift__donor")
    assert all(row.gift is not None and row.gift.amount_ore == row.amount_ore for row in drawn)


def test_what_is_seeded_goes_on_like_what_was_signed_up(settings: Any) -> None:
    seed(Plan(donors=20, gifts=20, seed=3, pledges=40))
    before = Instalment.objects.count()

    promise.reckon_now()
    days.work()

    campaign = Campaign.objects.get()
    assert campaign.thermometer.promised_ore > 0
    assert campaign.thermometer.forecast_ore > campaign.thermometer.received_ore
    assert Instalment.objects.count() >= before
    active = Pledge.objects.filter(state="active").order_by("pk")[0]
    changing.change_amount(active.pk, 777_00, changing.wish())
    changing.stop(active.pk, changing.wish())
    assert Pledge.objects.get(pk=active.pk).state == "ended"
    new = starting.start_pledge(NewPledge(campaign, 100_00, 28, Giver(name="A", email="a@b.se")))
    assert new.pk > active.pk
    assert proof.prove().ok


def test_the_same_seed_makes_the_same_monthly_gifts() -> None:
    first = seed(MONTHLY)
    sums = list(Pledge.objects.order_by("pk").values_list("amount_ore", "day", "state"))
    emptied()
    assert seed(MONTHLY) == first
    assert list(Pledge.objects.order_by("pk").values_list("amount_ore", "day", "state")) == sums


def test_monthly_gifts_want_donors() -> None:
    with pytest.raises(SeedRefused, match="want donors"):
        seed(Plan(donors=0, gifts=10, seed=1, pledges=1))
    assert Pledge.objects.count() == 0
