"""An entry with the payments in it: what stands before them, and what they must add up to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from fundraise.reconciliation.formats import checks, values
from fundraise.reconciliation.formats.base import FormatError, Line, Payment
from fundraise.reconciliation.formats.camt.heads import amount_of, sign_of
from fundraise.reconciliation.formats.camt.names import Element, text_of
from fundraise.reconciliation.formats.camt.payments import REF, RETURN_CODES, Payments, code_of

BOOKED = "BOOK"
TAGS = (
    "NtryRef Amt CdtDbtInd RvslInd Sts BookgDt ValDt AcctSvcrRef BkTxCd NtryDtls AddtlNtryInf "
    "Btch MsgId PmtInfId NbOfTxs TtlAmt"
)


@dataclass(slots=True)
class Entry:
    """An entry while its payments are read."""

    at: str
    sign: int
    amount_ore: int
    is_booked: bool
    is_return: bool
    booked_on: date | None
    value_on: date | None
    bank_ref: str
    entry_ref: str
    code: str
    payments: list[Payment] = field(default_factory=list)
    unpriced: list[int] = field(default_factory=list)  # places in `payments`
    batches: int = 0
    declared_count: int = 0
    declared_ore: int | None = None
    batch_ref: str = ""


class Entries:
    """Reads the entries of one namespace."""

    def __init__(self, prefix: str) -> None:
        self.payments = Payments(prefix)
        self.tag = {name: prefix + name for name in TAGS.split()}

    def begin(self, element: Element, at: str) -> Entry:
        """What stands in an entry before its details. Raises FormatError."""
        tag = self.tag
        parts = {part.tag: part for part in element}
        status = _inner(parts.get(tag["Sts"]))
        if not status:
            raise FormatError("missing", at, field="Sts")
        code = parts.get(tag["BkTxCd"])
        code_text = "" if code is None else code_of(code)
        booked_on, value_on = _inner(parts.get(tag["BookgDt"])), _inner(parts.get(tag["ValDt"]))
        return Entry(
            at,
            sign_of(_text(parts.get(tag["CdtDbtInd"])), at),
            amount_of(parts.get(tag["Amt"]), at),
            status == BOOKED,
            _text(parts.get(tag["RvslInd"])) in {"true", "1"} or code_text[-4:] in RETURN_CODES,
            _day(booked_on or value_on, at, "BookgDt"),
            _day(value_on, at, "ValDt"),
            values.provided(_text(parts.get(tag["AcctSvcrRef"]))),
            values.provided(_text(parts.get(tag["NtryRef"]))),
            code_text,
        )

    def add_payment(self, element: Element, entry: Entry) -> None:
        """One more payment of the entry. Raises FormatError."""
        at = f"{entry.at}, payment {len(entry.payments) + 1}"
        payment, is_priced = self.payments.read(element, at, entry.sign, entry.is_return)
        if not is_priced:
            entry.unpriced.append(len(entry.payments))
        entry.payments.append(payment)

    def end_details(self, element: Element, entry: Entry) -> None:
        """Add up what the details of an entry say of their batch. Raises FormatError."""
        batch = element.find(self.tag["Btch"])
        if batch is None:
            return
        tag, parts = self.tag, {part.tag: part for part in batch}
        named = _text(parts.get(tag["MsgId"])) or _text(parts.get(tag["PmtInfId"]))
        entry.batch_ref = entry.batch_ref or values.provided(named)
        count = _text(parts.get(tag["NbOfTxs"]))
        if count:
            if not (count.isascii() and count.isdigit()) or len(count) > 15:
                raise FormatError("number", entry.at, field="NbOfTxs")
            entry.batches += 1
            entry.declared_count += int(count)
        if tag["TtlAmt"] in parts:
            said = _text(parts.get(tag["CdtDbtInd"]))
            sign = sign_of(said, entry.at) if said else entry.sign
            total = sign * amount_of(parts[tag["TtlAmt"]], entry.at)
            entry.declared_ore = (entry.declared_ore or 0) + total

    def end(self, element: Element, entry: Entry) -> Line:
        """The line that a booked entry is. Raises FormatError."""
        if entry.booked_on is None:
            raise FormatError("missing", entry.at, field="BookgDt")
        last = element[-1] if len(element) else None
        more = last is not None and last.tag == self.tag["AddtlNtryInf"]
        return Line(
            entry.sign * entry.amount_ore,
            entry.booked_on,
            entry.at,
            entry.value_on,
            entry.bank_ref,
            text_of(last.text) if last is not None and more else "",
            entry.code,
            None,
            entry.is_return,
            _priced(entry),
            entry.declared_count if entry.batches else None,
            None,
            entry.entry_ref,
            entry.batch_ref,
        )


def _priced(entry: Entry) -> tuple[Payment, ...]:
    """The payments that move money; the sum of a single one that says none is the entry's.

    Raises FormatError when they do not add up.
    """
    whole, count = entry.sign * entry.amount_ore, entry.declared_count if entry.batches else None
    for n in entry.unpriced:
        if len(entry.payments) > 1:
            raise FormatError("missing", entry.payments[n].at, field="Amt")
        entry.payments[n] = replace(entry.payments[n], amount_ore=whole)
    if any(payment.fee_ore for payment in entry.payments):
        entry.payments = _after_fees(entry.payments, whole)
    checks.details(entry.at, whole, entry.payments, count, entry.declared_ore)
    return tuple(payment for payment in entry.payments if payment.amount_ore)


def _after_fees(payments: list[Payment], whole: int) -> list[Payment]:
    """Without the bank's fees where the entry is without them; else they are only told."""
    fees = sum(payment.fee_ore for payment in payments)
    if sum(payment.amount_ore for payment in payments) - fees != whole:
        return [replace(payment, fee_ore=0) for payment in payments]
    return [
        replace(payment, amount_ore=payment.amount_ore - payment.fee_ore) for payment in payments
    ]


def _text(element: Element | None) -> str:
    return "" if element is None else text_of(element.text, REF)


def _inner(element: Element | None) -> str:
    """A text that later versions put into an element of its own: `Sts/Cd`, `BookgDt/Dt`."""
    if element is None:
        return ""
    return text_of((element[0] if len(element) else element).text, REF)


def _day(text: str, at: str, field_name: str) -> date | None:
    try:
        return values.day(text) if text else None
    except ValueError:
        raise FormatError("day", at, field=field_name) from None
