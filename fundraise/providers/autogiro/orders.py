"""Records that are sent to Bankgirot: mandates, payments, cancellations and changes.

Source: Bankgirot's technical manual, August 2014, 7.2 (mandates), 7.3 (payments), 7.4 (changes), 4
(the seal's two records). Days are YYYYMMDD, sums whole öre.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from fundraise.providers.autogiro.layout import (
    Field,
    Layout,
    account,
    code,
    const,
    filler,
    identity,
    long_number,
    number,
    number_or_blank,
    text,
)

NOW = "GENAST"  # the nearest bank day; only with period 0


class OrderOpening(NamedTuple):
    """TK01: whose orders follow."""

    written_on: str
    customer_number: str
    bankgiro: str


class CancelMandate(NamedTuple):
    """TK03."""

    bankgiro: str
    payer: str


class NewMandate(NamedTuple):
    """TK04: a new mandate, or the answer to one of the Internet bank (`answer` AV = no)."""

    bankgiro: str
    payer: str
    account: str
    identity: str
    answer: str = ""


class ChangePayer(NamedTuple):
    """TK05: another payer number for a mandate on an account."""

    bankgiro: str
    payer: str
    same_bankgiro: str
    new_payer: str


class PaymentOrder(NamedTuple):
    """TK82 (from the payer) or TK32 (to the payer)."""

    direction: str
    day: str
    period: str
    times: int | None
    payer: str
    amount_ore: int
    bankgiro: str
    reference: str = ""


class ChangeOrder(NamedTuple):
    """TK23-29: which payments, by what the code asks for, and the new day for 26-29."""

    code: str
    bankgiro: str
    payer: str = ""
    day: str = ""
    amount_ore: int | None = None
    direction: str = ""
    new_day: str = ""
    reference: str = ""


class SealOpening(NamedTuple):
    """TK00: the day of sealing, YYMMDD."""

    sealed_on: str


class SealEnd(NamedTuple):
    """TK99: the check of the key and the seal, 32 hexadecimal signs each."""

    sealed_on: str
    kvv: str
    mac: str


def day_or_now(name: str) -> Field:
    """A day, or GENAST."""
    return Field(
        name,
        8,
        rf"\d{{8}}|{NOW}  ",
        "digits",
        str.rstrip,
        lambda v: f"{NOW}  " if v == NOW else code(name, 8).write(v),
    )


def _reject(name: str) -> Field:
    return Field(name, 2, "AV|  ", "constant", str.strip, lambda v: v.ljust(2))


def _hex(name: str) -> Field:
    return Field(name, 32, "[0-9A-F]{32}", "digits", str, str)


OPENING = Layout(
    OrderOpening,
    [
        const("01"),
        code("written_on", 8),
        const("AUTOGIRO" + " " * 44),
        code("customer_number", 6),
        long_number("bankgiro", 10),
    ],
)
CANCEL_MANDATE = Layout(
    CancelMandate, [const("03"), long_number("bankgiro", 10), long_number("payer", 16)]
)
NEW_MANDATE = Layout(
    NewMandate,
    [
        const("04"),
        long_number("bankgiro", 10),
        long_number("payer", 16),
        account("account"),
        identity("identity"),
        filler(20),
        _reject("answer"),
    ],
)
CHANGE_PAYER = Layout(
    ChangePayer,
    [
        const("05"),
        long_number("bankgiro", 10),
        long_number("payer", 16),
        long_number("same_bankgiro", 10),
        long_number("new_payer", 16),
    ],
)


def _payment(direction: str) -> Layout[PaymentOrder]:
    return Layout(
        PaymentOrder,
        [
            code("direction", 2, direction),
            day_or_now("day"),
            code("period", 1, "[0-8]"),
            number_or_blank("times", 3),
            filler(1),
            long_number("payer", 16),
            number("amount_ore", 12),
            long_number("bankgiro", 10),
            text("reference", 16),
        ],
    )


def _change(tk: str, *, payer: bool, day: bool, one: bool, new_day: bool) -> Layout[ChangeOrder]:
    """What a code of 23-29 must name; all else is blank."""
    return Layout(
        ChangeOrder,
        [
            code("code", 2, tk),
            long_number("bankgiro", 10),
            long_number("payer", 16) if payer else _none("payer", 16, ""),
            code("day", 8) if day else _none("day", 8, ""),
            number("amount_ore", 12) if one else _none("amount_ore", 12, None),
            code("direction", 2, "82|32") if one else _none("direction", 2, ""),
            code("new_day", 8) if new_day else _none("new_day", 8, ""),
            text("reference", 16) if one else _none("reference", 16, ""),
        ],
    )


def _none(name: str, length: int, value: str | None) -> Field:
    """A field that this code does not use: blank when written, whatever stands there when read."""
    return Field(
        name, length, f".{{{length}}}", "constant", lambda _t: value, lambda _v: " " * length
    )


CHANGES = {
    "23": _change("23", payer=True, day=False, one=False, new_day=False),
    "24": _change("24", payer=True, day=True, one=False, new_day=False),
    "25": _change("25", payer=True, day=True, one=True, new_day=False),
    "26": _change("26", payer=False, day=False, one=False, new_day=True),
    "27": _change("27", payer=False, day=True, one=False, new_day=True),
    "28": _change("28", payer=True, day=True, one=False, new_day=True),
    "29": _change("29", payer=True, day=True, one=True, new_day=True),
}
RECORDS: dict[str, Layout[Any]] = {
    "03": CANCEL_MANDATE,
    "04": NEW_MANDATE,
    "05": CHANGE_PAYER,
    "82": _payment("82"),
    "32": _payment("32"),
    **CHANGES,
}
SEAL_OPENING = Layout(SealOpening, [const("00"), code("sealed_on", 6), const("HMAC")])
SEAL_END = Layout(SealEnd, [const("99"), code("sealed_on", 6), _hex("kvv"), _hex("mac")])
