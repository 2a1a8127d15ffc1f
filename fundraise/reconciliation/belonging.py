"""What a line may belong to that no rule suggests: a person says which, however late it comes.

A payout, a sum of autogiro's, a refund that left, a gift that the bank took back, or what one
entity owes another. Each as a choice with a name of its own, "kind:ref".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.providers.giro.models import Deposit
from fundraise.providers.models import Payout
from fundraise.reconciliation.candidates import sums
from fundraise.reconciliation.deciding import Choice
from fundraise.reconciliation.matching.seen import Sum
from fundraise.reconciliation.models import Item, Kind
from fundraise.reconciliation.paying import debts

AROUND = timedelta(days=75)  # with the days that a rule looks around: a quarter
MOST = 100


@dataclass(frozen=True, slots=True)
class Belongs:
    """One thing that a line may be of. `left_ore` is what no line has shown of it."""

    name: str
    choice: Choice
    left_ore: int
    day: date | None = None
    gift: Gift | None = None

    @property
    def kind(self) -> str:
        return self.choice.kind


def of(item: Item) -> list[Belongs]:
    """Everything of the account's entity that the line may be, the nearest day first in each."""
    return [*_payouts(item), *_deposits(item), *_refunds(item), *_gifts(item), *_settlement(item)]


def _days(item: Item) -> tuple[date, date]:
    return item.booked_on - AROUND, item.booked_on + AROUND


def _room(item: Item, found: tuple[Sum, ...]) -> list[Sum]:
    """Those of which so much is left that way, the nearest day first."""
    ore = item.amount_ore
    some = [one for one in found if 0 < ore <= one.amount_ore or one.amount_ore <= ore < 0]
    return sorted(some, key=lambda one: (abs(one.day - item.booked_on), one.pk))[:MOST]


def _payouts(item: Item) -> Iterator[Belongs]:
    is_in = item.amount_ore > 0
    found = _room(item, sums.payouts(item.account.entity_id, _days(item), is_in=is_in))
    rows = Payout.objects.in_bulk([one.pk for one in found])
    for one in found:
        choice = Choice(Kind.PAYOUT, payout=rows[one.pk])
        yield Belongs(f"payout:{rows[one.pk].ref}", choice, one.amount_ore, one.day)


def _deposits(item: Item) -> Iterator[Belongs]:
    found = _room(item, sums.deposits(item.account.entity_id, _days(item)))
    rows = Deposit.objects.in_bulk([one.pk for one in found])
    for one in found:
        choice = Choice(Kind.AUTOGIRO, deposit=rows[one.pk])
        yield Belongs(f"autogiro:{one.pk}", choice, one.amount_ore, one.day)


def _refunds(item: Item) -> Iterator[Belongs]:
    """That were sent, or that staff said had left, of just this sum, and no line has shown."""
    rows = sums.refunds_not_shown(item.account.entity_id).filter(amount_ore=-item.amount_ore)
    for row in rows.select_related("gift").order_by("-pk")[:MOST]:
        choice = Choice(Kind.REFUND, refund=row)
        day = clock.local_date(row.sent_at or row.created_at)
        yield Belongs(f"refund:{row.ref}", choice, item.amount_ore, day, row.gift)


def _gifts(item: Item) -> Iterator[Belongs]:
    """Of this account's lines and this sum, that the bank may have taken back."""
    if item.amount_ore > 0:
        return
    came = sums.gifts_to_take_back(item.account_id, {item.amount_ore}, item.booked_on - AROUND)
    before = [one for one in came if one.day <= item.booked_on]
    found = sorted(before, key=lambda one: (item.booked_on - one.day, one.pk))[:MOST]
    rows = Gift.objects.in_bulk([one.pk for one in found])
    for one in found:
        gift = rows[one.pk]
        choice = Choice(Kind.RETURN, gift=gift)
        yield Belongs(f"gift:{gift.ref}", choice, item.amount_ore, one.day, gift)


def _settlement(item: Item) -> Iterator[Belongs]:
    """What is owed to another entity, or what it owes this one."""
    mine, is_in = item.account.entity_id, item.amount_ore > 0
    if abs(item.amount_ore) > debts.owed_now(mine, is_in=is_in):
        return
    for debt in debts.debts({mine}):
        other = debt.debtor if is_in else debt.creditor
        if other.pk != mine:
            choice = Choice(Kind.SETTLEMENT, entity=other)
            yield Belongs(f"settlement:{other.ref}", choice, debt.owed_ore)
