"""Months of monthly giving through product and bank, with every kind of failure switched on.

`make prove` plays 24 months with 25 000 pledges; `make test` three with a few. At the end
nothing is unexplained: what the bank drew is what is booked, to the öre, no month was drawn twice,
and every mandate stands alike on both sides.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest

from fundraise import clock
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.ledger.models import Entry
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Collection, Instalment, Mandate, Pledge, PledgeChange
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services import changing, mandates, starting
from fundraise.pledges.services.changing import wish
from fundraise.pledges.services.starting import NewAccount, NewPledge, Signed
from fundraise.providers.giro.models import InFile, OutFile, Question
from fundraise.sandbox.bankgirot.knobs import everything
from tests.giro import BANKGIRO, GiroHouse

SCALE = 1.0 if os.environ.get("SCALE") == "full" else 5.0  # failures, for few pledges
FULL = os.environ.get("SCALE") == "full"
PLEDGES = int(os.environ.get("TWO_YEARS_PLEDGES", "25000" if FULL else "18"))
MONTHS = int(os.environ.get("TWO_YEARS_MONTHS", "24" if FULL else "3"))
SEED = int(os.environ.get("TWO_YEARS_SEED", "20261102"))
WISHES = {
    "stop": 0.01, "skip": 0.03, "pause": 0.02, "sum": 0.03, "day": 0.01, "account": 0.01,
    "resume": 0.05, "unskip": 0.03, "undo": 0.03,
}  # fmt: skip
KNOBS = {
    "answer_days": [1, 1, 1, 2, 3, 5], "other_mandates": 5,
    "other_draws": 1, "other_first_payer": 70_000_001,
}  # fmt: skip
# What our own orders never hold: the bank would say it of a file that was damaged on its way.
OURS_ALONE = ("mandate.04.29", "mandate.04.30", "payment.15", "payment.10")


class Years:
    """The run: sign-ups in the first two months, wishes and repairs on every day."""

    def __init__(self, house: GiroHouse) -> None:
        self.house, self.dice = house, random.Random(SEED)
        shares = everything(SCALE) | dict.fromkeys(OURS_ALONE, 0.0)
        house.bank.set_knobs(KNOBS | {"shares": shares})
        self.last = clock.today() + timedelta(days=30 * MONTHS)
        self.signed_up = 0

    def run(self) -> None:
        a_day = max(1, PLEDGES // 30)
        while clock.today() < self.last:
            for _ in range(min(a_day, PLEDGES - self.signed_up)):
                self._sign_up()
            self._wishes()
            self.house.day()
        self._settle()

    def _settle(self) -> None:
        """Everybody stops, and the bank has the time that its slowest answers take."""
        for pk in Pledge.objects.exclude(state="ended").values_list("pk", flat=True):
            changing.stop(pk, wish())
        still = everything() | dict.fromkeys(everything(), 0.0)
        self.house.bank.set_knobs({"shares": still, "other_draws": 0})
        for _ in range(50):
            self.house.day()

    def _sign_up(self) -> None:
        self.signed_up += 1
        n = self.signed_up
        pledge = starting.start_pledge(
            NewPledge(
                self.house.campaign,
                self.dice.choice([50_00, 100_00, 200_00, 500_00]),
                self.dice.choice([1, 15, 25, 28, 28, 31]),
                Giver(name="Anna Ek", email=f"anna{n}@example.se"),
                interval_months=self.dice.choice([1, 1, 1, 1, 1, 1, 3, 6, 12]),
            ),
            self._account(n),
        )
        starting.sign(pledge.mandates.get().pk, Signed("tick"), by="donor")

    def _account(self, n: int) -> NewAccount:
        digits = self.dice.randrange(10**9, 10**10)
        return NewAccount(
            AccountDetails(f"833200{digits}", "198112289874"), f"Swedbank …{n % 1000}"
        )

    def _wishes(self) -> None:
        live = list(Pledge.objects.exclude(state="ended").values_list("pk", "state"))
        for pk, state in live:
            chance = self.dice.random()
            if state == "halted" and chance < 0.1:
                self._new_account(pk)
            for what, share in WISHES.items():
                chance -= share / 21
                if chance < 0:
                    with suppress(PledgeError):
                        self._wish(what, pk)
                    break

    def _wish(self, what: str, pk: int) -> None:
        if what == "stop":
            changing.stop(pk, wish())
        elif what == "skip":
            changing.skip_next(pk, wish())
        elif what == "pause":
            changing.pause(pk, clock.today() + timedelta(days=self.dice.randrange(20, 90)), wish())
        elif what == "sum":
            changing.change_amount(pk, self.dice.choice([100_00, 150_00, 300_00]), wish())
        elif what == "day":
            changing.change_day(pk, self.dice.choice([5, 20, 28, 31]), wish())
        elif what == "account":
            self._new_account(pk)
        else:
            self._take_back(what, pk)

    def _take_back(self, what: str, pk: int) -> None:
        if what == "resume":
            changing.resume(pk, wish())
        elif what == "unskip":
            left_out = Instalment.objects.filter(pledge_id=pk, state="skipped")
            for row in left_out.order_by("-period")[:1]:
                changing.unskip(pk, row.period, wish())
        else:
            changes = PledgeChange.objects.filter(pledge_id=pk, kind__in=["amount", "day"])
            for change in changes.order_by("-pk")[:1]:
                changing.undo(change.pk, wish())

    def _new_account(self, pk: int) -> None:
        new = mandates.new_account(
            pk, self._account(pk), by="donor", channel="my_pages", received_at=clock.now()
        )
        starting.sign(new.pk, Signed("tick"), by="donor")


@pytest.mark.serial
def test_nothing_is_unexplained_after_months_of_every_failure(house: GiroHouse) -> None:
    years = Years(house)
    years.run()
    ours = {one.payer_number: one.state for one in Mandate.objects.all()}
    drawn = Counter(draw.reference for draw in house.bank.draws if draw.payer.lstrip("0") in ours)
    drawn_ore = sum(d.amount for d in house.bank.draws if d.payer.lstrip("0") in ours)
    given_back = sum(d.amount for d in house.bank.refunds if d.payer.lstrip("0") in ours)

    # Every krona the bank drew is a gift, every one that it gave back a refund.
    gifts = Gift.objects.filter(channel="autogiro")
    assert sum(gifts.values_list("amount_ore", flat=True)) == drawn_ore
    assert sum(gifts.values_list("refunded_ore", flat=True)) == given_back
    assert _clearing(house) == drawn_ore - given_back + _others_in_clearing()

    # Nobody was drawn twice for one month, and nothing is left hanging.
    assert set(drawn.values()) <= {1}
    by_reference = dict(Collection.objects.values_list("reference", "instalment_id"))
    assert max(Counter(by_reference[ref] for ref in drawn).values(), default=0) == 1
    assert (
        Collection.objects.filter(state__in=["queued", "sent", "trying", "cancelling"]).count() == 0
    )
    assert not Collection.objects.filter(state="surplus").exists()

    # Each mandate stands alike on both sides.
    theirs = {
        payer: state for payer, state in house.bank.mandates(BANKGIRO).items() if payer in ours
    }
    alive = {payer for payer, state in ours.items() if state in {"active", "retiring", "sent"}}
    there = {payer for payer, state in theirs.items() if state in {"approved", "enquiry"}}
    for payer in there ^ alive:
        print(_history(str(payer)))  # noqa: T201
    assert there == alive
    assert OutFile.objects.exclude(state="delivered").count() == 0
    assert years.signed_up == PLEDGES
    assert Instalment.objects.filter(state="paid").count() > PLEDGES
    _tell(house)


def _history(payer: str) -> object:
    """What happened to a mandate, to find out why the two sides differ."""
    mandate = Mandate.objects.get(payer_number=payer)
    steps = mandate.transitions.order_by("pk").values_list("at", "to_state", "reason", "by")
    orders = mandate.orders.order_by("pk").values_list("day", "kind", "answer")
    return mandate.state, list(steps), list(orders)


def _clearing(house: GiroHouse) -> int:
    """What lies on the clearing account until the bank's lines come: öre."""
    entries = Entry.objects.filter(journal__entity=house.entity)
    debit = entries.filter(debit_account__role="giro_clearing")
    credit = entries.filter(credit_account__role="giro_clearing")
    return sum(debit.values_list("amount_ore", flat=True)) - sum(
        credit.values_list("amount_ore", flat=True)
    )


def _others_in_clearing() -> int:
    """Nothing of another system on the same number is booked here."""
    return 0


def _tell(house: GiroHouse) -> None:
    """What happened, for `make prove` to print."""
    states = Counter(Instalment.objects.values_list("state", flat=True))
    print(dict(states), InFile.objects.count(), "files in", OutFile.objects.count(), "files out")  # noqa: T201
    print(Counter(Question.objects.values_list("kind", flat=True)))  # noqa: T201
