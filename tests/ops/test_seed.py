"""The seed's totals, asked of the tables by queries of their own; and that the books stand."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from donors.models import Donor
from fundraise.campaigns.models import Campaign
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.gifts.queries import giver_of
from fundraise.ledger import proving
from fundraise.ledger import services as ledger
from fundraise.ledger.models import Journal, Period
from fundraise.ops.demo import party
from fundraise.ops.seed.services import Plan, SeedRefused, seed
from fundraise.pledges import promise
from fundraise.pledges.models import Collection, Instalment, Pledge
from fundraise.pledges.services import changing, days, starting
from fundraise.pledges.services.starting import NewPledge
from fundraise.providers.models import BalanceLine
from tests import servers
from tests.ledger.test_posting import draft

pytestmark = pytest.mark.django_db(transaction=True)  # the seed writes as the tables' owner

UNTIL = date(2026, 11, 20)
SMALL = Plan(donors=120, gifts=4000, seed=7, until=UNTIL)
LEAST = Plan(donors=20, gifts=300, seed=7, until=UNTIL)

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


def test_the_same_seed_makes_the_same_data_and_another_seed_other() -> None:
    first, people = seed(LEAST), names()
    emptied()
    assert seed(LEAST) == first
    assert names() == people
    emptied()
    other = seed(replace(LEAST, seed=8))
    assert other.given_ore != first.given_ore


def names() -> set[bytes]:
    found = Donor.objects.values_list("name_hash", flat=True)
    return {bytes(name) for name in found if name is not None}


def emptied() -> None:
    """A fresh copy of the template, as after a test that commits."""
    from django.db import connections

    from tests import conftest

    connections.close_all()
    servers.copy(servers.DATABASE, conftest.TEMPLATE[0])


def test_more_is_added_only_when_asked_for() -> None:
    first = seed(LEAST)
    with pytest.raises(SeedRefused, match="already"):
        seed(LEAST)
    more = seed(Plan(donors=10, gifts=100, seed=7, until=UNTIL, add=True))
    assert one(ASKED["received_ore"]) == first.received_ore + more.received_ore
    assert proving.prove().ok
    posted = ledger.post_journals([draft(Gift.objects.earliest("pk").entity_id)])[0]
    assert posted.number == one("SELECT max(number) FROM ledger_journal WHERE year = 2026")
    assert [check.name for check in proving.prove().differing if "ledger:" in check.name] == []


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
    assert proving.prove().ok


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
        seed(LEAST)
    assert (Gift.objects.count(), Donor.objects.count(), BalanceLine.objects.count()) == (0, 0, 0)


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
    assert {check.name: check.status for check in proving.prove().differing} == {}
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
    assert proving.prove().ok


def test_the_same_seed_makes_the_same_monthly_gifts() -> None:
    plan = replace(MONTHLY, donors=20, gifts=20, pledges=30)
    first = seed(plan)
    sums = list(Pledge.objects.order_by("pk").values_list("amount_ore", "day", "state"))
    emptied()
    assert seed(plan) == first
    assert list(Pledge.objects.order_by("pk").values_list("amount_ore", "day", "state")) == sums


def test_monthly_gifts_want_donors() -> None:
    with pytest.raises(SeedRefused, match="want donors"):
        seed(Plan(donors=0, gifts=10, seed=1, pledges=1))
    assert Pledge.objects.count() == 0
