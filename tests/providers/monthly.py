"""A monthly gift by card from its first payment on, through the running stand-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from fundraise import clock
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.pledges.models import Collection, Instalment, Mandate, Pledge
from fundraise.pledges.services import planning, starting
from fundraise.pledges.services.starting import NewPledge
from fundraise.providers import charging, services
from tests.journey import Journey
from tests.stripe_stand_in import CARD_OK

ANNA = Giver(name="Anna Ek", email="anna@example.org", keep_as_donor=True)


@dataclass
class Monthly:
    """Anna gives by card each month; the test says when it is and what the workers do."""

    journey: Journey
    settings: Any

    def on(self, day: date) -> None:
        """It is noon of this day, here and at the provider."""
        wanted = datetime(day.year, day.month, day.day, 12, tzinfo=clock.STOCKHOLM)
        ahead = timedelta(seconds=int((wanted - clock.real_now()).total_seconds()))
        clock.use(lambda: ahead)
        self.journey.stand_in.clock(int(ahead.total_seconds()))

    def wish(self, ore: int = 200_00, day: int = 27, **changes: Any) -> Pledge:
        """What the page writes before it sends the donor away to pay."""
        fields: dict[str, Any] = {
            "campaign": self.journey.campaign,
            "amount_ore": ore,
            "day": day,
            "giver": ANNA,
            "method": "card",
        }
        return starting.start_pledge(NewPledge(**{**fields, **changes}))

    def begin(self, pledge: Pledge, card: str = CARD_OK) -> str:
        """Anna pays the first gift; nothing of it has reached us yet. Where she was sent then."""
        started = services.start_pledge_card(pledge, ANNA)
        return self.journey.stand_in.pay(started.redirect_url, card)

    def pledge(self, card: str = CARD_OK, **changes: Any) -> Pledge:
        """A pledge whose first gift was received, with its next months planned."""
        pledge = self.wish(**changes)
        self.begin(pledge, card)
        self.journey.catch_up()
        planning.plan(clock.today())
        pledge.refresh_from_db()
        return pledge

    def next_due(self, pledge: Pledge) -> Instalment:
        """The next period that is to be drawn."""
        waiting = pledge.instalments.filter(state="planned").order_by("due_on")
        found = waiting.first()
        assert found is not None
        return found

    def draw(self, pledge: Pledge) -> Collection:
        """The day of the next draw has come, and the workers draw it; events are not heard yet."""
        planning.plan(clock.today())
        self.on(self.next_due(pledge).due_on)
        for pk in charging.due(clock.today()):
            charging.charge(pk)
        return Collection.objects.filter(instalment__pledge=pledge).latest("pk")

    def card(self, pledge: Pledge) -> Mandate:
        """The newest mandate."""
        return pledge.mandates.latest("pk")

    def intents(self, pledge: Pledge) -> list[dict[str, Any]]:
        """The draws at the provider, the oldest first; not the first gift."""
        found = self.journey.stand_in.objects("payment_intent")
        mine = [one for one in found if one["metadata"].get("pledge") == str(pledge.ref)]
        return [one for one in reversed(mine) if "collection" in one["metadata"]]

    def gifts(self) -> list[tuple[str, int]]:
        """Received gifts."""
        rows = Gift.objects.filter(state="received").order_by("pk")
        return list(rows.values_list("channel", "amount_ore"))
