"""camt files become lines and payments, whatever their version; what doesn't add up is refused."""

from __future__ import annotations

import io
from datetime import date

import pytest

from fundraise.reconciliation.formats import values
from fundraise.reconciliation.formats.base import (
    FormatError,
    Head,
    Kind,
    Line,
    Payer,
    Payment,
)
from fundraise.reconciliation.formats.recognise import recognise
from tests.iso_schemas import VERSIONS, assert_valid
from tests.reconciliation.formats import camt_written, reading
from tests.reconciliation.formats.reading import read_all, refusal

NOVEMBER = date(2026, 11, 25)
GIRO = "PMNT/RCDT/DMCT"


def golden(name: str) -> bytes:
    content = reading.golden(name)
    assert_valid(content)
    return content


def test_a_statement_of_version_02_is_read_to_the_last_field() -> None:
    content = golden("camt053-02.xml")
    assert recognise(io.BytesIO(content)).kind is Kind.CAMT_053
    [(head, lines)] = read_all(content)
    assert head == Head(
        account="SE4550000000058398257466", account_kind="iban", kind=Kind.CAMT_053,
        statement_id="2026-229", sequence=229, from_day=NOVEMBER, to_day=NOVEMBER,
        opening_ore=12_500_50, closing_ore=13_250_00, servicer="SWEDSESS",
    )  # fmt: skip
    batch, fee = lines  # the pending entry and the one for information are no lines
    assert (batch.amount_ore, batch.bank_ref, batch.entry_ref, batch.batch_ref) == (
        850_00, "BG-5050-1055-1", "1", "BGB-1",
    )  # fmt: skip
    assert (batch.declared_count, batch.code, batch.value_on) == (3, GIRO, NOVEMBER)
    assert batch.payments == (
        Payment(
            200_00, "entry 1, payment 1", bank_ref="P-1", reference="1234567897",
            payer=Payer(
                "Anna Andersson", "50001234567", "", "198001011234",
                ("Storgatan 1", "11122 Stockholm"), "SE",
            ),
            to_account="50501055",
        ),
        Payment(
            200_00, "entry 1, payment 2", bank_ref="P-2", payer=Payer("Björn Öberg"),
            message="Gåva till valet, lycka till!",
        ),
        Payment(
            450_00, "entry 1, payment 3", bank_ref="P-3", reference="F-77",
            more_references=("2345678906",),
            payer=Payer("Chloé Dubois", "FR7630006000011234567890189", country="FR"),
        ),
    )  # fmt: skip
    assert fee == Line(
        -100_50, NOVEMBER, "entry 2", text="Avgift november", code="AVGIFT", entry_ref="2"
    )


def test_a_notification_of_version_08_keeps_two_equal_payments_two() -> None:
    content = golden("camt054-08.xml")
    (head, lines), (other, none) = read_all(content)
    assert (head.account, head.account_kind, head.kind) == ("50501055", "bgnr", Kind.CAMT_054)
    assert (head.opening_ore, head.closing_ore) == (None, None)
    assert (head.from_day, head.to_day) == (NOVEMBER, date(2026, 11, 26)), "those of its lines"
    day, returned = lines
    assert day.booked_on == date(2026, 11, 26), "23:30 UTC is the next day in Stockholm"
    first, second = day.payments
    assert (first.at, second.at) == ("entry 1, payment 1", "entry 1, payment 2")
    assert first.payer == second.payer == Payer("Cecilia Ek", "83279912345", "+46701234567")
    assert (first.amount_ore, first.message, day.batch_ref) == (200_00, "GÅVA", "B-1")
    assert (returned.amount_ore, returned.value_on) == (-75_50, date(2026, 11, 24))
    assert returned.payments == (
        Payment(
            -75_50, "entry 2, payment 1", bank_ref="R-1", end_to_end="E-1", is_return=True,
            message="Retur av insättning",
            payer=Payer(
                "Dag Ek", "SE4550000000058398257466", "+46709876543", "",
                ("Byvägen 2", "90102 Umeå"), "SE",
            ),
        ),
    )  # fmt: skip
    assert (other.account, other.account_kind, other.is_duplicate) == ("123456", "pgnr", True)
    assert none == []


@pytest.mark.parametrize("kind", ["camt.052", "camt.053", "camt.054"])
def test_every_version_from_02_to_13_reads_the_same(kind: str) -> None:
    seen = []
    for version in VERSIONS:
        content = camt_written.document(kind, version)
        assert_valid(content, f"{kind}.001.{version:02}")
        [(head, lines)] = read_all(content)
        assert head.kind == kind
        seen.append((head.account, head.opening_ore, lines))
    assert seen == [seen[0]] * 12
    [batch, out] = seen[0][2]
    assert [payment.amount_ore for payment in batch.payments] == [100_00, 250_00]
    assert [payment.payer.name for payment in batch.payments] == ["Anna Ek", "Bo Ek"]
    assert [payment.payer.bic for payment in batch.payments] == ["CHASUS33", ""]
    assert [payment.reference for payment in batch.payments] == ["1234567897", ""]
    assert (out.amount_ore, out.payments[0].payer.name) == (-50_00, "Hyresvärden AB")


