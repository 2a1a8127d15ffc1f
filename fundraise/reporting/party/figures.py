"""The report of a year as it would be filed now: every line, the bands, what is in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Sum

from fundraise import clock
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.party import collecting, rules, ruling, sums
from fundraise.reporting.party.lines import LINES, ROLE_OF
from fundraise.reporting.party.models import CashCollection, Hold, TypedSum, YearFacts
from fundraise.reporting.party.rules import Bands, Freed, GiverYear, Kind, Limits

ROLES = sorted(set(ROLE_OF.values()))
SUB = {"lottery_tickets", "other_what", "collection", "anonymous_gift", "named"}
Detail = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report; one of SUB tells what the line above it is made of."""

    code: str
    amount_ore: int
    number: int | None = None
    detail: Detail = field(default_factory=dict)

    @property
    def is_sub(self) -> bool:
        return self.code in SUB


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything of a year. `open` are codes of what is in the way, with a number each."""

    entity_id: int
    year: int
    limits: Limits
    rows: tuple[Row, ...]
    givers: tuple[GiverYear, ...] = field(repr=False)
    bands: Bands
    freed: Freed
    gifts_ore: int
    open: tuple[tuple[str, int], ...]

    @property
    def total_ore(self) -> int:
        return sum(row.amount_ore for row in self.rows if not row.is_sub)


def of(entity: LegalEntity, year: int, *, limits: Limits | None = None) -> Figures:
    """The figures of a year; with other `limits`, as they would be under those."""
    held = limits or ruling.limits_of(entity.pk, year)
    givers = sums.by_giver(entity.pk, year)
    most = held.anonymous_ore if limits else max(ruling.anonymous_limits_ore(entity.pk, year))
    bands = rules.sort_into_bands(givers, replace(held, anonymous_ore=most))
    books = sums.roles_ore(entity.pk, year, ROLES)
    typed = list(TypedSum.objects.filter(entity=entity, year=year, withdrawn_at=None))
    income = dict(_income(books, typed))
    rows = (
        *_income_rows(income, typed),
        *_collections(entity, year),
        *_contributions(bands),
    )
    found = Figures(
        entity.pk, year, held, rows, tuple(givers), bands,
        _freed(entity, year, held, rows, income), sums.gifts_standing(entity.pk, year), (),
    )  # fmt: skip
    return replace(found, open=tuple(_in_the_way(entity, found, books, typed)))


def _income(books: Mapping[str, int], typed: Iterable[TypedSum]) -> Iterator[tuple[str, int]]:
    """Each line's sum: of the books what no typed sum gives to another line, and typed ones."""
    typed = list(typed)
    for line in LINES:
        parted = [row for row in typed if row.in_books and ROLE_OF[row.line] == line.role]
        left = books.get(line.role, 0) - sum(row.amount_ore for row in parted) if line.role else 0
        yield line.code, left + sum(row.amount_ore for row in typed if row.line == line.code)


def _income_rows(income: Mapping[str, int], typed: Iterable[TypedSum]) -> Iterator[Row]:
    typed = list(typed)
    for line in LINES:
        yield Row(line.code, income[line.code])
        for row in typed:
            if row.line != line.code:
                continue
            if row.line == "lottery":
                price = {"price_ore": int(row.ticket_price_ore or 0)}
                yield Row("lottery_tickets", row.amount_ore, row.tickets, price)
            elif row.what:
                yield Row("other_what", row.amount_ore, None, {"what": row.what})


def _collections(entity: LegalEntity, year: int) -> Iterator[Row]:
    span = sums.span(entity.pk, year)
    slips = CashCollection.objects.filter(
        entity=entity, held_at__gte=span["begins"], held_at__lt=span["ends"]
    ).select_related("gift")
    rows = [
        Row(
            "collection",
            slip.gift.standing_ore,
            None,
            {"place": slip.place, "at": _at(slip)},
        )
        for slip in slips.order_by("held_at", "pk")
    ]  # fmt: skip
    yield Row("collections", sum(row.amount_ore for row in rows), len(rows))
    yield from rows


def _at(slip: CashCollection) -> str:
    return f"{slip.held_at.astimezone(clock.STOCKHOLM):%Y-%m-%d %H:%M}"


def _contributions(bands: Bands) -> Iterator[Row]:
    yield Row("small", bands.small_ore, bands.small_givers)
    for kind in Kind:
        yield Row(f"kind_{kind}", bands.kinds_ore.get(kind, 0), bands.kinds_givers.get(kind, 0))
    yield Row("anonymous", sum(bands.anonymous_ore), len(bands.anonymous_ore))
    for ore in bands.anonymous_ore:
        yield Row("anonymous_gift", ore)


def _freed(
    entity: LegalEntity,
    year: int,
    limits: Limits,
    rows: Iterable[Row],
    income: Mapping[str, int],
) -> Freed:
    facts = facts_of(entity, year)
    return rules.freed(
        limits,
        total_ore=sum(row.amount_ore for row in rows if not row.is_sub),
        public_ore=sum(income[line.code] for line in LINES if line.public),
        fees_ore=income["membership"],
        members=facts.members,
        within_ore=income["within_party"]
        + sum(row.amount_ore for row in rows if row.code == f"kind_{Kind.WITHIN}"),
        always_files=facts.always_files,
    )


def facts_of(entity: LegalEntity, year: int) -> YearFacts:
    """What was said of the year, else of the newest one before it, else that it must file."""
    said = YearFacts.objects.filter(entity=entity, year__lte=year).order_by("-year").first()
    return said or YearFacts(entity=entity, year=year, always_files=True, members=0)


def _in_the_way(
    entity: LegalEntity, found: Figures, books: Mapping[str, int], typed: Iterable[TypedSum]
) -> Iterator[tuple[str, int]]:
    if found.limits.is_missing:
        yield "base_missing", found.limits.base_year
    for role in ROLES:
        parted = sum(row.amount_ore for row in typed if row.in_books and ROLE_OF[row.line] == role)
        if parted > books.get(role, 0):
            yield f"parted_{role}", parted - books.get(role, 0)
    if found.bands.surplus_ore:
        yield "surplus", found.bands.surplus_ore
    waits = Hold.objects.filter(entity=entity, year=found.year, state__in=["held", "repaying"])
    if ore := waits.aggregate(ore=Sum("amount_ore"))["ore"]:
        yield "held", ore
    waiting = collecting.not_paid_in().filter(entity=entity)
    if not_deposited := waiting.filter(held_at__date__range=_days(found.year)).count():
        yield "not_deposited", not_deposited
    if clock.today() <= date(found.year, 12, 31):
        yield "not_over", 0


def _days(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)
