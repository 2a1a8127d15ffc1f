"""Lag (2018:90) om insyn i finansiering av partier: sums and bands, plain Python.

Everything that one giver gave an entity in a year is added up first and sorted into bands then
(21 §). Limits are thousandths of the price base amount that is valid at the end of the year (2 §).
The database does the same over a million gifts (sums.py); a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

REPORT_DUE = (7, 1)  # the year after (24 §)
REPAY_MONTHS = 3  # after the end of the year (10 §)


class Kind(StrEnum):
    """The three kinds of givers (14 §)."""

    PERSON = "person"
    WITHIN = "within"  # associations within the party and its side organisations
    OTHER = "other"


class Band(StrEnum):
    SMALL = "small"
    KINDS = "kinds"
    NAMED = "named"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a year in öre. `base_year` differs from `year` when the year's is missing."""

    year: int
    base_ore: int
    base_year: int
    small_ore: int
    member_fee_ore: int
    anonymous_ore: int
    named_ore: int

    @property
    def is_missing(self) -> bool:
        """Whether the year's own price base amount is not known."""
        return self.base_year != self.year


def limits(
    year: int, amounts: Mapping[int, int], shares: Mapping[str, int], anonymous: int | None = None
) -> Limits:
    """The limits of a year; the last price base amount known goes on where the year's is missing.

    `anonymous` is an entity's own limit in thousandths, in place of the law's.
    """
    base_year = max((one for one in amounts if one <= year), default=min(amounts))
    base = amounts[base_year]
    own = shares["anonymous"] if anonymous is None else anonymous
    return Limits(
        year, base, base_year,
        small_ore=part(base, shares["small"]),
        member_fee_ore=part(base, shares["member_fee"]),
        anonymous_ore=part(base, own),
        named_ore=part(base, shares["named"]),
    )  # fmt: skip


def part(base_ore: int, permille: int) -> int:
    """So many thousandths, whole öre, rounded down: a limit is never above the law's."""
    return base_ore * permille // 1000


def shares_on(rules: Sequence[tuple[str, Mapping[str, int]]], on: date) -> Mapping[str, int]:
    """The thousandths in force on a day. Raises ValueError before the first rule."""
    fitting = [(day, shares) for day, shares in rules if date.fromisoformat(day) <= on]
    if not fitting:
        raise ValueError(f"no rule of party finance on {on.isoformat()}")
    return max(fitting, key=lambda one: one[0])[1]


def due_on(year: int) -> date:
    """The last day to file a year's report."""
    return date(year + 1, *REPORT_DUE)


def repay_by(year: int) -> date:
    """The last day to send back what came from nobody known above the limit."""
    return date(year + 1, REPAY_MONTHS, 31)


# --- Givers ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Contribution:
    """What stands of one gift. `giver` is None when nothing says who: then it is one by itself."""

    id: int
    giver: str | None
    on: date
    ore: int
    kind: Kind = Kind.PERSON
    identified: bool = False
    form: str = "money"


@dataclass(frozen=True, slots=True)
class GiverYear:
    """All that one giver gave in the year, as one contribution."""

    giver: str
    ore: int
    gifts: int
    kind: Kind
    identified: bool
    in_kind_ore: int = 0


_STRONGER = {Kind.PERSON: 0, Kind.OTHER: 1, Kind.WITHIN: 2}


def sum_givers(contributions: Iterable[Contribution]) -> list[GiverYear]:
    """One row a giver. One gift that tells who the giver is identifies the others too."""
    rows: dict[str, GiverYear] = {}
    for one in contributions:
        if one.ore <= 0:
            continue
        key = one.giver if one.giver is not None else f"{one.form}:{one.id}"
        before = rows.get(key) or GiverYear(key, 0, 0, one.kind, identified=False)
        rows[key] = GiverYear(
            key,
            before.ore + one.ore,
            before.gifts + 1,
            max(before.kind, one.kind, key=_STRONGER.__getitem__),
            before.identified or one.identified,
            before.in_kind_ore + (0 if one.form == "money" else one.ore),
        )
    return sorted(rows.values(), key=lambda row: (-row.ore, row.giver))


def band_of(row: GiverYear, limit: Limits) -> Band:
    """Where a giver's year belongs."""
    if row.ore <= limit.small_ore:
        return Band.SMALL
    if not row.identified:
        return Band.ANONYMOUS
    return Band.NAMED if row.ore > limit.named_ore else Band.KINDS


