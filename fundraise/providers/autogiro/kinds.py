"""Which kinds of file there are: their records, how they begin and end, what must add up.

Source: format descriptions named in `orders`, `reports` and `bgmax`; recognised by the first record
and never by the file's name (technical manual 6.1.5: names can be agreed otherwise).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fundraise.providers.autogiro import bgmax, mandates, openings, orders, reports, totals
from fundraise.providers.autogiro.layout import Layout, Line


@dataclass(frozen=True)
class Section:
    """An opening record and what follows it, up to its end record where the kind has one."""

    opening: Any
    opened_at: int
    lines: list[Line] = field(default_factory=list)
    end: Any = None
    ended_at: int = 0


@dataclass(frozen=True)
class Kind:
    """One kind of file. `records` by the two signs that a record begins with."""

    name: str
    to_bankgirot: bool
    opening: Layout[Any] | None
    records: Mapping[str, Layout[Any]]
    end: Layout[Any] | None = None
    end_code: str = ""
    check: Callable[[Section], totals.Found] = totals.nothing
    skips_unknown: bool = False  # BgMax says that unknown records are to be passed over
    may_be_empty: bool = False

    def layout_of(self, record: Any) -> Layout[Any]:
        """The layout that writes a record. Raises KeyError when the kind has no such record."""
        if "" in self.records:
            return self.records[""]
        own = self.records.get(getattr(record, "code", "") or getattr(record, "direction", ""))
        if own is not None and own.record is type(record):
            return own
        for layout in self.records.values():
            if layout.record is type(record):
                return layout
        raise KeyError(type(record).__name__)


ORDERS = Kind("orders", True, orders.OPENING, orders.RECORDS, check=totals.orders)
KINDS: tuple[Kind, ...] = (
    ORDERS,
    Kind(
        "payment_specification",
        False,
        openings.new_opening("BET. SPEC & STOPP TK"),
        reports.SPECIFICATION,
        reports.SPECIFICATION_END,
        "09",
        totals.specification,
    ),
    Kind(
        "mandate_advice",
        False,
        openings.new_opening("AG-MEDAVI"),
        mandates.ADVICE,
        mandates.COUNT_END,
        "09",
        totals.advice,
    ),
    Kind(
        "rejected_payments",
        False,
        openings.new_opening("AVVISADE BET UPPDR"),
        reports.REJECTED,
        reports.REJECTED_END,
        "09",
        totals.rejected,
    ),
    Kind(
        "changes",
        False,
        openings.new_opening("MAKULERING/ÄNDRING"),
        reports.CHANGES,
        reports.CHANGES_END,
        "09",
        totals.changes,
    ),
    Kind(
        "e_mandates",
        False,
        openings.E_MANDATES_OPENING,
        mandates.E_MANDATES,
        mandates.E_MANDATES_END,
        "59",
        totals.e_mandates,
    ),
    Kind(
        "watch_register",
        False,
        openings.old_opening("BEVAKNINGSREG"),
        reports.WATCH,
        reports.WATCH_END,
        "09",
        totals.watch,
        may_be_empty=True,
    ),
    Kind(
        "payment_specification_old",
        False,
        openings.old_opening(""),
        reports.SPECIFICATION_OLD,
        reports.WATCH_END,
        "09",
        totals.watch,
    ),
    Kind(
        "mandate_advice_old",
        False,
        openings.ADVICE_OPENING_OLD,
        mandates.ADVICE_OLD,
        mandates.COUNT_END,
        "09",
        totals.advice,
    ),
    Kind(
        "rejected_payments_old",
        False,
        openings.old_opening("FELLISTA REG.KONTRL"),
        reports.REJECTED,
        reports.REJECTED_END,
        "09",
        totals.rejected,
    ),
    Kind(
        "changes_old",
        False,
        openings.old_opening("MAK/ÄNDRINGSLISTA"),
        reports.CHANGES,
        reports.CHANGES_END,
        "09",
        totals.changes,
    ),
    Kind(
        "bgmax",
        False,
        bgmax.BGMAX_OPENING,
        {"05": bgmax.BGMAX_SECTION, **bgmax.BGMAX},
        bgmax.BGMAX_END,
        "70",
        totals.bgmax,
        skips_unknown=True,
        may_be_empty=True,
    ),
)
REGISTERS = (
    Kind("mandate_register", False, None, {"": mandates.REGISTER}),
    Kind("mandate_register_old", False, None, {"": mandates.REGISTER_OLD}),
)
BY_NAME: dict[str, Kind] = {kind.name: kind for kind in (*KINDS, *REGISTERS)}


def kind_of(line: str) -> Kind | None:
    """The kind of a file whose first record is this line of 80 characters; None when unknown."""
    for kind in KINDS:
        if kind.opening is not None and kind.opening.is_like(line):
            return kind
    if not line.startswith("00"):  # a bankgiro number has at most eight digits
        return None
    for kind in REGISTERS:
        if kind.records[""].pattern.fullmatch(line):
            return kind
    return None
