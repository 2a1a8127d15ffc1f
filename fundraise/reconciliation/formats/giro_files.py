"""Bankgirot's files: BgMax as statements; Autogiro's own are recognised and left to their inbox.

BgMax ended on 27 November 2026: what comes now is old. The whole file is read at once; no file of
Bankgirot's is large.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import IO, Any

from fundraise.providers.autogiro import bgmax, errors, files, kinds
from fundraise.providers.autogiro.layout import WIDTH
from fundraise.providers.autogiro.orders import SEAL_OPENING
from fundraise.reconciliation.formats import values
from fundraise.reconciliation.formats.base import (
    FormatError,
    Head,
    Kind,
    Line,
    Payer,
    Payment,
    Statement,
)
from fundraise.reconciliation.formats.limits import LIMITS, Limits

CURRENCIES = {"SEK", ""}
TAKEN, MORE = "21", ("22", "23")


def kind_of(head: bytes) -> str:
    """The name of Bankgirot's kind of file that begins so; nothing when it is none."""
    for text in head.decode("latin-1").splitlines()[: files.MOST_TITLES + 1]:
        line = text.rstrip().ljust(WIDTH)
        found = kinds.kind_of(line) if len(line) == WIDTH else None
        if found is not None:
            return found.name
        if line.startswith("00") and SEAL_OPENING.is_like(line):
            return "sealed"
    return ""


class AutogiroReader:
    """A file that belongs in the inbox of Bankgirot's files: it has no statement of ours."""

    kind = Kind.AUTOGIRO
    version = "autogiro 1"

    def __init__(self, name: str = "") -> None:
        self.name = name

    def statements(self, _file: IO[bytes]) -> Iterator[Statement]:
        return iter(())


class BgMaxReader:
    """One statement for each deposit."""

    kind = Kind.BGMAX
    version = "bgmax 1"

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits

    def statements(self, file: IO[bytes]) -> Iterator[Statement]:
        """Raises FormatError."""
        file.seek(0)
        content = file.read(self._limits.bytes + 1)
        if len(content) > self._limits.bytes:
            raise FormatError("too_large")
        try:
            read = files.read(content)
        except errors.FormatError as error:
            raise _refusal(error.remark) from None
        seen = False
        for section in read.sections:
            for deposit in _deposits(section.lines):
                seen = True
                yield deposit
        if not seen:
            raise FormatError("no_rows")


class Deposit:
    """A section: payments to one giro, and the sum that reached the account."""

    def __init__(self, head: Head, line: Line) -> None:
        self._head, self._line = head, line

    def head(self) -> Head:
        return self._head

    def lines(self) -> Iterator[Line]:
        yield self._line


def _refusal(remark: errors.Remark) -> FormatError:
    """Bankgirot's reader has sentences of its own, with no word of a payer's."""
    at = f"line {remark.line}, column {remark.column}" if remark.column else f"line {remark.line}"
    facts = {"reason": remark.reason, "remark": remark.code, "values": dict(remark.values)}
    return FormatError("bankgirot", at if remark.line else "", **facts)


def _deposits(lines: list[tuple[int, Any]]) -> Iterator[Deposit]:
    """Each TK15 with what stands before it. Raises FormatError."""
    section: bgmax.BgMaxSection | None = None
    payments: list[Payment] = []
    for at, row in lines:
        if isinstance(row, bgmax.BgMaxSection):
            if row.currency not in CURRENCIES:
                raise FormatError("currency", f"line {at}", currency=row.currency)
            section, payments = row, []
        elif isinstance(row, bgmax.BgMaxDeposit):
            yield _deposit(at, row, section, payments)
            payments = []
        elif isinstance(row, bgmax.BgMaxPayment):
            _add(payments, at, row)
        elif payments:
            payments[-1] = _with(payments[-1], row)


def _add(payments: list[Payment], at: int, row: bgmax.BgMaxPayment) -> None:
    """A payment, a deduction, or one more reference of the one before."""
    reference = row.reference.strip()
    if row.code in MORE:
        if payments and reference:
            more = (*payments[-1].more_references, reference)
            payments[-1] = replace(payments[-1], more_references=more)
        return
    payer = Payer(account=row.payer_bankgiro)
    payments.append(
        Payment(
            -row.amount_ore if row.code == TAKEN else row.amount_ore,
            f"line {at}",
            bank_ref=row.serial.strip(),
            reference=reference,
            payer=payer,
            code=row.code,
            is_return=row.code == TAKEN,
        )
    )


def _with(payment: Payment, row: object) -> Payment:
    """A payment with what the record behind it says of its payer."""
    payer = payment.payer
    match row:
        case bgmax.BgMaxText(text=text):
            return replace(payment, message=f"{payment.message} {text.strip()}".strip())
        case bgmax.BgMaxName(name=name, more=more):
            payer = replace(payer, name=f"{name.strip()} {more.strip()}".strip())
        case bgmax.BgMaxAddress(street=street, postcode=postcode):
            payer = replace(payer, address=(street.strip(), postcode.strip()))
        case bgmax.BgMaxTown(town=town, country_code=country):
            street, postcode = payer.address or ("", "")
            place = f"{postcode} {town.strip()}".strip()
            lines = tuple(line for line in (street, place) if line)
            payer = replace(payer, address=lines, country=values.country(country))
        case bgmax.BgMaxOrganisation(number=organisation):
            payer = replace(payer, org_or_person=organisation)
        case _:
            return payment
    return replace(payment, payer=payer)


def _deposit(
    at: int, row: bgmax.BgMaxDeposit, section: bgmax.BgMaxSection | None, payments: list[Payment]
) -> Deposit:
    if row.currency not in CURRENCIES:
        raise FormatError("currency", f"line {at}", currency=row.currency)
    try:
        day = datetime.strptime(row.day, "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        raise FormatError("day", f"line {at}") from None
    if not row.amount_ore:
        raise FormatError("cancelled_out", f"line {at}")
    giro, kind = ("", "bgnr") if section is None else _giro(section)
    serial = row.serial.strip()
    head = Head(giro, kind, Kind.BGMAX, statement_id=serial, from_day=day, to_day=day)
    line = Line(
        row.amount_ore,
        day,
        f"line {at}",
        bank_ref=serial,
        payments=tuple(payment for payment in payments if payment.amount_ore),
        declared_count=row.number,
    )
    return Deposit(head, line)


def _giro(section: bgmax.BgMaxSection) -> tuple[str, str]:
    bankgiro = values.number(section.bankgiro)
    return (bankgiro, "bgnr") if bankgiro else (values.number(section.plusgiro), "pgnr")
