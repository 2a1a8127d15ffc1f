"""Swish reports, Bankgirot's files and Stripe's report, each told by its content."""

from __future__ import annotations

import io
from datetime import date

from fundraise.reconciliation.formats.base import Kind, Payer, Payment
from fundraise.reconciliation.formats.recognise import recognise
from tests.providers.autogiro import written
from tests.reconciliation.formats.reading import golden, read_all, read_one, refusal

DAY = date(2026, 11, 25)


def test_a_swish_report_is_one_statement_for_each_number() -> None:
    (head, gifts), (other, [back]) = read_all(golden("swish-swedbank.csv"))
    assert (head.account, head.account_kind, head.kind) == ("1230123456", "swish", Kind.SWISH)
    assert (head.from_day, head.opening_ore) == (DAY, None)
    assert [line.own_payment for line in gifts] == [
        Payment(
            100_00, f"row {row}", message="Gåva, med hälsning",
            payer=Payer("Anna Ek", phone="+46701234567"),
        )
        for row in (3, 4)
    ]  # fmt: skip
    assert (other.account, back.amount_ore) == ("1230123457", -50_00)
    assert back.own_payment is not None
    assert back.own_payment.order_id == "A17"


def test_a_swish_report_of_record_types_needs_its_last_row() -> None:
    content = golden("swish-handelsbanken.csv")
    head, [gift, back] = read_one(content)
    assert (head.account, head.servicer) == ("1230123456", "Handelsbanken")
    assert gift.own_payment == Payment(
        100_00, "row 2", bank_ref="5A1F", message="Gåva, tack", order_id="A18",
        payer=Payer("Anna Ek", phone="+46701234567"),
    )  # fmt: skip
    assert (gift.booked_on, gift.value_on) == (date(2026, 11, 26), DAY)
    assert (back.amount_ore, back.bank_ref) == (-40_00, "5A20")
    assert refusal(content[: content.index(b"03,")]) == ("no_end", "row 3", {})
    assert read_all(content.replace(b'"G\xc3\xa5va, tack"', b"x").replace(b",", b";"))[0][1] != []


def test_an_old_bgmax_file_is_a_statement_for_each_deposit() -> None:
    content = written.content("bgmax")
    assert recognise(io.BytesIO(content)).kind is Kind.BGMAX
    found = read_all(content)
    assert found
    for head, [line] in found:
        assert head.account_kind in {"bgnr", "pgnr"}
        assert head.from_day == head.to_day == line.booked_on
        assert sum(payment.amount_ore for payment in line.payments) == line.amount_ore
        assert line.declared_count == len(line.payments)
    code, at, facts = refusal(content.replace(b"BGMAX", b"BGMAX ", 1)[:-82])
    assert (code, at.split()[0]) == ("bankgirot", "line")
    assert str(facts["reason"]).endswith(".")


def test_autogiros_files_are_known_and_left_to_their_inbox() -> None:
    for name in sorted(written.EVERY):
        reader = recognise(io.BytesIO(written.content(name)))
        assert reader.kind is (Kind.BGMAX if name == "bgmax" else Kind.AUTOGIRO), name
    assert read_all(written.content("payment_specification")) == []


def test_stripes_report_is_a_line_for_each_payout_with_its_balance_lines() -> None:
    head, [first, second] = read_one(golden("stripe.csv"))
    assert (head.account, head.account_kind, head.kind) == ("", "stripe", Kind.STRIPE_PAYOUTS)
    assert (first.bank_ref, first.amount_ore, first.booked_on) == ("po_1", 90_40, DAY)
    charge, refund, fee = first.payments
    assert charge == Payment(
        195_40, "row 2", bank_ref="txn_1", end_to_end="pi_1", reference="ch_1", message="Gåva",
        order_id="ch_1", code="charge", fee_ore=4_60,
    )  # fmt: skip
    assert (refund.amount_ore, refund.is_return) == (-100_00, True)
    assert (fee.amount_ore, fee.code, fee.fee_ore) == (-5_00, "fee", 5_00)
    assert (second.bank_ref, second.amount_ore) == ("po_2", 983_20), "what is not paid out waits"


def test_stripes_report_is_refused_where_it_does_not_add_up() -> None:
    content = golden("stripe.csv")
    assert refusal(content.replace(b"-90.40", b"-90.50")) == (
        "details", "row 2", {"said": 90_50, "found": 90_40},
    )  # fmt: skip
    assert refusal(content.replace(b"4.60,195.40", b"4.60,195.50"))[:2] == ("details", "row 2")
    assert refusal(content.replace(b",sek,1000", b",eur,1000")) == (
        "currency", "row 4, column currency", {"currency": "EUR"},
    )  # fmt: skip
    assert refusal(content.replace(b"1000.00", b"1000.001"))[:2] == (
        "amount",
        "row 4, column gross",
    )
    assert refusal(content.replace(b"2026-11-26 00:00:00", b"soon"))[0] == "day"
    assert refusal(content.replace(b"Radar,", b"Radar,,"))[:2] == ("columns", "row 5")
    assert refusal(content.split(b"\r\n")[0])[0] == "no_rows"
