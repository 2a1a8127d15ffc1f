"""BgMax: payments that came in to a bankgiro, old files and executed autogiro draws.

Source: Bankgirot's BgMax manual (general variant) and the technical manual for autogiro of August
2014, chapter 10. The service ended on 27 November 2026; old files are still read. Sums are whole
öre (or cents, where a section's currency is EUR).
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
    text,
)


class BgMaxOpening(NamedTuple):
    """TK01: when it was written (day and time), P production or T test."""

    version: str
    stamp: str
    mark: str


class BgMaxSection(NamedTuple):
    """TK05: which bankgiro (or plusgiro) the payments came to, and in which currency."""

    bankgiro: str
    plusgiro: str
    currency: str


class BgMaxPayment(NamedTuple):
    """TK20 payment, TK21 deduction, TK22 and TK23 further references of the one before."""

    code: str
    payer_bankgiro: str
    reference: str
    amount_ore: int
    reference_code: str
    channel: str
    serial: str
    image: str
    deduction_code: str


class BgMaxText(NamedTuple):
    """TK25: what the payer wrote."""

    text: str


class BgMaxName(NamedTuple):
    """TK26."""

    name: str
    more: str


class BgMaxAddress(NamedTuple):
    """TK27."""

    street: str
    postcode: str


class BgMaxTown(NamedTuple):
    """TK28."""

    town: str
    country: str
    country_code: str


class BgMaxOrganisation(NamedTuple):
    """TK29."""

    number: str


class BgMaxDeposit(NamedTuple):
    """TK15: the section's payments less its deductions, in one sum to the bank account."""

    account: str
    day: str
    serial: str
    amount_ore: int
    currency: str
    number: int | None
    kind: str


class BgMaxEnd(NamedTuple):
    """TK70: how many of each."""

    payments: int
    deductions: int
    references: int
    deposits: int


BGMAX_OPENING = Layout(
    BgMaxOpening,
    [
        const("01" + "BGMAX".ljust(20)),
        code("version", 2),
        code("stamp", 20),
        text("mark", 1),
    ],
)
BGMAX_SECTION = Layout(
    BgMaxSection,
    [const("05"), long_number("bankgiro", 10), long_number("plusgiro", 10), text("currency", 3)],
)


def _organisation(name: str, length: int) -> Field:
    """Ten digits, written right-aligned by the manual and left-aligned in Bankgirot's example."""
    plain = long_number(name, length)
    return Field(
        name,
        length,
        rf"[\d ]{{{length}}}",
        "digits_or_blank",
        lambda t: t.strip().lstrip("0"),
        plain.write,
    )


def _payment(tk: str) -> Layout[BgMaxPayment]:
    return Layout(
        BgMaxPayment,
        [
            code("code", 2, tk),
            long_number("payer_bankgiro", 10),
            text("reference", 25),
            number("amount_ore", 18),
            code_or_blank("reference_code", 1),
            code_or_blank("channel", 1),
            text("serial", 12),
            code_or_blank("image", 1),
            code_or_blank("deduction_code", 1),
        ],
    )


BGMAX: dict[str, Layout[Any]] = {
    **{tk: _payment(tk) for tk in ("20", "21", "22", "23")},
    "25": Layout(BgMaxText, [const("25"), text("text", 50)]),
    "26": Layout(BgMaxName, [const("26"), text("name", 35), text("more", 35)]),
    "27": Layout(BgMaxAddress, [const("27"), text("street", 35), text("postcode", 9)]),
    "28": Layout(
        BgMaxTown, [const("28"), text("town", 35), text("country", 35), text("country_code", 2)]
    ),
    "29": Layout(BgMaxOrganisation, [const("29"), _organisation("number", 12)]),
    "15": Layout(
        BgMaxDeposit,
        [
            const("15"),
            long_number("account", 35),
            code("day", 8),
            code("serial", 5),
            number("amount_ore", 18),
            text("currency", 3),
            number_or_blank("number", 8),
            text("kind", 1),
        ],
    ),
}
BGMAX_END = Layout(
    BgMaxEnd,
    [
        const("70"),
        number("payments", 8),
        number("deductions", 8),
        number("references", 8),
        number("deposits", 8),
        filler(46),
    ],
)
