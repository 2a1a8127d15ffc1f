"""An attack that tests cards from as many addresses as it has tries, with real givers in between.

Everybody goes through the public pages: opens the form, sends it, and pays at the stand-in. The
attackers run no script and so solve no proof; the real givers do what the page's script does, with
altcha's own solver.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from fundraise.limits import work
from fundraise.providers import tasks
from fundraise.providers.models import Attempt
from tests.give.form import GOOD, hidden
from tests.journey import Journey
from tests.stripe_stand_in import CARD_DECLINED, CARD_NO_FUNDS, CARD_OK

REAL_ORE = 250_00
BLOCKS = 40  # of a mobile operator, which real givers share


@dataclass
class Swarm:
    """The attackers, the givers, and what became of each."""

    journey: Journey
    dice: random.Random = field(default_factory=lambda: random.Random(8))
    client: Client = field(default_factory=Client)
    answers: Counter[int] = field(default_factory=Counter)  # to attackers, by status
    pages: list[str] = field(default_factory=list)  # that attackers have open at the provider
    real: int = 0
    proven: int = 0

    def play(self, attacks: int, *, a_giver_every: int, workers_every: int) -> None:
        """So many attackers, a real giver every so often, the workers some steps behind."""
        for step in range(1, attacks + 1):
            self.attack(step)
            if step % a_giver_every == 0:
                self.give(step)
            late = workers_every if self.pages or step < 100 else 5 * workers_every
            if step % late == 0:
                self.work()
        self.work()

    def work(self) -> None:
        """What the workers do with what has come: events, and pages with too many declines."""
        self.journey.catch_up()
        tasks.sweep_attempts()
        still = Attempt.objects.filter(state="open", url__in=self.pages)
        self.pages = list(still.values_list("url", flat=True))

    def attack(self, step: int) -> None:
        """One more address tries; and somebody tries a card on a page that is still open."""
        octets = [self.dice.randint(1, 223), *(self.dice.randint(0, 255) for _ in range(3))]
        address = ".".join(str(octet) for octet in octets)
        answer = self._send(address, f"x{step}@attack.example", amount_once="10000")
        self.answers[answer.status_code] += 1
        if answer.status_code == 303:
            self.pages.append(answer["Location"])
        if self.pages:
            self.journey.stand_in.pay(self.dice.choice(self.pages), CARD_DECLINED)

    def give(self, step: int) -> None:
        """A real giver from a shared block; every fifth has a decline of their own first."""
        self.real += 1
        address = f"100.{64 + self.real % 2}.{self.real % BLOCKS}.{self.real % 250 + 1}"
        answer = self._send(address, f"giver{step}@example.org", solves=True)
        assert answer.status_code == 303, "a real giver was turned away"
        page = answer["Location"]
        if self.real % 5 == 0:
            self.journey.stand_in.pay(page, CARD_NO_FUNDS)
        self.journey.stand_in.pay(page, CARD_OK)

    def _send(self, address: str, email: str, *, solves: bool = False, **changes: str) -> Any:
        opened = self.client.get("/valet/", REMOTE_ADDR=address)
        assert opened.status_code == 200
        sent = {**GOOD, "token": hidden(opened, "token"), "way": "stripe", "email": email}
        asks = re.search(r'data-prove="([^"]+)"', opened.content.decode())
        if solves and asks:
            token = {"token": sent["token"]}
            asked = self.client.post(asks[1], token, REMOTE_ADDR=address)
            sent["proof"] = work.solve(asked.json())
            self.proven += 1
        return self.client.post("/valet/ge/", {**sent, **changes}, REMOTE_ADDR=address)

    def begun(self) -> int:
        """Pages of the provider that attackers got."""
        return Attempt.objects.filter(gift__amount_ore=100_00).count()
