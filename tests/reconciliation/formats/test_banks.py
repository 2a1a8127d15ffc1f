"""The banks' CSV, one form after the other, from files written as their headers say."""

from __future__ import annotations

import io
from datetime import date

import pytest

from fundraise.reconciliation.formats.base import FormatError, Kind, Line, Payer
from fundraise.reconciliation.formats.recognise import recognise
from tests.reconciliation.formats.reading import golden, read_all, read_one, refusal

DAY, BEFORE = date(2026, 11, 25), date(2026, 11, 24)
HEADS = {
    "nordea-foretag": ("Nordea", "123456", "bban", BEFORE, 0, 1250_50),
    "nordea-privat": ("Nordea", "33001234567", "bban", BEFORE, 500_00, 880_00),
    "handelsbanken": (
        "Handelsbanken", "SE4550000000058398257466", "iban", BEFORE, 3000_00, 2700_00,
    ),
    "swedbank": ("Swedbank", "83279123456784", "bban", DAY, 1000_00, 1150_00),
    "seb": ("SEB", "", "", BEFORE, 0, 987_50),
    "danske": ("Danske Bank", "", "", BEFORE, 4000_00, 2500_00),
    "lansforsakringar": ("Länsförsäkringar", "", "", DAY, 100_00, 150_00),
    "skandia": ("Skandia", "", "", DAY, 0, 75_00),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_a_banks_file_is_known_by_its_header_and_ties_by_its_balances(name: str) -> None:
    head, lines = read_one(golden(f"{name}.csv"))
    bank, account, kind, first, opening, closing = HEADS[name]
    assert (head.servicer, head.account, head.account_kind) == (bank, account, kind)
    assert (head.kind, head.from_day, head.to_day) == (Kind.BANK_CSV, first, DAY)
    assert (head.opening_ore, head.closing_ore) == (opening, closing)
    assert opening + sum(line.amount_ore for line in lines) == closing


def said(line: Line) -> tuple[int, str, str, str, str]:
    payment = line.own_payment
    assert payment is not None
    assert (payment.amount_ore, payment.at) == (line.amount_ore, line.at)
    payer = payment.payer
    return line.amount_ore, payer.name, payer.account, payment.message, payment.reference


def test_nordea_names_the_payer_of_a_swish_in_the_message_and_pending_rows_are_no_lines() -> None:
    first, second, invoice, gift = read_one(golden("nordea-foretag.csv"))[1]
    assert said(first) == said(second) == (200_00, "ANNA MARIA EK", "", "", "")
    assert (first.at, second.at) == ("row 3", "row 4"), "two equal gifts stay two"
    assert said(invoice) == (-149_50, "Tryckeriet AB", "50501055", "Faktura 77", "")
    assert said(gift) == (1000_00, "Bo Öst", "832791234567", "1234567897", "")
    assert [line.balance_ore for line in (first, gift)] == [None, None], "it is the day's"


def test_handelsbanken_has_a_sum_row_and_two_true_equal_rows() -> None:
    first, second, fee = read_one(golden("handelsbanken.csv"))[1]
    assert [line.bank_ref for line in (first, second, fee)] == ["4F1A", "4F1B", ""]
    assert first.own_payment is not None
    assert first.own_payment.payer == Payer(phone="+46701234567")
    assert [line.balance_ore for line in (first, second, fee)] == [2700_00, 2600_00, 2500_00]
    assert fee.value_on == DAY


def test_other_banks_rows_say_what_is_in_them() -> None:
    gift, out = read_one(golden("swedbank.csv"))[1]
    assert said(gift) == (250_00, "", "", "Överföring", "1234567897")
    assert said(out) == (-100_00, "", "", "Tack för allt", "")
    coffee, swish = read_one(golden("nordea-privat.csv"))[1]
    assert (coffee.amount_ore, coffee.text) == (-120_00, "Kaffe till mötet")
    assert swish.text == "Swish inbetalning EK,ANNA"
    gift, rent = read_one(golden("danske.csv"))[1]
    assert [(line.amount_ore, line.text) for line in (gift, rent)] == [
        (1500_00, "Gåva Björk"), (-3000_00, "Hyra"),
    ]  # fmt: skip
    assert read_one(golden("seb.csv"))[1][0].bank_ref == "5490990004"


def changed(name: str, before: str, after: str, encoding: str = "utf-8") -> bytes:
    content = golden(name)
    assert before.encode(encoding) in content
    return content.replace(before.encode(encoding), after.encode(encoding), 1)


def test_a_row_that_does_not_fit_refuses_the_file_with_row_and_column() -> None:
    def seb(before: str, after: str) -> tuple[str, str, dict[str, object]]:
        return refusal(changed("seb.csv", before, after))

    assert seb(";987,50", ";987,60") == (
        "running_balance", "row 3", {"said": 987_60, "found": 987_50},
    )  # fmt: skip
    assert seb("-12,50", "-12,5O") == ("amount", "row 3, column Belopp", {})
    assert seb("-12,50", "") == ("amount", "row 3, column Belopp", {})
    assert seb(";-12,50", ";-1.250") == ("amount", "row 3, column Belopp", {}), "or 1 250 kr?"
    assert seb("2026-11-25;", "2026-11-31;") == ("day", "row 3, column Bokföringsdatum", {})
    assert seb("2026-11-25;", ";")[:2] == ("day", "row 3, column Bokföringsdatum")
    assert seb("AVGIFT", "AV;GIFT") == ("columns", "row 3", {"found": 7, "said": 6})
    assert seb("AVGIFT", '"AVGIFT') == ("csv", "row 3", {})
    assert seb("AVGIFT", "AV\x00GIFT")[0] == "unknown"
    assert seb("AVGIFT", "AV\x07GIFT")[:2] == ("encoding", "row 3")
    assert seb("AVGIFT", "FÃ¶rsÃ¤ljning")[:2] == ("encoding", "row 3")
    nordea = changed("nordea-privat.csv", "880,00;SEK", "880,00;EUR")
    assert refusal(nordea) == ("currency", "row 3, column Valuta", {"currency": "EUR"})
    swedbank = changed("swedbank.csv", "2;83279;", "2;83278;")
    assert refusal(swedbank)[:2] == ("two_accounts", "row 4")
    assert refusal(golden("seb.csv").split(b"\r\n")[0] + b"\r\n")[0] == "no_rows"
    assert read_one(golden("seb.csv") + b"Summa 2 rader\n") == read_one(golden("seb.csv"))
    assert refusal(golden("swedbank.csv") + b"3;83279;123") == (
        "columns", "row 5", {"found": 3, "said": 12},
    ), "a file that was cut"  # fmt: skip
    assert refusal(golden("seb.csv")[:-9]) == ("columns", "row 3", {"found": 5, "said": 6})


def test_a_missing_row_is_seen_newest_first_and_oldest_first() -> None:
    newest = golden("handelsbanken.csv").split(b"\r\n")
    assert refusal(b"\r\n".join([*newest[:4], *newest[5:]]))[:2] == ("running_balance", "row 5")
    rows = [b"2026-11-2%d;2026-11-25;%d;x;1,00;%d,00" % (n, n, n) for n in range(1, 6)]
    header = golden("seb.csv").split(b"\r\n")[0]
    assert read_one(b"\n".join([header, *rows]))[0].opening_ore == 0
    assert refusal(b"\n".join([header, *rows[:2], *rows[3:]])) == (
        "running_balance", "row 4", {"said": 400, "found": 300},
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encoding_and_delimiter_are_found_out(encoding: str, delimiter: str) -> None:
    text = golden("skandia.csv").decode().replace(";75,00", ';"75,00"').replace(";", delimiter)
    head, [line] = read_one(text.encode(encoding))
    assert (head.closing_ore, line.text) == (75_00, "Insättning")


def test_what_is_no_statement_is_told_apart() -> None:
    for content, code in [
        (b"", "empty"), (b" \r\n\t", "empty"), (b"\xef\xbb\xbf", "empty"),
        (b"PK\x03\x04" + b"\x00" * 40, "archive"),
        (b"PK\x03\x04" + b"\x00" * 30 + b"xl/workbook.xml", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "spreadsheet"), (b"\x1f\x8b\x08", "archive"),
        (b"%PDF-1.7", "pdf"), (b"\x89PNG\r\n", "image"), (b"\xff\xd8\xff\xe0", "image"),
        (b"\x00\x00\x00\x18ftypheic", "image"), (b"RIFF\x00\x00\x00\x00WEBP", "image"),
        (b"<!DOCTYPE HTML><html>", "web_page"), (b"Hej!", "unknown"), (b"\x00\x01\x02", "unknown"),
        (b"a;b;c\n1;2;3\n", "unknown_csv"),
    ]:  # fmt: skip
        with pytest.raises(FormatError) as refused:
            recognise(io.BytesIO(content))
        assert refused.value.code == code, content
    assert read_all(golden("seb.csv") + b"\r\n\r\n") == read_all(golden("seb.csv"))
