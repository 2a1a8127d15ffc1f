"""The anonymous limit: what exceeds it is held, and let in again when its giver is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from itertools import groupby

from django.db import transaction

from fundraise.gifts import locks
from fundraise.reporting.party import holding, rules, ruling, sums
from fundraise.reporting.party.models import Hold
from fundraise.reporting.party.rules import Contribution
from fundraise.reporting.party.sums import UnknownGift

BY = "system:party"


def limit_on(entity_id: int, year: int) -> Callable[[date], int]:
    """The limit in öre on each day of a year; asked for once a day."""
    base = ruling.limits_of(entity_id, year).base_ore

    @lru_cache(maxsize=400)
    def on(day: date) -> int:
        return rules.part(base, ruling.permille_on(entity_id, day))

    return on


def reckon(entity_id: int, year: int) -> tuple[int, int]:
    """Bring what is held to what the law wants: how many holds were opened and let in."""
    limit = limit_on(entity_id, year)
    least = min(ruling.anonymous_limits_ore(entity_id, year))
    opened = closed = 0
    rows = sums.unknown(entity_id, year, least)
    for _who, gifts in groupby(rows, key=lambda row: row.who):
        for gift_id, wanted in _wanted(list(gifts), limit).items():
            more, fewer = _bring(gift_id, wanted)
            opened, closed = opened + more, closed + fewer
    return opened, closed


def _wanted(gifts: Iterable[UnknownGift], limit: Callable[[date], int]) -> dict[int, int]:
    """What is to be held of each gift of one giver: nothing once the giver is known."""
    gifts = list(gifts)
    wanted = dict.fromkeys([gift.id for gift in gifts], 0)
    if not gifts[0].told:
        parts = [Contribution(gift.id, None, gift.day, gift.ore) for gift in gifts]
        wanted |= rules.surplus(parts, limit)
    return wanted


@transaction.atomic
def _bring(gift_id: int, wanted: int) -> tuple[int, int]:
    gift = locks.gift_for_change(gift_id)
    rows = Hold.objects.filter(gift=gift, why=Hold.Why.ANONYMOUS, state__in=holding.OPEN)
    row = rows.first()
    if row is not None and (row.amount_ore == wanted or row.state == Hold.State.REPAYING):
        return 0, 0
    if row is not None:
        holding.release(row.ref, by=BY)
        gift.refresh_from_db()
    ore = min(wanted, gift.standing_ore)
    if ore <= 0:
        return 0, int(row is not None)
    holding.hold(gift, ore, why=Hold.Why.ANONYMOUS, by=BY)
    return 1, int(row is not None)
