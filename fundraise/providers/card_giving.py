"""A card as a way to give every month: the first gift keeps it for the next ones."""

from __future__ import annotations

from typing import ClassVar

from fundraise.pledges.models import Pledge
from fundraise.pledges.services import starting
from fundraise.pledges.services.starting import NewAccount, NewPledge
from fundraise.providers import pausing, queries, services, words
from fundraise.providers.recurring import StartedPledge


class CardGiving:
    """A pledge that is drawn from a saved card."""

    method: ClassVar[str] = "card"
    asks_account: ClassVar[bool] = False

    def missing(self, entity_id: int) -> list[str]:
        """What is not set up, as codes: account, or paused while staff have closed card gifts."""
        account = queries.account_for(entity_id, "stripe")
        if account is None:
            return ["account"]
        return ["paused"] if pausing.is_paused(account) else []

    def start(
        self, new: NewPledge, account: NewAccount | None, standing: Pledge | None
    ) -> StartedPledge:
        """Write the pledge and open the page of its first gift, or go on with the open one."""
        pledge = standing or starting.start_pledge(new)
        started = services.start_pledge_card(pledge, new.giver)
        own_page = words.gift_path(started.gift_ref, new.language)
        return StartedPledge(pledge.pk, pledge.ref, started.redirect_url or own_page)
