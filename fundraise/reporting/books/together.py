"""Several legal entities over some days, each by itself and together.

What one owes another for gifts that came to the wrong account stands in both books (2860 and 1660);
together it is nothing, so it is taken out and shown. What is left then is money on its way: one
bank has shown the settlement and the other has not. Contributions within the party are a minus in
the giver's books and a plus in the receiver's, on the same account, and take each other out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce

from fundraise.ledger.models import Account, LegalEntity
from fundraise.reporting.books import balances
from fundraise.reporting.books.balances import Balance

CLAIM, DEBT = Account.Role.OWED_BY_ENTITY, Account.Role.OWED_TO_ENTITY
INTEREST = range(8300, 8400)
COSTS_FROM, DEBTS_FROM = 4000, 2000


@dataclass(frozen=True, slots=True)
class Sums:
    """What some books say, öre: of the days income and costs, at their end the rest.

    `claims_ore` and `debts_ore` are those between legal entities, and part of the ones before.
    """

    income_ore: int = 0
    costs_ore: int = 0
    assets_ore: int = 0
    owed_ore: int = 0
    claims_ore: int = 0
    debts_ore: int = 0

    @property
    def result_ore(self) -> int:
        return self.income_ore - self.costs_ore

    def __add__(self, other: Sums) -> Sums:
        names = self.__slots__
        return Sums(*(getattr(self, name) + getattr(other, name) for name in names))


@dataclass(frozen=True, slots=True)
class OfEntity:
    """One legal entity by itself."""

    entity: LegalEntity
    sums: Sums


@dataclass(frozen=True, slots=True)
class Together:
    """`eliminated_ore` is what they owe each other; `on_its_way_ore` a claim without its debt."""

    rows: tuple[OfEntity, ...]
    total: Sums
    accounts: tuple[Balance, ...]
    is_whole: bool

    @property
    def eliminated_ore(self) -> int:
        """Nothing when some entities are left out: nobody can say whose the debts are then."""
        return min(self.total.claims_ore, self.total.debts_ore) if self.is_whole else 0

    @property
    def on_its_way_ore(self) -> int:
        return self.total.claims_ore - self.total.debts_ore

    @property
    def sums(self) -> Sums:
        """The total without what they owe each other."""
        less, total = self.eliminated_ore, self.total
        return replace(
            total,
            assets_ore=total.assets_ore - less,
            owed_ore=total.owed_ore - less,
            claims_ore=total.claims_ore - less,
            debts_ore=total.debts_ore - less,
        )


def together(entities: Sequence[LegalEntity], first: date, last: date) -> Together:
    """The books of these over the days, each and together."""
    found = balances.of_entities([one.pk for one in entities], first, last)
    rows = tuple(OfEntity(one, _sums(found[one.pk])) for one in entities)
    return Together(
        rows=rows,
        total=reduce(Sums.__add__, (row.sums for row in rows), Sums()),
        accounts=tuple(_added(row for some in found.values() for row in some)),
        is_whole=not LegalEntity.objects.exclude(pk__in=found).exists(),
    )


def _sums(rows: Iterable[Balance]) -> Sums:
    return reduce(Sums.__add__, map(_of_account, rows), Sums())


def _of_account(row: Balance) -> Sums:
    if row.is_of_result:
        is_cost = row.number >= COSTS_FROM and row.number not in INTEREST
        return Sums(costs_ore=row.moved) if is_cost else Sums(income_ore=-row.moved)
    if row.number < DEBTS_FROM:
        claims = row.closing if row.role == CLAIM else 0
        return Sums(assets_ore=row.closing, claims_ore=claims)
    debts = -row.closing if row.role == DEBT else 0
    return Sums(owed_ore=-row.closing, debts_ore=debts)


def _added(rows: Iterable[Balance]) -> Iterable[Balance]:
    """Accounts of the same number as one, by number, under the first one's name."""
    found: dict[int, Balance] = {}
    for row in rows:
        first = found.get(row.number, replace(row, opening=0, debit=0, credit=0))
        found[row.number] = replace(
            first,
            opening=first.opening + row.opening,
            debit=first.debit + row.debit,
            credit=first.credit + row.credit,
        )
    return (found[number] for number in sorted(found))
