"""The head of a statement, a report or a notification: account, days, balances."""

from __future__ import annotations

from datetime import date

from fundraise.reconciliation.formats import values
from fundraise.reconciliation.formats.base import FormatError, Head, Kind
from fundraise.reconciliation.formats.camt.names import Element, Names
from fundraise.reconciliation.formats.checks import Declared

CURRENCY = "SEK"
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
GIROS = {"BGNR": "bgnr", "PGNR": "pgnr", "BBAN": "bban"}
DUPLICATES = {"DUPL", "CODU"}


def head_of(element: Element, names: Names, kind: Kind) -> tuple[Head, bool]:
    """What stands before the first entry, and whether it tells its days. Raises FormatError."""
    account, account_kind = account_of(element, names)
    balances = dict(_balances(element, names)) if kind is not Kind.CAMT_054 else {}
    opening, opened_on = _first(balances, OPENING)
    closing, closed_on = _first(balances, CLOSING)
    from_day = _day(names.text(element, "FrToDt/FrDtTm", "FrToDt/FrDt"), "FrToDt")
    to_day = _day(names.text(element, "FrToDt/ToDtTm", "FrToDt/ToDt"), "FrToDt")
    tells_days = bool(from_day and to_day) or closed_on is not None
    to_day = closed_on or to_day or _day(names.text(element, "CreDtTm"), "CreDtTm")
    page = names.text(element, "StmtPgntn/PgNb", "RptPgntn/PgNb", "NtfctnPgntn/PgNb")
    last = names.text(element, "StmtPgntn/LastPgInd", "RptPgntn/LastPgInd", "NtfctnPgntn/LastPgInd")
    head = Head(
        account=account,
        account_kind=account_kind,
        kind=kind,
        statement_id=names.text(element, "Id"),
        sequence=_number(names.text(element, "ElctrncSeqNb", "LglSeqNb"), "ElctrncSeqNb"),
        from_day=from_day or _opening_day(balances, opened_on) or to_day,
        to_day=to_day,
        opening_ore=opening,
        closing_ore=closing,
        servicer=_servicer(element, names),
        page=_number(page, "PgNb"),
        is_last_page=last != "false",
        is_duplicate=names.text(element, "CpyDplctInd") in DUPLICATES,
    )
    return head, tells_days


def account_of(element: Element, names: Names, at: str = "Acct") -> tuple[str, str]:
    """The account's number and its kind; only Swedish kronor. Raises FormatError."""
    currency = names.text(element, f"{at}/Ccy")
    if currency not in {"", CURRENCY}:
        raise FormatError("currency", at, currency=currency[:3])
    iban = names.text(element, f"{at}/Id/IBAN")
    if iban:
        return values.number(iban), "iban"
    other = names.text(element, f"{at}/Id/Othr/Id", f"{at}/Prxy/Id")
    if not other:
        raise FormatError("account_missing", at)
    scheme = names.text(
        element, f"{at}/Id/Othr/SchmeNm/Cd", f"{at}/Id/Othr/SchmeNm/Prtry", f"{at}/Prxy/Tp/Cd"
    )
    return values.number(other), GIROS.get(scheme.upper(), "bban")


def declared_of(element: Element, names: Names) -> Declared:
    """What the summary says that there is. Raises FormatError."""
    count = names.text(element, "TxsSummry/TtlNtries/NbOfNtries")
    credits = names.text(element, "TxsSummry/TtlCdtNtries/Sum")
    debits = names.text(element, "TxsSummry/TtlDbtNtries/Sum")
    return Declared(
        count=_number(count, "TtlNtries"),
        credit_count=_number(
            names.text(element, "TxsSummry/TtlCdtNtries/NbOfNtries"), "NbOfNtries"
        ),
        debit_count=_number(names.text(element, "TxsSummry/TtlDbtNtries/NbOfNtries"), "NbOfNtries"),
        credit_ore=_sum(credits),
        debit_ore=_sum(debits),
        total_ore=_sum(names.text(element, "TxsSummry/TtlNtries/Sum")),
    )


def amount_of(element: Element | None, at: str) -> int:
    """Öre of an amount in kronor. Raises FormatError."""
    if element is None or not element.text:
        raise FormatError("missing", at, field="Amt")
    currency = element.get("Ccy", CURRENCY)
    if currency != CURRENCY:
        raise FormatError("currency", at, currency=currency[:3])
    try:
        return values.ore(element.text)
    except ValueError:
        raise FormatError("amount", at, field="Amt") from None


def _balances(element: Element, names: Names) -> list[tuple[str, tuple[int, date | None]]]:
    """Each balance by its code, the first of each; a debit is below zero."""
    found = []
    for balance in reversed(names.every(element, "Bal")):
        code = names.text(balance, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry")
        if code not in OPENING + CLOSING:
            continue
        at = f"balance {code}"
        ore = amount_of(names.find(balance, "Amt"), at)
        sign = sign_of(names.text(balance, "CdtDbtInd"), at)
        day = _day(names.text(balance, "Dt/Dt", "Dt/DtTm"), at)
        found.append((code, (sign * ore, day)))
    return found


def sign_of(indicator: str, at: str) -> int:
    """1 for money in, -1 for money out. Raises FormatError."""
    if indicator == "CRDT":
        return 1
    if indicator == "DBIT":
        return -1
    raise FormatError("missing" if not indicator else "value", at, field="CdtDbtInd")


def _first(
    balances: dict[str, tuple[int, date | None]], codes: tuple[str, ...]
) -> tuple[int | None, date | None]:
    return next((balances[code] for code in codes if code in balances), (None, None))


def _opening_day(
    balances: dict[str, tuple[int, date | None]], opened_on: date | None
) -> date | None:
    """The day of OPBD is the first of the statement; that of PRCD is the day before it."""
    return opened_on if "OPBD" in balances else None


def _servicer(element: Element, names: Names) -> str:
    bank = "Acct/Svcr/FinInstnId/"
    return names.text(element, bank + "BICFI", bank + "BIC", bank + "Nm")


def _day(text: str, at: str) -> date | None:
    try:
        return values.day(text) if text else None
    except ValueError:
        raise FormatError("day", at) from None


def _number(text: str, at: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise FormatError("number", at)
    return int(text)


def _sum(text: str) -> int | None:
    try:
        return abs(values.signed_ore(text)) if text else None
    except ValueError:
        raise FormatError("amount", "TxsSummry") from None
