"""A charity's rules in plain Python: which gifts lower a giver's tax, and the 90-konto's share.

Inkomstskattelagen 67 kap. 20-26 §§: a gift of money of at least 200 kr on one occasion, together at
least 2 000 kr in the year; whole kronor; of somebody who is 18 when the year ends. The value of
what the giver got for it is no part of it: what is left must be 200 kr (UNVERIFIED). Svensk
Insamlingskontroll: at most 25 % of all income to fundraising and administration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force at the end of a year; sums in öre."""

    gift_ore: int
    year_ore: int
    cost_percent: int
    least_age: int  # at the end of the year; 0 asks for none


@dataclass(frozen=True, slots=True)
class GiverTax:
    """A giver's year: what counts for the tax, and what does not."""

    qualifying_ore: int
    other_ore: int

    @property
    def whole_kronor(self) -> int:
        """The sum of the control statement, rounded down."""
        return self.qualifying_ore // 100


def limits_on(rules: Sequence[tuple[str, Mapping[str, int]]], year: int) -> Limits:
    """The newest rule in force on the last day of a year. Raises ValueError before the first."""
    last = date(year, 12, 31)
    fitting = [(day, said) for day, said in rules if date.fromisoformat(day) <= last]
    if not fitting:
        raise ValueError(f"no rule for charities in {year}")
    return Limits(**max(fitting, key=lambda one: one[0])[1])


def is_too_young(number: str, year: int, limits: Limits) -> bool:
    """Whether a personal identity number of twelve digits is of somebody below the age.

    The year of birth decides, as the age is the one at the end of the year; "" is of nobody known.
    """
    return bool(number) and year - int(number[:4]) < limits.least_age


def tax(gifts_ore: Iterable[int], limits: Limits) -> GiverTax:
    """What counts of one giver's gifts: small ones never, and nothing in too small a year."""
    gifts_ore = list(gifts_ore)
    counted = sum(ore for ore in gifts_ore if ore >= limits.gift_ore)
    if counted < limits.year_ore:
        counted = 0
    return GiverTax(counted, sum(gifts_ore) - counted)


@dataclass(frozen=True, slots=True)
class CostShare:
    """Fundraising and administration against all income."""

    cost_ore: int
    income_ore: int
    percent: int

    @property
    def permille(self) -> int:
        """So many thousandths, rounded up: a share is never told smaller than it is."""
        return -(-self.cost_ore * 1000 // self.income_ore) if self.income_ore > 0 else 0

    @property
    def is_within(self) -> bool:
        return self.cost_ore * 100 <= self.income_ore * self.percent


def due_on(year: int) -> date:
    """The last day for the control statements: 31 January (general practice, UNVERIFIED)."""
    return date(year + 1, 1, 31)
