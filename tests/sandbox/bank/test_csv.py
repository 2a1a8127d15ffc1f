"""The same two days as each bank's CSV and as Swish reports, byte by byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fundraise.sandbox.bank.accounts import BankAccount
from fundraise.sandbox.bank.core import Bank
from fundraise.sandbox.bank.moves import Move

ACCOUNT = BankAccount("83279712345678", "Föreningen", swish="1230000026", bankgiro="991-2346",
                      files=("csv", "swish"), opening_ore=1_000_00)  # fmt: skip
FIRST, LAST = date(2026, 1, 2), date(2026, 1, 5)
HANDELSBANKEN = (
    "Föreningen;83279712345678;{iban};HANDSESS;Affärskonto;SEK;Provstad;2026-01-02 - 2026-01-05;"
)
CSV = {
    "seb": (
        "utf-8-sig",
        "Bokföringsdatum;Valutadatum;Verifikationsnummer;Text/mottagare;Belopp;Saldo\r\n"
        "2026-01-05;2026-01-05;260105567800001;Provhyran AB;-1234,50;515,50\r\n"
        "2026-01-02;2026-01-02;260102567800002;Bankgiroinbetalning;500,00;1750,00\r\n"
        "2026-01-02;2026-01-02;260102567800001;Åsa Öhman;250,00;1250,00\r\n",
    ),
    "danske": (
        "cp1252",
        "Bokföringsdatum;Specifikation;Belopp;Saldo\r\n"
        "2026-01-05;Provhyran AB;-1\u00a0234,50;515,50\r\n"
        "2026-01-02;Bankgiroinbetalning;500,00;1\u00a0750,00\r\n"
        "2026-01-02;Åsa Öhman;250,00;1\u00a0250,00\r\n",
    ),
    "swedbank": (
        "cp1252",
        "* Transaktionsrapport Period 2026-01-02 – 2026-01-05 Skapad 2026-01-05 23:30 CET\r\n"
        "Radnr;Clearingnr;Kontonr;Produkt;Valuta;Bokföringsdag;Transaktionsdag;Valutadag;Referens;"
        "Beskrivning;Belopp;Bokfört saldo\r\n"
        "1;8327;9712345678;Föreningskonto;SEK;2026-01-05;2026-01-05;2026-01-05;Hyra;Provhyran AB;"
        "-1234.50;515.50\r\n"
        "2;8327;9712345678;Föreningskonto;SEK;2026-01-02;2026-01-02;2026-01-02;;"
        "Bankgiroinbetalning;500.00;1750.00\r\n"
        "3;8327;9712345678;Föreningskonto;SEK;2026-01-02;2026-01-02;2026-01-02;Gåva;Åsa Öhman;"
        "250.00;1250.00\r\n",
    ),
    "nordea": (
        "utf-8-sig",
        "Bokföringsdag,Belopp,Avsändare,Mottagare,Namn,Ytterligare detaljer,Meddelande,"
        "Egna anteckningar,Saldo,Valuta\r\n"
        '2026/01/05,"-1234,50",83279712345678,,Provhyran AB,,Hyra,,"515,50",SEK\r\n'
        '2026/01/02,"500,00",,83279712345678,Bankgiroinbetalning,,,,"1750,00",SEK\r\n'
        '2026/01/02,"250,00",,83279712345678,Inbetalning Swish Företag,,"ÖHMAN,ÅSA",,,SEK\r\n',
    ),
}  # fmt: skip


def bank_of(name: str) -> Bank:
    bank = Bank([replace(ACCOUNT, bank=name)])
    number = ACCOUNT.number
    bank.pay(Move(number, 250_00, "gift", "swish", "Åsa Öhman", phone="+46701740605",
                  message="Gåva", order="O1"))  # fmt: skip
    bank.pay(Move(number, 200_00, "gift", "giro", "Nils Ek", ocr="18"))
    bank.pay(Move(number, 300_00, "gift", "giro", "Nils Ek", ocr="18"))
    bank.pay(Move(number, -1_234_50, "supplier", "transfer", "Provhyran AB", message="Hyra"), LAST)
    return bank


@pytest.mark.parametrize("name", CSV)
def test_days_as_a_banks_csv(name: str) -> None:
    bank = bank_of(name)
    list(bank.run(FIRST, LAST))
    (file,) = bank.extract(ACCOUNT.number, "csv", FIRST, LAST)
    coding, said = CSV[name]
    assert file.data.decode(coding) == said
    assert file.data.startswith("\ufeff".encode()) == (coding == "utf-8-sig")


def test_handelsbanken_begins_with_a_hint_and_a_row_for_the_account() -> None:
    bank = bank_of("handelsbanken")
    list(bank.run(FIRST, LAST))
    (file,) = bank.extract(ACCOUNT.number, "csv", FIRST, LAST)
    lines = file.data.decode().split("\r\n")
    about = HANDELSBANKEN.format(iban=replace(ACCOUNT, bank="handelsbanken").iban)
    assert (lines[0], lines[1].split(";")[9], lines[1].count(";")) == ("sep=;", "Bokföringsdag", 19)
    assert lines[2] == f"{about};;;;;;515,50;515,50;;;;"
    days = "6000;2026-01-05;2026-01-05;2026-01-05"
    assert lines[3] == f"{about}{days};Provhyran AB;-1234,50;515,50;;;;;"
    ref = bank.books[ACCOUNT.number].statements[0].entries[0].payments[0].ref
    days = "6000;2026-01-02;2026-01-02;2026-01-02"
    assert lines[5] == f"{about}{days};Åsa Öhman;250,00;1250,00;;;{ref};46701740605;"
    assert lines[6:] == [""]


def test_a_day_of_swish_as_two_banks_report_it() -> None:
    bank = bank_of("swedbank")
    files = bank.run_day(FIRST).files
    assert [file.kind for file in files] == ["csv", "swish"]
    assert files[1].data.decode("cp1252") == (
        "* Swish-rapport Avser 2026-01-02 - 2026-01-02 Skapad 2026-01-02 23:45 CET\r\n"
        "Radnr,Clnr,Kontonr,Bokfdag,Transdag,Valutadag,Mottagarnr,Mottagarnamn,Avsändarnr,"
        "Avsändarnamn,Meddelande,Tid,Belopp,Orderreferens\r\n"
        "1,8327,9712345678,2026-01-02,2026-01-02,2026-01-02,1230000026,Föreningen,46701740605,"
        "Åsa Öhman,Gåva,08:01,250.00,O1\r\n"
    )
    bank = bank_of("handelsbanken")
    (report,) = (file for file in bank.run_day(FIRST).files if file.kind == "swish")
    ref = bank.books[ACCOUNT.number].statements[0].entries[0].payments[0].ref
    iban = replace(ACCOUNT, bank="handelsbanken").iban
    assert report.data.decode().split("\r\n") == [
        "01,SWISH,2026-01-02,8029999995,1230000026",
        f"02,8029999995,{iban},HANDSESS,1230000026,2026-01-02,Credit,250.00,SEK,46701740605,"
        f"Åsa Öhman,{ref},Gåva,O1,2026-01-02 08:01:00,2026-01-02",
        "03,1,250.00",
        "",
    ]
    assert [file.kind for file in bank.run_day(LAST).files] == ["csv"]
