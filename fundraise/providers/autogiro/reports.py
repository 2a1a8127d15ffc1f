"""Records about payments that come from Bankgirot, in the new layout and the old one.

Source: technical manual, August 2014: 8.2 payment specification, 8.4 rejected payments, 8.5
cancellations and changes, 8.7 watch register, 9 the old layout. Days are YYYYMMDD as they stand
there (a report repeats a wrong day that was sent), sums whole öre.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from fundraise.providers.autogiro.layout import (
    Field,
    Layout,
    code,
    code_or_blank,
    const,
    filler,
    long_number,
    number,
    number_or_blank,
    signed,
    text,
    zeros,
)
from fundraise.providers.autogiro.orders import day_or_now


class Deposit(NamedTuple):
    """TK15 deposit, TK16 withdrawal, TK17 withdrawal for one refund. `number`: approved ones."""

    code: str
    account: str
    day: str
    serial: str
    amount_ore: int
    number: int


class SpecLine(NamedTuple):
    """TK82 or TK32 of a payment specification. Status 0 (old layout: blank) is paid."""

    direction: str
    day: str
    period: str
    times: int | None
    payer: str
    amount_ore: int
    bankgiro: str
    reference: str
    status: str

    @property
    def is_paid(self) -> bool:
        return self.status in {"0", ""}


class RefundLine(NamedTuple):
    """TK77: money that the payer's bank takes back."""

    day: str
    period: str
    times: int | None
    payer: str
    amount_ore: int
    bankgiro: str
    reference: str
    refund_day: str
    refund_code: str


class SpecEnd(NamedTuple):
    """TK09 of a payment specification."""

    written_on: str
    deposits: int
    paid_in: int
    withdrawals: int
    paid_out: int
    refund_withdrawals: int
    refunds: int


class RejectedLine(NamedTuple):
    """TK82 or TK32 of the rejected payments: no blank stands before the payer number here."""

    direction: str
    day: str
    period: str
    times: int | None
    payer: str
    amount_ore: int | None
    reference: str
    comment: str


class SumsEnd(NamedTuple):
    """TK09 with sums: outgoing (32) and incoming (82)."""

    written_on: str
    number_out: int
    sum_out_ore: int
    number_in: int
    sum_in_ore: int


class ChangeLine(NamedTuple):
    """TK03, 11, 21-29 of the cancellations and changes. `marker` says if a reference follows."""

    code: str
    day: str
    payer: str
    direction: str
    amount_ore: int
    marker: str
    new_day: str
    reference: str
    comment: str


class WatchLine(NamedTuple):
    """TK82 or TK32 that waits at Bankgirot."""

    direction: str
    day: str
    period: str
    times: int | None
    payer: str
    amount_ore: int
    reference: str


def _deposit(tk: str) -> Layout[Deposit]:
    return Layout(
        Deposit,
        [
            code("code", 2, tk),
            long_number("account", 35),
            code("day", 8),
            code("serial", 5),
            number("amount_ore", 18),
            filler(3),
            number("number", 8),
        ],
    )


def _draw(first: Field) -> list[Field]:
    """How every report but the rejected payments begins to tell of a draw."""
    return [
        first,
        code("day", 8),
        code_or_blank("period", 1),
        number_or_blank("times", 3),
        filler(1),
        long_number("payer", 16),
        number("amount_ore", 12),
    ]


def _spec_line(tk: str, status: Field) -> Layout[SpecLine]:
    return Layout(
        SpecLine,
        [
            *_draw(code("direction", 2, tk)),
            long_number("bankgiro", 10),
            text("reference", 16),
            filler(10),
            status,
        ],
    )


REFUND_LINE = Layout(
    RefundLine,
    [
        *_draw(const("77")),
        long_number("bankgiro", 10),
        text("reference", 16),
        code("refund_day", 8),
        code("refund_code", 2),
    ],
)


