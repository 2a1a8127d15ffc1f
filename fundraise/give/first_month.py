"""The first of somebody's monthly gifts by card: what its own page says beside the sum."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fundraise.give import links
from fundraise.give.mine import words
from fundraise.pledges import queries, schedule
from fundraise.pledges.models import Pledge
from fundraise.providers import kept_cards


@dataclass(frozen=True)
class FirstMonth:
    """Sum, rhythm and the next day; the card once it is kept. No person."""

    amount_ore: int
    every: str
    next_on: str
    hint: str
    begun: bool
    url: str


def every_of(ref: UUID) -> int:
    """The months between gifts of the monthly gift that this is the first of; 0: given once."""
    pledges = Pledge.objects.filter(attempts__gift__ref=ref)
    return pledges.values_list("interval_months", flat=True).first() or 0


def of_gift(ref: UUID, language: str) -> FirstMonth | None:
    """None for a gift that is given once, or whose monthly gift has ended."""
    pledge = Pledge.objects.filter(attempts__gift__ref=ref).distinct().first()
    if pledge is None or pledge.state == Pledge.State.ENDED:
        return None
    following = schedule.following_days(queries.rhythm_of(pledge), pledge.first_period, 1)
    card = kept_cards.last_card(pledge)
    return FirstMonth(
        amount_ore=pledge.amount_ore,
        every=words.every(pledge.interval_months),
        next_on=words.day(following[0]) if following else "",
        hint=card.account_hint if card is not None else "",
        begun=pledge.state != Pledge.State.UNCONFIRMED,
        url=links.mine(language),
    )
