"""The remaining reports, in every layout, to the last position; and what comes in one file."""

from __future__ import annotations

from fundraise.sandbox.bankgirot.bank import Bankgirot
from fundraise.sandbox.bankgirot.config import Payee
from fundraise.sandbox.bankgirot.files import ReportFile
from fundraise.sandbox.bankgirot.knobs import Knobs
from tests.sandbox.bankgirot.conftest import MakeTown, Town, pairs, text_of
from tests.sandbox.bankgirot.orders import (
    ACCOUNT,
    DAY,
    IDENTITY,
    answer,
    change,
    new_mandate,
    opening,
    payment,
    sealed,
)


def only(reports: list[ReportFile], kind: str) -> list[str]:
    (found,) = [text_of(report) for report in reports if report.kind == kind]
    return found


def test_mandate_advice(town: Town) -> None:
    town.send(new_mandate(1), new_mandate(0))
    assert only(town.run(), "advice") == [
        f"01AUTOGIRO{'':14}20270301{'':12}AG-MEDAVI{'':11}4711170009912346",
        f"730009912346{0:016d}{ACCOUNT}{IDENTITY}{'':5}042120270301{'':7}",
        f"092027030199000000001{'':59}",
    ]


def test_rejected_payments_have_no_filler_after_the_occasions(make_town: MakeTown) -> None:
    town = make_town({"outgoing": True})
    town.send(payment(1, "20270310", 55_051, "FAKTNR160", period="2", left="002"),
              payment(2, "20270310", 7_500, "ÅTERB", code="32"))  # fmt: skip
    assert only(town.run(), "rejected") == [
        f"01AUTOGIRO{'':14}20270301{'':12}AVVISADE BET UPPDR  4711170009912346",
        f"82202703102002{1:016d}000000055051FAKTNR160{'':7}01{'':20}",
        f"32202703100   {2:016d}000000007500ÅTERB{'':11}01{'':20}",
        f"09202703019900{1:06d}{7_500:012d}{1:06d}{55_051:012d}{'':30}",
    ]


def test_the_watch_register_is_sorted_by_day_and_payer(make_town: MakeTown) -> None:
    town = make_town({"outgoing": True})
    assert town.bank.watch_register("9912346") is None
    town.approved(1, 2)
    town.send(payment(2, "20270315", 100, "B"), payment(1, "20270316", 200, code="32"),
              payment(1, "20270315", 300, "A", period="1"),
              payment(1, "20270315", 400, "A", period="6", left="003"))  # fmt: skip
    town.run()
    report = town.bank.watch_register("9912346")
    assert report is not None
    assert report.name == "BFEP.UAGU8.K0471117.D270311.T200000"
    assert text_of(report) == [
        f"0120270311AUTOGIRO9900BEVAKNINGSREG{'':27}4711170009912346  ",
        f"82202703151000 {1:016d}{300:012d}{'':10}A{'':15}{'':11}",
        f"82202703150    {2:016d}{100:012d}{'':10}B{'':15}{'':11}",
        f"32202703160    {1:016d}{200:012d}{'':10}{'':16}{'':11}",
        f"82202703316003 {1:016d}{400:012d}{'':10}A{'':15}{'':11}",
        f"09202703119900{'':14}{200:012d}{1:06d}{3:06d}0000{800:012d}{'0' * 12}",
    ]


def test_the_mandate_register_has_neither_opening_nor_end(make_town: MakeTown) -> None:
    town = make_town(answer_days=[3])
    town.send(new_mandate(2), answer(9900002))
    town.run()
    report = town.bank.mandate_register("9912346")
    assert report is not None
    assert report.name == "BFEP.UAGU7.K0471117.D270301.T200000"
    assert text_of(report) == [
        f"0009912346{IDENTITY}{2:016d}12720270301000000002{'':6}{ACCOUNT}",
        f"0009912346990009900002{9900002:016d}12720270301000000002{'':6}{'':16}",
    ]


