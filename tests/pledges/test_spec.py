"""The specification walked at random: alone for millions of steps, and beside the database.

`make prove` walks SPEC_STEPS=2000000 of them. A step that breaks a rule prints its seed.
"""

from __future__ import annotations

import contextlib
import os
import random
from datetime import date, timedelta

import pytest
from django.db import transaction

from fundraise import bankdays, clock
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Collection, Mandate, Pledge
from fundraise.pledges.rules import Answer, Outcome
from fundraise.pledges.services import changing, mandates, outcomes, starting
from fundraise.pledges.services.changing import wish
from fundraise.pledges.services.mandates import Said
from fundraise.pledges.services.outcomes import Failure
from fundraise.pledges.services.starting import NewAccount, NewPledge, Signed
from tests.pledges.spec import Spec
from tests.pledging import ACCOUNT, ANNA, START, House, give_instead, pay

FULL = os.environ.get("SCALE") == "full"
STEPS = 2_000_000 if FULL else 30_000
DATABASE_STEPS = 12_000 if FULL else 600
LIFE = 300  # steps of one pledge
BEGIN = ["sign", "mandate", "yes", "beat"]  # how most lives begin
ACTS = [
    *["day"] * 10, *["near"] * 6, *["beat"] * 10, *["send"] * 16, *["paid"] * 4,
    "sign", "mandate", "yes", "no", "gone", "left", "lacking", "closed", "trying", "cancelled",
    "missing", "account", "skip", "pause", "resume", "stop", "instead",
]  # fmt: skip
RARE = {
    "stop": 0.05, "left": 0.05, "gone": 0.05, "no": 0.2, "closed": 0.3, "account": 0.3,
    "pause": 0.3, "skip": 0.3,
}  # fmt: skip
OUTCOMES = {
    "paid": Outcome.PAID, "lacking": Outcome.FAILED, "closed": Outcome.FAILED,
    "trying": Outcome.TRYING, "cancelled": Outcome.CANCELLED, "missing": Outcome.NOT_CANCELLED,
}  # fmt: skip