@dataclass(frozen=True, slots=True)
class Bands:
    """The contributions of a year as the report has them. A named giver stands in its kind too."""

    small_ore: int = 0
    small_givers: int = 0
    kinds_ore: dict[Kind, int] = field(default_factory=dict)
    kinds_givers: dict[Kind, int] = field(default_factory=dict)
    anonymous_ore: tuple[int, ...] = ()
    named: tuple[GiverYear, ...] = ()
    surplus_ore: int = 0
    in_kind_ore: int = 0

    @property
    def total_ore(self) -> int:
        """What may be kept and is told: the surplus of anonymous gifts is not in it."""
        return self.small_ore + sum(self.kinds_ore.values()) + sum(self.anonymous_ore)


def sort_into_bands(rows: Iterable[GiverYear], limit: Limits) -> Bands:
    """Givers' years into bands. What exceeds the anonymous limit is surplus and told nowhere."""
    rows = list(rows)
    by_band: dict[Band, list[GiverYear]] = {band: [] for band in Band}
    for row in rows:
        by_band[band_of(row, limit)].append(row)
    known = [*by_band[Band.KINDS], *by_band[Band.NAMED]]
    unknown = [*by_band[Band.ANONYMOUS], *_over(by_band[Band.SMALL], limit)]
    kept = sorted((min(r.ore, limit.anonymous_ore) for r in by_band[Band.ANONYMOUS]), reverse=True)
    small = [_kept_of_small(row, limit) for row in by_band[Band.SMALL]]
    return Bands(
        small_ore=sum(small),
        small_givers=sum(1 for ore in small if ore),
        kinds_ore={kind: sum(r.ore for r in known if r.kind == kind) for kind in Kind},
        kinds_givers={kind: sum(1 for r in known if r.kind == kind) for kind in Kind},
        anonymous_ore=tuple(ore for ore in kept if ore),
        named=tuple(by_band[Band.NAMED]),
        surplus_ore=sum(row.ore - min(row.ore, limit.anonymous_ore) for row in unknown),
        in_kind_ore=sum(row.in_kind_ore for row in rows),
    )


def _over(small: Sequence[GiverYear], limit: Limits) -> list[GiverYear]:
    """Small ones of nobody known that are above a limit stricter than small (as 0)."""
    return [r for r in small if not r.identified and r.ore > limit.anonymous_ore]


def _kept_of_small(row: GiverYear, limit: Limits) -> int:
    return row.ore if row.identified else min(row.ore, limit.anonymous_ore)


# --- The anonymous limit --------------------------------------------------------------------------
def surplus(
    contributions: Iterable[Contribution], limit_on: Callable[[date], int]
) -> dict[int, int]:
    """What of each gift of ONE unknown giver may not be kept: gift id -> öre above the limit.

    Gifts use the limit up in the order in which they came, each under the rule of its own day.
    """
    kept, over = 0, dict[int, int]()
    for one in sorted(contributions, key=lambda gift: (gift.on, gift.id)):
        keep = min(one.ore, max(0, limit_on(one.on) - kept))
        kept += keep
        if one.ore > keep:
            over[one.id] = one.ore - keep
    return over


# --- Freed from filing (25 §) ---------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Freed:
    """Whether an entity need not file, with the sum that says so."""

    total_ore: int
    public_ore: int
    fees_ore: int  # what may be taken off of the membership fees
    within_ore: int
    limit_ore: int
    always_files: bool

    @property
    def counted_ore(self) -> int:
        return self.total_ore - self.public_ore - self.fees_ore - self.within_ore

    @property
    def is_freed(self) -> bool:
        return not self.always_files and self.counted_ore < self.limit_ore


def freed(
    limit: Limits,
    *,
    total_ore: int,
    public_ore: int,
    fees_ore: int,
    members: int,
    within_ore: int,
    always_files: bool,
) -> Freed:
    """The sum of 25 §: income less public support, fees up to 0.01 a member, and the party's own.

    `always_files`: the association at the top of a party in the Riksdag or the European Parliament,
    or with state support.
    """
    off = min(fees_ore, members * limit.member_fee_ore)
    return Freed(total_ore, public_ore, off, within_ore, limit.named_ore, always_files)
