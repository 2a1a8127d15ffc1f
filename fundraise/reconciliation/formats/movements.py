"""A row of a CSV as a movement of an account. What is wrong is said with row and column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from fundraise.reconciliation.formats import cells
from fundraise.reconciliation.formats.base import FormatError, Line, Payer, Payment
from fundraise.reconciliation.formats.columns import Columns
from fundraise.reconciliation.formats.limits import LIMITS
from fundraise.reconciliation.formats.mapper import Field, Mapping
from fundraise.reconciliation.formats.values import number as plain_number
from fundraise.reconciliation.formats.values import phone, provided

CURRENCY = "SEK"
REFERENCE = 80  # signs
_DIGITS = re.compile(r"[0-9][0-9 -]{1,38}")


@dataclass(frozen=True, slots=True)
class Movement:
    """A line, the account it is of, and the balance that stands beside it."""

    account: str
    line: Line
    balance_ore: int | None


def movement_of(columns: Columns, number: int, row: list[str]) -> Movement | None:
    """The movement of a row; None for one that is pending, a sum, or moves nothing."""
    mapping, text = columns.mapping, columns.text
    if mapping.only is not None and _cell(row, mapping.only[0]) != mapping.only[1]:
        return None
    when = text(row, "booked_on")
    if _is_pending(mapping, when) or _is_pending(mapping, text(row, "status")):
        return None
    is_short = len(row) < columns.least
    if _begins(row, mapping.sums_begin) if is_short else not (when or _has_amount(columns, row)):
        return None  # the bank's own sums
    _refuse_width(columns, number, row)
    booked_on = _day(columns, number, row, "booked_on")
    amount = _amount(columns, number, row)
    if text(row, "currency").upper() not in {"", CURRENCY}:
        at = columns.place(number, "currency")
        raise FormatError("currency", at, currency=text(row, "currency")[:3])
    if not amount or booked_on is None:
        return None
    balance = _ore(columns, number, row, "balance") if text(row, "balance") else None
    return Movement(
        _own_account(columns, row, amount),
        _line(columns, number, row, amount, booked_on, balance),
        balance,
    )


def _line(
    columns: Columns, number: int, row: list[str], amount: int, booked_on: date, balance: int | None
) -> Line:
    mapping, text = columns.mapping, columns.text
    bank_ref = _reference(columns, number, row, "bank_ref")
    code = text(row, "code")[:40]
    is_return = "retur" in f"{code} {text(row, 'direction')}".casefold()
    payer, written = _payer(columns, row, amount)
    reference, said = _told_apart(text(row, "reference"))
    message = " ".join(part for part in (written, said) if part)
    if not message and not _names_payer(mapping, text(row, "payer_name")):
        message = text(row, "text")
    payment = Payment(
        amount, f"row {number}",
        bank_ref=bank_ref,
        end_to_end=_reference(columns, number, row, "end_to_end"),
        reference=reference,
        message=_short(message, f"row {number}"),
        order_id=_reference(columns, number, row, "order_id"),
        payer=payer, code=code, is_return=is_return,
    )  # fmt: skip
    return Line(
        amount, booked_on, f"row {number}",
        value_on=_day(columns, number, row, "value_on") if text(row, "value_on") else None,
        bank_ref=bank_ref,
        text=_short(text(row, "text"), f"row {number}"),
        code=code, is_return=is_return, own_payment=payment,
        balance_ore=balance if mapping.balance == "row" else None,
    )  # fmt: skip


def _payer(columns: Columns, row: list[str], amount: int) -> tuple[Payer, str]:
    """The other side, and what it wrote."""
    mapping, text = columns.mapping, columns.text
    name, message = text(row, "payer_name"), text(row, "message")
    if _names_payer(mapping, name) and message:
        name, message = cells.turned_name(message), ""
    account = text(row, "payer_account") or text(row, "sender" if amount > 0 else "recipient")
    payer = Payer(
        _short(name, ""),
        plain_number(account)[:REFERENCE],
        phone(text(row, "payer_phone")),
        plain_number(text(row, "payer_number"))[:REFERENCE],
    )
    return payer, message


def _names_payer(mapping: Mapping, name: str) -> bool:
    """Whether the message is the payer's name."""
    return name.casefold() in {one.casefold() for one in mapping.name_in_message}


def _told_apart(text: str) -> tuple[str, str]:
    """A reference of digits, or a message: some banks have one column for both."""
    plain = provided(text)
    return (plain_number(plain), "") if _DIGITS.fullmatch(plain) else ("", plain)


def _own_account(columns: Columns, row: list[str], amount: int) -> str:
    """The account that a row is of: in a column of its own, or where money went to or came from."""
    own = columns.text(row, "account") or columns.text(row, "recipient" if amount > 0 else "sender")
    return plain_number(own)[:34]


# --- Cells ----------------------------------------------------------------------------------------
def _cell(row: list[str], number: int) -> str:
    return row[number - 1] if number <= len(row) else ""


def _begins(row: list[str], words: tuple[str, ...]) -> bool:
    first = next((cell for cell in row if cell), "").casefold()
    return first.startswith(tuple(word.casefold() for word in words))


def _is_pending(mapping: Mapping, text: str) -> bool:
    plain = text.casefold()
    return bool(plain) and plain.startswith(tuple(word.casefold() for word in mapping.pending))


def _refuse_width(columns: Columns, number: int, row: list[str]) -> None:
    """A text with the delimiter in it has moved the cells behind it; a cut file lacks some."""
    if columns.width and (len(row) < columns.least or any(row[columns.width :])):
        raise FormatError("columns", f"row {number}", found=len(row), said=columns.width)


def _has_amount(columns: Columns, row: list[str]) -> bool:
    return any(columns.text(row, name) for name in ("amount", "paid_in", "paid_out"))


def _day(columns: Columns, number: int, row: list[str], name: Field) -> date | None:
    try:
        return cells.day(columns.text(row, name), columns.mapping.dates)
    except ValueError:
        raise FormatError("day", columns.place(number, name)) from None


def _ore(columns: Columns, number: int, row: list[str], name: Field) -> int:
    try:
        return cells.ore(columns.text(row, name), columns.mapping.decimal)
    except ValueError:
        raise FormatError("amount", columns.place(number, name)) from None


def _amount(columns: Columns, number: int, row: list[str]) -> int:
    """With its sign: its own, that of its column, or that of the word beside it."""
    if not columns.has("amount"):
        paid_in, paid_out = (
            abs(_ore(columns, number, row, name)) if columns.text(row, name) else 0
            for name in ("paid_in", "paid_out")
        )
        if not (columns.text(row, "paid_in") or columns.text(row, "paid_out")):
            raise FormatError("amount", columns.place(number, "paid_in"))
        return paid_in - paid_out
    amount = _ore(columns, number, row, "amount")
    return -abs(amount) if _goes_out(columns, row) else amount


def _goes_out(columns: Columns, row: list[str]) -> bool:
    word = columns.text(row, "direction").casefold()
    told = columns.mapping.out_words
    return bool(word) and any(word == one or (len(one) > 2 and one in word) for one in told)


def _reference(columns: Columns, number: int, row: list[str], name: Field) -> str:
    text = provided(columns.text(row, name))
    if len(text) > REFERENCE:
        raise FormatError("too_long", columns.place(number, name))
    return text


def _short(text: str, at: str) -> str:
    if len(text) > LIMITS.text:
        raise FormatError("too_long", at)
    return text
