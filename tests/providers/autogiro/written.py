"""One believable file of every kind, made by the product's writer from the format descriptions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fundraise.providers.autogiro import bgmax, files, mandates, openings, orders, reports

BANKGIRO = "9912346"
CUSTOMER = "471117"
DAY = "20261201"
ANNA, BO, EVA = "1000001", "1000002", "1000003"
ACCOUNT = "5102000000158751"
PERSON, COMPANY = "198112289874", "008020000009"
Sections = Iterable[tuple[Any, Iterable[Any], Any]]


def opening(time: str = "") -> openings.ReportOpening:
    return openings.ReportOpening("20261130", time, CUSTOMER, BANKGIRO)


def order_sections() -> Sections:
    first = orders.OrderOpening("20261130", CUSTOMER, BANKGIRO)
    mandates = [
        orders.NewMandate(BANKGIRO, ANNA, ACCOUNT, PERSON),
        orders.NewMandate(BANKGIRO, BO, "", "", "AV"),
        orders.CancelMandate(BANKGIRO, EVA),
        orders.ChangePayer(BANKGIRO, ANNA, BANKGIRO, "1000004"),
    ]
    payments = [
        orders.PaymentOrder("82", DAY, "0", None, ANNA, 200_00, BANKGIRO, "D-000001"),
        orders.PaymentOrder("82", orders.NOW, "0", None, BO, 1_00, BANKGIRO),
        orders.PaymentOrder("32", DAY, "5", 6, EVA, 50_00, BANKGIRO, "ÅTER"),
    ]
    moves = [
        orders.ChangeOrder("23", BANKGIRO, ANNA),
        orders.ChangeOrder("24", BANKGIRO, ANNA, DAY),
        orders.ChangeOrder("25", BANKGIRO, ANNA, DAY, 200_00, "82", "", "D-000001"),
        orders.ChangeOrder("26", BANKGIRO, new_day=DAY),
        orders.ChangeOrder("27", BANKGIRO, day=DAY, new_day="20261202"),
        orders.ChangeOrder("28", BANKGIRO, ANNA, DAY, new_day="20261202"),
        orders.ChangeOrder("29", BANKGIRO, ANNA, DAY, 200_00, "82", "20261202", "D-000001"),
    ]
    return [(first, mandates, None), (first, payments, None), (first, moves, None)]


def spec(direction: str, payer: str, ore: int, status: str) -> reports.SpecLine:
    reference = f"D-{payer}"
    return reports.SpecLine(direction, DAY, "0", None, payer, ore, BANKGIRO, reference, status)


def specification_sections() -> Sections:
    rows = [
        reports.Deposit("15", "51020158751", DAY, "00017", 300_00, 2),
        spec("82", ANNA, 200_00, "0"),
        spec("82", BO, 100_00, "0"),
        spec("82", EVA, 150_00, "1"),
        reports.Deposit("16", "51020158751", DAY, "00018", 50_00, 1),
        spec("32", EVA, 50_00, "0"),
        reports.Deposit("17", "51020158751", DAY, "00019", 75_00, 1),
        reports.RefundLine("20261102", "0", None, BO, 75_00, BANKGIRO, "D-2", DAY, "02"),
    ]
    end = reports.SpecEnd("20261201", 1, 2, 1, 1, 1, 1)
    return [(opening("120000123456"), rows, end)]


def advice_sections() -> Sections:
    rows = [
        mandates.MandateAdvice(BANKGIRO, ANNA, ACCOUNT, PERSON, "04", "32", DAY),
        mandates.MandateAdvice(BANKGIRO, BO, ACCOUNT, COMPANY, "42", "05", DAY),
        mandates.MandateAdvice(BANKGIRO, EVA, "", "", "46", "02", DAY),
    ]
    return [
        (opening(), rows, mandates.CountEnd(DAY, 3)),
        (opening(), rows[:1], mandates.CountEnd(DAY, 1)),
    ]


def rejected_sections() -> Sections:
    rows = [
        reports.RejectedLine("82", DAY, "0", None, ANNA, 200_00, "D-1", "01"),
        reports.RejectedLine("82", orders.NOW, "9", None, BO, 100_00, "", "06"),
        reports.RejectedLine("32", "20261331", "1", 4, EVA, 50_00, "D-3", "12"),
    ]
    return [(opening(), rows, reports.SumsEnd(DAY, 1, 50_00, 2, 300_00))]


def change_sections() -> Sections:
    rows = [
        reports.ChangeLine("25", DAY, ANNA, "82", 70_600, "REFERENS", "00000000", "D-1", "12"),
        reports.ChangeLine("29", DAY, BO, "82", 100_00, "REFERENS", "20261202", "D-2", "18"),
        reports.ChangeLine("24", DAY, EVA, "32", 50_00, "00000000", "00000000", "", "13"),
        reports.ChangeLine("21", "00000000", "", "00", 0, "00000004", "00000000", "", "12"),
    ]
    return [(opening(), rows, reports.TrailerEnd(DAY, 0, 0, 2, -(70_600 + 100_00)))]


def e_mandate_sections() -> Sections:
    rows = [
        mandates.EMandate(BANKGIRO, ANNA, ACCOUNT, PERSON, "0"),
        mandates.EMandateText("200 KR VARJE MÅNAD"),
        mandates.EMandateLines("54", "ANNA TESTGREN", "PROVGATAN 7"),
        mandates.EMandateLines("55", "", ""),
        mandates.EMandateTown("12345", "TESTSTAD"),
    ]
    return [(openings.ReportOpening(DAY, "", "", BANKGIRO), rows, mandates.CountEnd(DAY, 5))]


def watch_sections() -> Sections:
    rows = [
        reports.WatchLine("82", DAY, "0", None, ANNA, 200_00, "D-1"),
        reports.WatchLine("32", DAY, "1", 0, EVA, 50_00, ""),
    ]
    return [(opening(), rows, reports.TrailerEnd(DAY, 50_00, 1, 1, 200_00))]


def register_sections() -> Sections:
    return [
        (
            None,
            [
                mandates.RegisterLine(
                    BANKGIRO, PERSON, ANNA, "1", "26", "20260102", "00000000", "1", ACCOUNT
                ),
                mandates.RegisterLine(BANKGIRO, COMPANY, BO, "2", "", "20260102", "", "2", ""),
            ],
            None,
        )
    ]


def old_register_sections() -> Sections:
    row = mandates.RegisterLine(
        BANKGIRO, PERSON, ANNA, "1", "4", "20040102", "00000000", "1", ACCOUNT
    )
    return [(None, [row], None)]


def old_specification_sections() -> Sections:
    rows = [spec("82", ANNA, 200_00, ""), spec("82", BO, 100_00, "1")]
    return [(opening(), rows, reports.TrailerEnd(DAY, 0, 0, 2, 300_00))]


def old_advice_sections() -> Sections:
    row = mandates.MandateAdvice(BANKGIRO, ANNA, ACCOUNT, PERSON, "04", "32", DAY, "261208")
    return [(openings.ReportOpening(DAY, "", "", BANKGIRO), [row], mandates.CountEnd(DAY, 1))]


def bgmax_sections() -> Sections:
    rows = [
        bgmax.BgMaxSection(BANKGIRO, "", "SEK"),
        bgmax.BgMaxPayment("20", "", "2000017", 200_00, "2", "1", "000120001234", "0", ""),
        bgmax.BgMaxPayment("22", "", "2000025", 0, "3", "1", "000120001234", "0", ""),
        bgmax.BgMaxText("Månadsgåva"),
        bgmax.BgMaxName("Anna Testgren", ""),
        bgmax.BgMaxAddress("Provgatan 7", "12345"),
        bgmax.BgMaxTown("Teststad", "", ""),
        bgmax.BgMaxOrganisation("8020000009"),
        bgmax.BgMaxPayment("21", "5050105", "RÄTTAD", 50_00, "0", "1", "000120001235", "0", "0"),
        bgmax.BgMaxDeposit("51020158751", DAY, "00020", 150_00, "SEK", 2, ""),
    ]
    end = bgmax.BgMaxEnd(1, 1, 1, 1)
    return [(bgmax.BgMaxOpening("01", "20261201120000123456", "P"), rows, end)]


EVERY: dict[str, Sections] = {
    "orders": order_sections(),
    "payment_specification": specification_sections(),
    "mandate_advice": advice_sections(),
    "rejected_payments": rejected_sections(),
    "changes": change_sections(),
    "e_mandates": e_mandate_sections(),
    "watch_register": watch_sections(),
    "mandate_register": register_sections(),
    "mandate_register_old": old_register_sections(),
    "payment_specification_old": old_specification_sections(),
    "mandate_advice_old": old_advice_sections(),
    "rejected_payments_old": rejected_sections(),
    "changes_old": change_sections(),
    "bgmax": bgmax_sections(),
}


def content(kind: str) -> bytes:
    return files.write(kind, EVERY[kind])