def test_the_old_layout(make_town: MakeTown) -> None:
    town = make_town({"layout": "old", "outgoing": True}, shares={"refund.01": 1.0},
                     refund_days=[1, 1])  # fmt: skip
    town.approved(1, 2)
    town.bank.next_draw("9912346", "2", "2")
    town.send(*(payment(payer, "20270312", 100 * payer) for payer in (1, 2, 3)),
              payment(1, "20270317", 900, period="1"))  # fmt: skip
    assert only(town.run(), "rejected") == [
        f"0120270311AUTOGIRO9900FELLISTA REG.KONTRL{'':21}4711170009912346  ",
        f"82202703120   {3:016d}{300:012d}{'':16}01{'':20}",
        f"09202703119900{0:06d}{0:012d}{1:06d}{300:012d}{'':30}",
    ]
    town.bank.stop_payment("9912346", "1")
    town.send(change("28", 1, "20270317", to="20270318"))
    reports = town.run()
    # The stop came before the draw.
    assert only(reports, "changes") == [
        f"0120270312AUTOGIRO9900MAK/ÄNDRINGSLISTA{'':23}4711170009912346  ",
        f"0320270312{1:016d}82{100:012d}{'0' * 8}{'0' * 8}{'0' * 16}12{'':6}",
        f"0320270317{1:016d}82{900:012d}{'0' * 8}{'0' * 8}{'0' * 16}12{'':6}",
        f"2820270317{1:016d}82{0:012d}{'0' * 8}20270318{'0' * 16}13{'':6}",
        f"09202703129900{'':14}{0:012d}{0:06d}{2:06d}0000{1_000:012d}{'0' * 12}",
    ]
    assert only(reports, "specification") == [
        f"0120270312AUTOGIRO9900{'':40}4711170009912346  ",
        f"82202703120    {2:016d}{200:012d}0009912346{'':16}{'':10}2",
        f"09202703129900{'':14}{0:012d}{0:06d}{1:06d}0000{200:012d}{'0' * 12}",
    ]


def test_old_advice_tells_the_first_day_and_no_change_of_number(make_town: MakeTown) -> None:
    town = make_town({"layout": "old"})
    town.send(new_mandate(1))
    assert only(town.run(2), "advice") == [
        f"012027030299000009912346AG-MEDAVI{'':47}",
        f"730009912346{1:016d}{ACCOUNT}{IDENTITY}00000423220270302270309 ",
        f"092027030299000000001{'':59}",
    ]


def test_bgmax_tells_executed_draws_only_and_a_bankgiro_when_there_is_one(
    make_town: MakeTown,
) -> None:
    town = make_town({"layout": "bgmax"})
    town.send(new_mandate(1), new_mandate(2), answer(9900002))
    town.run(8)
    town.bank.next_draw("9912346", "2", "2")
    town.send(*(payment(payer, "20270312", 100, "REF 1") for payer in (1, 2, 9900002)))
    lines = only(town.run(2), "specification")
    assert lines == [
        f"01{'BGMAX':20}0120270312200000000000P{'':35}",
        f"050009912346{'':10}SEK{'':55}",
        f"20{'0' * 10}REF 1{'':20}{100:018d}24{'':23}",
        f"200009900002REF 1{'':20}{100:018d}24{'':23}",
        f"29000009900002{'':66}",
        f"15{'8901003232323232':0>35}2027031200001{200:018d}SEK00000002 ",
        f"70{2:08d}{0:08d}{0:08d}{1:08d}{'':46}",
    ]


def test_payees_of_one_customer_get_one_file_with_a_section_each() -> None:
    payees = [Payee("9912346", "471117"), Payee("50501055", "471117"), Payee("9900002", "471118")]
    bank = Bankgirot(payees, Knobs())
    second = new_mandate(0, bankgiro="0050501055")
    assert bank.receive(
        sealed(opening(), new_mandate(0), opening("0050501055"), second)
    ).accepted  # fmt: skip
    third = new_mandate(0, bankgiro="0009900002")
    assert bank.receive(sealed(opening("0009900002", "471118"), third)).accepted
    first, other = bank.run_day(DAY)
    assert [line[70:80] for line in text_of(first) if line[:2] == "01"] == [
        "0009912346", "0050501055",
    ]  # fmt: skip
    assert [line[64:80] for line in text_of(other) if line[:2] == "01"] == ["4711180009900002"]
    assert (first.name[-7:], other.name[-7:]) == ("T200000", "T200001")


def test_another_system_on_the_bankgiro_has_mandates_and_draws_too(make_town: MakeTown) -> None:
    town = make_town(other_mandates=20, other_draws=4, other_first_payer=5_000)
    town.approved(1)
    assert len(town.bank.draws) == 32
    assert {e.payer[:13] for e in town.bank.draws} == {"0000000000005"}
    assert all(e.other for e in town.bank.draws)
    assert len(town.bank.mandates("9912346")) == 21
    town.bank.payer_cancels("9912346", "5003")
    assert pairs(town.run()) == [("5003", "4602")]
    town.run(20)
    assert town.bank.mandates("9912346")["5003"] == "cancelled"