SPECIFICATION: dict[str, Layout[Any]] = {
    **{tk: _deposit(tk) for tk in ("15", "16", "17")},
    **{tk: _spec_line(tk, code("status", 1)) for tk in ("82", "32")},
    "77": REFUND_LINE,
}


SPECIFICATION_END = Layout(
    SpecEnd,
    [
        const("09"),
        code("written_on", 8),
        const("9900"),
        number("deposits", 6),
        number("paid_in", 12),
        number("withdrawals", 6),
        number("paid_out", 12),
        number("refund_withdrawals", 6),
        number("refunds", 12),
    ],
)


SPECIFICATION_OLD: dict[str, Layout[Any]] = {
    tk: _spec_line(tk, code_or_blank("status", 1)) for tk in ("82", "32")
}


def _as_sent(name: str, length: int) -> Field:
    """A number that was sent wrongly comes back as it was: None then."""
    plain = number(name, length)
    return Field(
        name,
        length,
        f".{{{length}}}",
        "digits",
        lambda value: int(value) if value.isascii() and value.isdigit() else None,
        lambda value: " " * length if value is None else plain.write(value),
    )


def _rejected(tk: str) -> Layout[RejectedLine]:
    return Layout(
        RejectedLine,
        [
            code("direction", 2, tk),
            day_or_now("day"),
            code_or_blank("period", 1),
            number_or_blank("times", 3),
            long_number("payer", 16),
            _as_sent("amount_ore", 12),
            text("reference", 16),
            code("comment", 2),
        ],
    )


REJECTED: dict[str, Layout[Any]] = {tk: _rejected(tk) for tk in ("82", "32")}


REJECTED_END = Layout(
    SumsEnd,
    [
        const("09"),
        code("written_on", 8),
        const("9900"),
        number("number_out", 6),
        number("sum_out_ore", 12),
        number("number_in", 6),
        number("sum_in_ore", 12),
    ],
)


def _reference_or_zeros(name: str) -> Field:
    none = "0" * 16
    plain = text(name, 16)
    return Field(
        name,
        16,
        ".{16}",
        "constant",
        lambda value: "" if value == none else value.rstrip(),
        lambda value: plain.write(value) if value else none,
    )


def _change(tk: str) -> Layout[ChangeLine]:
    return Layout(
        ChangeLine,
        [
            code("code", 2, tk),
            code_or_blank("day", 8),
            long_number("payer", 16),
            code("direction", 2),
            number("amount_ore", 12),
            text("marker", 8),
            code_or_blank("new_day", 8),
            _reference_or_zeros("reference"),
            code("comment", 2),
        ],
    )


CHANGE_CODES = ("03", "11", "21", "22", "23", "24", "25", "26", "27", "28", "29")


CHANGES: dict[str, Layout[Any]] = {tk: _change(tk) for tk in CHANGE_CODES}


class TrailerEnd(NamedTuple):
    """TK09 of the changes (sums below zero) and of the watch register."""

    written_on: str
    sum_out_ore: int
    number_out: int
    number_in: int
    sum_in_ore: int


def _trailer(sum_of: Any) -> Layout[TrailerEnd]:
    return Layout(
        TrailerEnd,
        [
            const("09"),
            code("written_on", 8),
            const("9900"),
            filler(14),
            sum_of("sum_out_ore", 12),
            number("number_out", 6),
            number("number_in", 6),
            zeros(4),
            sum_of("sum_in_ore", 12),
            zeros(12),
        ],
    )


CHANGES_END = _trailer(signed)


WATCH_END = _trailer(number)


def _watch(tk: str) -> Layout[WatchLine]:
    return Layout(
        WatchLine,
        [
            *_draw(code("direction", 2, tk)),
            zeros(10),
            text("reference", 16),
        ],
    )


WATCH: dict[str, Layout[Any]] = {tk: _watch(tk) for tk in ("82", "32")}