def test_an_account_lies_where_its_iban_or_its_banks_code_says() -> None:
    said = [
        ("DE89370400440532013000", "", "DE"), ("DE89370400440532013000", "HANDSESS", "DE"),
        ("021000021123456", "CHASUS33", "US"), ("50001234567", "DABASESXXXX", "SE"),
        ("50001234567", "", ""), ("", "GB29NWBK60161331926819", ""), ("", "", ""),
    ]  # fmt: skip
    assert [values.country_of_bank(account, bic) for account, bic, _where in said] == [
        where for *_said, where in said
    ]
    assert [values.country(text) for text in ("se", " FR ", "Sverige", "1A", "", "ÅÄ")] == [
        "SE", "FR", "", "", "", "",
    ]  # fmt: skip


def test_a_file_without_namespace_or_inside_an_envelope_is_read_too() -> None:
    plain = camt_written.document("camt.053", 8)
    bare = plain.replace(b' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"', b"")
    wrapped = b"<E xmlns='urn:e'><AppHdr/>" + plain.partition(b"\n")[2] + b"</E>"
    latin = plain.replace(b"UTF-8", b"ISO-8859-1").decode().encode("latin-1")
    assert read_all(bare) == read_all(wrapped) == read_all(latin) == read_all(plain)


def test_what_does_not_add_up_is_refused_with_its_place() -> None:
    right = camt_written.document("camt.053", 8)

    def changed(before: str, after: str, count: int = 1) -> bytes:
        assert before.encode() in right
        return right.replace(before.encode(), after.encode(), count)

    assert refusal(changed("1300.00", "1300.01")) == (
        "balance", "the statement",
        {"said": 1300_01, "found": 1300_00, "opening": 1000_00, "moved": 300_00},
    )  # fmt: skip
    assert refusal(changed(">250.00<", ">250.10<")) == (
        "details", "entry 1", {"said": 350_00, "found": 350_10},
    )  # fmt: skip
    assert refusal(changed("<NbOfTxs>2", "<NbOfTxs>3")) == (
        "count", "entry 1", {"said": 3, "found": 2},
    )  # fmt: skip
    assert refusal(changed("<NbOfNtries>2", "<NbOfNtries>3"))[:2] == ("count", "the statement")
    assert refusal(changed("<Sum>350.00", "<Sum>351.00"))[:2] == ("sum", "the statement")
    assert refusal(changed('<Amt Ccy="SEK">50.00', '<Amt Ccy="EUR">50.00')) == (
        "currency", "entry 2", {"currency": "EUR"},
    )  # fmt: skip
    assert refusal(changed("<Ccy>SEK", "<Ccy>NOK"))[0] == "currency"
    assert refusal(changed("350.00", "3x0.00"))[:1] == ("amount",)
    assert refusal(changed("2026-11-25</Dt></BookgDt>", "2026-11-31</Dt></BookgDt>"))[:2] == (
        "day", "entry 1",
    )  # fmt: skip
    assert refusal(changed("<Sts><Cd>BOOK</Cd></Sts>", ""))[:2] == ("missing", "entry 1")
    assert refusal(changed("<CdtDbtInd>CRDT", "<CdtDbtInd>BOTH", 9))[0] == "value"
    assert refusal(changed("CLBD", "XXXX"))[0] == "balance_missing"
    assert refusal(right[:-40])[0] == "xml"


def test_a_fee_that_the_bank_kept_is_told_and_the_sum_is_what_came() -> None:
    content = camt_written.document("camt.054", 8)
    charges = b'<Chrgs><Rcrd><Amt Ccy="SEK">25.00</Amt></Rcrd></Chrgs><RltdPties><Dbtr>'
    kept = content.replace(b">100.00<", b">125.00<").replace(b"<RltdPties><Dbtr>", charges, 1)
    first, second = read_all(kept)[0][1][0].payments
    assert (first.amount_ore, first.fee_ore, second.fee_ore) == (100_00, 25_00, 0)
    told = content.replace(b"<RltdPties><Dbtr>", charges, 1)
    first, _second = read_all(told)[0][1][0].payments
    assert (first.amount_ore, first.fee_ore) == (100_00, 0), "it was taken from another line"


def test_a_payment_in_another_currency_has_the_sum_of_its_entry() -> None:
    content = camt_written.document("camt.054", 8)
    single = content.replace(b'<TxDtls><Amt Ccy="SEK">50.00', b'<TxDtls><Amt Ccy="EUR">4.40')
    assert read_all(single)[0][1][1].payments[0].amount_ore == -50_00
    batch = content.replace(b'<TxDtls><Amt Ccy="SEK">250.00', b'<TxDtls><Amt Ccy="EUR">22.00')
    assert refusal(batch) == ("missing", "entry 1, payment 2", {"field": "Amt"})


def test_a_refusal_says_nothing_of_a_payer() -> None:
    content = camt_written.document("camt.053", 8).replace(b">250.00<", b">Anna Ek 250<")
    with pytest.raises(FormatError) as refused:
        read_all(content)
    assert "Anna" not in f"{refused.value!r} {refused.value.facts}"
    assert "Anna" not in repr(read_all(camt_written.document("camt.053", 8)))
