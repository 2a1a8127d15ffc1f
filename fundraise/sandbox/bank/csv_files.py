"""The lines of an account as each bank's web gives them out: CSV, newest first."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from fundraise.sandbox.bank.accounts import BankAccount
from fundraise.sandbox.bank.moves import Entry, Statement

Row = list[str]
Rows = Callable[[BankAccount, Sequence[Statement], int], list[Row]]
HANDELSBANKEN = (
    "Kontohavare;Kontonr;IBAN;BIC;Kontoform;Valuta;Kontoförande kontor;Datum intervall;Kontor;"
    "Bokföringsdag;Reskontradag;Valutadag;Referens;Insättning/Uttag;Bokfört saldo;Aktuellt saldo;"
    "Valutadagssaldo;Referens Swish;Avsändar-id Swish;"
)
SWEDBANK = (
    "Radnr;Clearingnr;Kontonr;Produkt;Valuta;Bokföringsdag;Transaktionsdag;Valutadag;Referens;"
    "Beskrivning;Belopp;Bokfört saldo"
)
SEB = "Bokföringsdatum;Valutadatum;Verifikationsnummer;Text/mottagare;Belopp;Saldo"
NORDEA = (
    "Bokföringsdag,Belopp,Avsändare,Mottagare,Namn,Ytterligare detaljer,Meddelande,"
    "Egna anteckningar,Saldo,Valuta"
)
DANSKE = "Bokföringsdatum;Specifikation;Belopp;Saldo"
SHORT_NAME = 20
SHORT_TEXT = 18


def made(account: BankAccount, statements: Sequence[Statement], off: int = 0) -> bytes:
    """The days as one file; `off` breaks the running balance by so many öre."""
    rows = {
        "handelsbanken": _handelsbanken, "swedbank": _swedbank, "seb": _seb,
        "nordea": _nordea, "danske": _danske,
    }[account.bank](account, statements, off)  # fmt: skip
    sign = "," if account.bank == "nordea" else ";"
    text = io.StringIO()
    csv.writer(text, delimiter=sign, lineterminator="\r\n").writerows(rows)
    coding = {"swedbank": "cp1252", "danske": "cp1252", "handelsbanken": "utf-8"}
    return text.getvalue().encode(coding.get(account.bank, "utf-8-sig"), errors="replace")


def _newest_first(statements: Sequence[Statement]) -> Iterable[Entry]:
    for statement in reversed(statements):
        yield from reversed(statement.entries)


def _comma(ore: int, thousands: str = "") -> str:
    kronor, rest = divmod(abs(ore), 100)
    return f"{'-' if ore < 0 else ''}{kronor:,}".replace(",", thousands) + f",{rest:02d}"


def _days(statements: Sequence[Statement]) -> tuple[date, date]:
    return statements[0].day, statements[-1].day


def _balances(entries: Iterable[Entry], off: int) -> Iterable[tuple[Entry, int]]:
    """The newest line has the wrong balance when one is asked for."""
    for place, entry in enumerate(entries):
        yield entry, entry.balance_ore + (off if place == 0 else 0)


def _handelsbanken(account: BankAccount, days: Sequence[Statement], off: int) -> list[Row]:
    """A hint to a spreadsheet, the heads, a row without a date for the account, the lines."""
    first, last = _days(days)
    about = [account.holder, account.number, account.iban, account.bic, "Affärskonto", "SEK",
             "Provstad", f"{first} - {last}"]  # fmt: skip
    closing = _comma(days[-1].closing_ore)
    summary = [*about, *[""] * 6, closing, closing, *[""] * 4]
    rows = [["sep=", ""], HANDELSBANKEN.split(";"), summary]
    for entry, balance in _balances(_newest_first(days), off):
        day, move = str(entry.day), entry.payments[0].move
        swish = move.channel == "swish" and not entry.batch
        rows.append([
            *about, "6000", day, day, day, _short(entry), _comma(entry.amount_ore),
            _comma(balance), "", "", entry.payments[0].ref if swish else "",
            move.phone.lstrip("+") if swish else "", "",
        ])  # fmt: skip
    return rows


def _short(entry: Entry) -> str:
    move = entry.payments[0].move
    return (entry.text if entry.batch else move.name or entry.text)[:SHORT_TEXT]


def _swedbank(account: BankAccount, days: Sequence[Statement], off: int) -> list[Row]:
    first, last = _days(days)
    title = f"* Transaktionsrapport Period {first} – {last} Skapad {last} 23:30 CET"
    rows = [[title], SWEDBANK.split(";")]
    clearing, number = account.number[:4], account.number[4:]
    for place, (entry, balance) in enumerate(_balances(_newest_first(days), off), 1):
        day, move = str(entry.day), entry.payments[0].move
        reference = move.ocr or move.message if not entry.batch else ""
        told = entry.text if entry.batch else move.name or entry.text
        rows.append([
            str(place), clearing, number, "Föreningskonto", "SEK", day, day, day, reference, told,
            _point(entry.amount_ore), _point(balance),
        ])  # fmt: skip
    return rows


def _point(ore: int) -> str:
    return _comma(ore).replace(",", ".")


def _seb(account: BankAccount, days: Sequence[Statement], off: int) -> list[Row]:
    rows = [SEB.split(";")]
    for entry, balance in _balances(_newest_first(days), off):
        told = entry.text if entry.batch else entry.payments[0].move.name or entry.text
        rows.append([str(entry.day), str(entry.day), entry.ref, told, _comma(entry.amount_ore),
                     _comma(balance)])  # fmt: skip
    return rows


def _nordea(account: BankAccount, days: Sequence[Statement], off: int) -> list[Row]:
    """The balance stands on a day's last line only; of Swish only the name, cut short."""
    rows, told = [NORDEA.split(",")], set()
    for entry, balance in _balances(_newest_first(days), off):
        move, ours = entry.payments[0].move, account.number
        shown = "" if entry.day in told else _comma(balance)
        told.add(entry.day)
        name, message = (entry.text, "") if entry.batch else (move.name, move.ocr or move.message)
        if move.channel == "swish":
            name = "Inbetalning Swish Företag"
            message = "" if entry.batch else _surname_first(move.name)
        sides = ("", ours) if entry.amount_ore > 0 else (ours, "")
        rows.append([
            f"{entry.day:%Y/%m/%d}", _comma(entry.amount_ore), *sides, name, "", message, "", shown,
            "SEK",
        ])  # fmt: skip
    return rows


def _surname_first(name: str) -> str:
    given, _, surname = name.upper().rpartition(" ")
    return f"{surname},{given}"[:SHORT_NAME]


def _danske(account: BankAccount, days: Sequence[Statement], off: int) -> list[Row]:
    """No-break spaces between thousands."""
    rows = [DANSKE.split(";")]
    for entry, balance in _balances(_newest_first(days), off):
        told = entry.text if entry.batch else entry.payments[0].move.name or entry.text
        rows.append([f"{entry.day:%Y-%m-%d}", told, _comma(entry.amount_ore, "\u00a0"),
                     _comma(balance, "\u00a0")])  # fmt: skip
    return rows
