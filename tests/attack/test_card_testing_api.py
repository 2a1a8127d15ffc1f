"""Somebody tests cards through the API instead of the page: it is the same door, with no way round.

Without a key they ask for forms as a browser elsewhere does; with a key a site passes its visitors
on, attackers among them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from fundraise.gifts.models import Gift
from fundraise.jobs.models import Alarm
from fundraise.limits import work
from fundraise.limits.models import Spent
from fundraise.providers import tasks, watch
from fundraise.providers.models import Attempt
from tests.api.conftest import Api, key_for
from tests.journey import Journey
from tests.providers.conftest import journey, stand_in, stand_in_process
from tests.stripe_stand_in import CARD_DECLINED, CARD_OK

__all__ = ["journey", "stand_in", "stand_in_process"]

ATTACKS, WORKERS_EVERY = 30, 5
DECLINES = 6  # open the breaker
MOST_PAGES = DECLINES + WORKERS_EVERY  # the workers are so many steps behind


@pytest.fixture(autouse=True)
def _small(settings: Any) -> None:
    settings.PROOF_COST, settings.PROOF_ROUNDS = 5, 9
    settings.BREAKER_DECLINES, settings.FORM_MIN_SECONDS = DECLINES, 0


@dataclass
class Burst:
    """The attackers, and what they were answered. `key`: they come through a site that has one."""

    journey: Journey
    key: str = ""
    answers: Counter[int] = field(default_factory=Counter)
    kinds: set[str] = field(default_factory=set)

    def start(self, address: str, who: str, *, proof: str = "", **more: Any) -> Any:
        """A gift asked for from an address; without a key with a form of its own."""
        body = {
            "campaign": "valet", "amount_ore": 100_00, "method": "stripe",
            "giver": {"name": who, "email": f"{who}@attack.example", "register_version": 1},
            **more,
        }  # fmt: skip
        api = Api(self.key)
        if self.key:
            body["client_address"] = address
        else:
            api.client.defaults["REMOTE_ADDR"] = address
            body.setdefault("form", form(api)["form"])
        return api.post("public/gifts", body, once=f"once-{who}", **{"Gift-Proof": proof})

    def play(self) -> None:
        for step in range(ATTACKS):
            answer = self.start(f"{11 + step}.{step}.7.1", f"x{step}")
            self.answers[answer.status_code] += 1
            if answer.status_code == 201:
                page = answer.json()["redirect_url"]
                self.journey.stand_in.pay(page, CARD_DECLINED)
            else:
                self.kinds.add(answer.json()["type"].split("#")[1])
            if step % WORKERS_EVERY == 0:
                self.journey.catch_up()
                tasks.sweep_attempts()
        self.journey.catch_up()


def form(api: Api) -> Any:
    return api.post("public/campaigns/valet/forms", once="").json()


def assert_shut(burst: Burst) -> None:
    """A handful got through before the breaker opened; the others are asked for a proof."""
    assert DECLINES <= burst.answers[201] <= MOST_PAGES
    assert burst.answers[403] == ATTACKS - burst.answers[201]
    assert burst.kinds == {"prove"}
    assert Gift.objects.count() == Attempt.objects.count() == burst.answers[201]
    assert not Gift.objects.filter(state="received").exists()
    assert watch.is_on_guard(burst.journey.account)
    assert Alarm.objects.filter(code="card-testing", resolved_at=None).count() == 1


def pay(journey: Journey, started: Any) -> None:
    assert started.status_code == 201
    journey.stand_in.pay(started.json()["redirect_url"], CARD_OK)
    journey.catch_up()
    assert Gift.objects.get(state="received").ref.hex == started.json()["ref"].replace("-", "")
    assert Spent.objects.count() == 1


def test_a_declined_burst_with_forms_meets_the_proof_and_a_giver_passes(journey: Journey) -> None:
    burst = Burst(journey)
    burst.play()
    assert_shut(burst)

    told = form(Api())
    assert told["proof_asked"] is True
    proof = work.solve(told["challenge"])
    started = burst.start("100.64.0.1", "giver", proof=proof, form=told["form"])
    pay(journey, started)

    # The proof was for that form and is spent.
    begun = Gift.objects.count()
    for again in ({"form": form(Api())["form"]}, {"form": told["form"], "amount_ore": 900_00}):
        refused = burst.start("100.64.0.2", "second", proof=proof, **again)
        assert (refused.status_code, refused.json()["type"].split("#")[1]) == (403, "prove")
    assert Gift.objects.count() == begun


def test_a_site_with_a_key_is_no_way_round(journey: Journey) -> None:
    site = key_for(journey.party, "comms", permissions=frozenset({"gifts.start"}))
    burst = Burst(journey, key=site.text)
    burst.play()
    assert_shut(burst)

    asked = burst.start("100.64.0.1", "giver")
    proof = work.solve(asked.json()["challenge"])
    pay(journey, burst.start("100.64.0.1", "giver", proof=proof))


@pytest.mark.parametrize("keyed", [False, True])
def test_a_burst_from_one_block_is_told_to_wait(
    keyed: bool, journey: Journey, settings: Any
) -> None:
    settings.LIMITS = {**settings.LIMITS, "give": (3, 600)}
    site = key_for(journey.party, "comms", permissions=frozenset({"gifts.start"}))
    burst = Burst(journey, key=site.text if keyed else "")
    answers = [burst.start(f"203.0.113.{host}", f"x{host}") for host in range(1, 7)]
    assert [answer.status_code for answer in answers] == [201] * 3 + [429] * 3
    assert {answer["Retry-After"] for answer in answers[3:]} == {"60"}
    assert burst.start("198.51.100.1", "neighbour").status_code == 201
    assert Gift.objects.count() == 4