class Walk:
    """One pledge's random life: the same choices for whoever asks."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.spec = Spec(START, self.dice.choice([1, 15, 25, 28, 31]))
        self.first = list(BEGIN) if self.dice.random() < 0.8 else []

    def step(self) -> tuple[str, dict[str, int]]:
        """Do one thing to the specification; tells what it was."""
        act = self.first.pop(0) if self.first else self._any()
        chosen = {
            "days": self.dice.choice([1, 1, 1, 2, 3]),
            "hour": self.dice.choice([9, 16, 18, 22]),
            "pause": self.dice.randrange(10, 120),
            "mandate": self.dice.randrange(len(self.spec.mandates)),
            "draw": self.dice.randrange(1000),
        }
        self.do(act, chosen)
        return act, chosen

    def _any(self) -> str:
        act = self.dice.choice(ACTS)
        while self.dice.random() > RARE.get(act, 1):
            act = self.dice.choice(ACTS)
        return act

    def do(self, act: str, chosen: dict[str, int]) -> None:
        spec = self.spec
        if act == "day":
            spec.today += timedelta(days=chosen["days"])
            spec.hour = chosen["hour"]
        elif act == "near":
            self._near()
        elif act in OUTCOMES:
            self._outcome(act, chosen["draw"])
        elif act in {"yes", "no", "gone", "left"}:
            answers = {"yes": Answer.APPROVED, "no": Answer.REFUSED}
            answer = answers.get(act, Answer.ENDED)
            if _could_say(spec.mandates[chosen["mandate"]], act):
                spec.answer(chosen["mandate"], answer, by_payer=act == "left")
        elif act == "pause":
            spec.pause(spec.today + timedelta(days=chosen["pause"]))
        else:
            plain = {"beat": spec.beat, "send": spec.send, "sign": spec.sign, "stop": spec.stop}
            plain |= {"mandate": spec.send_mandate, "account": spec.new_account}
            (plain | {"instead": spec.instead, "skip": spec.skip, "resume": spec.resume})[act]()

    def _near(self) -> None:
        """The morning two bank days before the next draw, when its file is made."""
        coming = [p.due_on for p in self.spec.periods.values() if p.state == "planned"]
        days = [bankdays.add(due_on, -2) for due_on in sorted(coming)]
        self.spec.today = next((d for d in days if d >= self.spec.today), self.spec.today)
        self.spec.hour = 9

    def _outcome(self, act: str, n: int) -> None:
        found = [(m, k) for m, p in sorted(self.spec.periods.items()) for k in range(len(p.draws))]
        if found:
            month, k = found[n % len(found)]
            state = self.spec.periods[month].draws[k].state
            if state != "queued":  # the bank knows nothing of it
                self.spec.outcome(
                    month, k, OUTCOMES[act], retry=act == "lacking", halts=act == "closed"
                )


def _could_say(mandate: str, act: str) -> bool:
    """The bank answers about what it has been sent."""
    if act in {"yes", "no"}:
        return mandate not in {"draft", "received"}
    return mandate in {"sent", "active", "retiring", "ending"}


def test_no_walk_breaks_a_rule() -> None:
    ends = dict.fromkeys(["active", "paused", "halted", "ended"], 0)
    paid = 0
    for seed in range(STEPS // LIFE):
        walk = Walk(seed)
        try:
            for _ in range(LIFE):
                walk.step()
        except AssertionError as error:
            raise AssertionError(f"seed {seed}") from error
        ends[walk.spec.pledge] = ends.get(walk.spec.pledge, 0) + 1
        paid += sum(p.state == "paid" for p in walk.spec.periods.values())
    assert min(ends.values()) > 0  # the walk comes everywhere
    assert paid > STEPS // LIFE // 2


class Twin:
    """The same life in the database."""

    def __init__(self, house: House, spec: Spec) -> None:
        self.house = house
        house.go_to(spec.today)
        self.pledge = starting.start_pledge(
            NewPledge(house.campaign, 200_00, spec.day, ANNA), NewAccount(ACCOUNT)
        )

    def do(self, act: str, chosen: dict[str, int], spec: Spec) -> None:
        pk = self.pledge.pk
        found = list(Mandate.objects.filter(pledge_id=pk).order_by("pk"))
        if act in {"day", "near"}:
            self.house.go_to(spec.today, spec.hour)
        elif act == "beat":
            self.house.beat()
        elif act == "send":
            self.house.send()
        elif act in OUTCOMES:
            self._outcome(act, chosen["draw"])
        elif act == "sign":
            for mandate in [one for one in found if one.state == "draft"]:
                starting.sign(mandate.pk, Signed("tick"), by="donor")
                self.house.tell()
        elif act == "mandate":
            mandates.mark_sent([m.pk for m in found if m.state == "created"], clock.now())
        elif act in {"yes", "no", "gone", "left"}:
            self._answer(act, found[chosen["mandate"]])
        else:
            with contextlib.suppress(PledgeError), transaction.atomic():
                self._wish(act, clock.today() + timedelta(days=chosen["pause"]))
            self.house.tell()

    def _answer(self, act: str, mandate: Mandate) -> None:
        if not _could_say(mandate.state, act):
            return
        if act == "yes":
            mandates.approved(mandate.pk, Said("04+32"))
        elif act == "no":
            mandates.refused(mandate.pk, Said("42+05"))
        else:
            mandates.ended(mandate.pk, Said("46+02"), by_payer=act == "left")

    def _outcome(self, act: str, n: int) -> None:
        draws = Collection.objects.filter(instalment__pledge_id=self.pledge.pk)
        found = list(draws.order_by("instalment__period", "number"))
        if not found or found[n % len(found)].state == "queued":
            return
        draw = found[n % len(found)]
        if act == "paid":
            pay(draw)
        elif act in {"lacking", "closed"}:
            why = Failure("1", may_retry=act == "lacking", halts=act == "closed")
            outcomes.failed(draw.pk, why)
            self.house.tell()
        elif act == "trying":
            outcomes.trying(draw.pk, "9")
        elif act == "cancelled":
            outcomes.cancelled(draw.pk, "12")
        else:
            outcomes.not_cancelled(draw.pk, "13")

    def _wish(self, act: str, until: date) -> None:
        pk = self.pledge.pk
        if act == "account":
            mandates.new_account(
                pk, NewAccount(ACCOUNT), by="donor", channel="phone", received_at=clock.now()
            )
        elif act == "instead":
            give_instead(self.pledge, date.min)
        elif act == "pause":
            changing.pause(pk, until, wish())
        else:
            {"skip": changing.skip_next, "resume": changing.resume, "stop": changing.stop}[act](
                pk, wish()
            )

    def picture(self) -> dict[str, object]:
        pledge = Pledge.objects.get(pk=self.pledge.pk)
        rows = pledge.instalments.order_by("period").prefetch_related("collections")
        return {
            "pledge": pledge.state,
            "mandates": [m.state for m in pledge.mandates.order_by("pk")],
            "periods": {
                row.period.isoformat(): (
                    row.state,
                    row.due_on.isoformat(),
                    [d.state for d in sorted(row.collections.all(), key=lambda d: d.number)],
                )
                for row in rows
            },
        }


@pytest.mark.long
def test_the_database_lives_the_same_life(house: House) -> None:
    for seed in range(1_000_000, 1_000_000 + DATABASE_STEPS // LIFE):
        walk = Walk(seed)
        twin = Twin(house, walk.spec)
        walked = []
        for _ in range(LIFE):
            act, chosen = walk.step()
            walked.append((walk.spec.today.isoformat(), act))
            twin.do(act, chosen, walk.spec)
            assert twin.picture() == walk.spec.picture(), (seed, walked)
