"""The day's Swish payments: Swedbank's report with heads, Handelsbanken's with record types."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from fundraise.sandbox.bank.moves import Payment, Statement

HEADS = (
    "Radnr,Clnr,Kontonr,Bokfdag,Transdag,Valutadag,Mottagarnr,Mottagarnamn,Avsändarnr,"
    "Avsändarnamn,Meddelande,Tid,Belopp,Orderreferens"
)


def made(statement: Statement) -> bytes | None:
    """None when nothing came by Swish."""
    found = list(_payments(statement))
    if not found:
        return None
    if statement.account.bank == "handelsbanken":
        return _written(_handelsbanken(statement, found)).encode()
    rows = _swedbank(statement, found)
    day = statement.day
    title = f"* Swish-rapport Avser {day} - {day} Skapad {day} 23:45 CET\r\n"
    return (title + _written(rows)).encode("cp1252", errors="replace")


def _payments(statement: Statement) -> Iterator[Payment]:
    for entry in statement.entries:
        for payment in entry.payments:
            if payment.move.channel == "swish":
                yield payment


def _written(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _amount(ore: int) -> str:
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02d}"


def _time(place: int) -> str:
    return f"{8 + place // 60 % 14:02d}:{place % 60:02d}"


def _swedbank(statement: Statement, found: list[Payment]) -> list[list[str]]:
    account, day = statement.account, str(statement.day)
    rows = [HEADS.split(",")]
    for place, payment in enumerate(found, 1):
        move = payment.move
        rows.append([
            str(place), account.number[:4], account.number[4:], day, day, day, account.swish,
            account.holder, move.phone.lstrip("+"), move.name, move.message, _time(place),
            _amount(move.amount_ore), move.order,
        ])  # fmt: skip
    return rows


def _handelsbanken(statement: Statement, found: list[Payment]) -> list[list[str]]:
    """01: the file; 02: a payment; 03: how many and how much."""
    account, day = statement.account, str(statement.day)
    rows = [["01", "SWISH", day, account.org, account.swish]]
    for place, payment in enumerate(found, 1):
        move = payment.move
        rows.append([
            "02", account.org, account.iban, account.bic, account.swish, day,
            "Credit" if move.amount_ore > 0 else "Debit", _amount(abs(move.amount_ore)), "SEK",
            move.phone.lstrip("+"), move.name, payment.ref, move.message, move.order,
            stamp(statement.day, place), day,
        ])  # fmt: skip
    total = sum(payment.move.amount_ore for payment in found)
    return [*rows, ["03", str(len(found)), _amount(total)]]


def stamp(day: date, place: int) -> str:
    return f"{day} {_time(place)}:00"
