"""Mandates that payers sign in the Internet bank."""

from __future__ import annotations

from tests.sandbox.bankgirot.conftest import MakeTown, Town, pairs, rows_of, text_of
from tests.sandbox.bankgirot.orders import ACCOUNT, IDENTITY, answer, new_mandate, payment

LINES = ("ANNA ANDERSSON", "C/O BO BENGTSSON", "LUGNA GATAN 5", "")


def give(town: Town, payer: str = "77") -> None:
    town.bank.give_emandate(
        "9912346", payer, account=ACCOUNT, identity=IDENTITY, text="JAG GER 100 KR", lines=LINES,
        postcode="12838", town="SKARPNÄCK",
    )  # fmt: skip


def test_an_e_mandate_is_five_records_and_the_end_counts_records(town: Town) -> None:
    give(town)
    (report,) = town.run()
    assert report.name == "BFEP.UAGU3.K0471117.D270301.T200000"
    assert text_of(report) == [
        f"512027030199000009912346AG-EMEDGIV{'':46}",
        f"520009912346{77:016d}{ACCOUNT}{IDENTITY}{'':5}0{'':18}",
        f"53JAG GER 100 KR{'':64}",
        f"54ANNA ANDERSSON{'':22}C/O BO BENGTSSON{'':26}",
        f"55LUGNA GATAN 5{'':65}",
        f"5612838SKARPNÄCK{'':64}",
        f"592027030199000000005{'':59}",
    ]


def test_a_yes_makes_it_a_mandate_of_the_second_kind(town: Town) -> None:
    give(town)
    town.run()
    town.send(answer(77))
    (line,) = rows_of(town.run(), "advice")
    assert (line[28:56], line[61:65]) == (ACCOUNT + IDENTITY, "0432")
    town.send(payment(77, "20270304"))
    town.run(2)
    assert [e.payer for e in town.bank.draws] == [f"{77:016d}"]
    extract = town.bank.mandate_register("9912346")
    assert extract is not None
    assert extract.data.decode()[38] == "2"


def test_a_no_removes_it_without_a_word(town: Town) -> None:
    give(town)
    town.run()
    town.send(answer(77, "AV"))
    assert town.run() == []
    town.send(answer(77, "AV"))
    assert pairs(town.run()) == [("77", "0421")]


def test_particulars_in_the_answer_are_not_minded(town: Town) -> None:
    give(town)
    town.run()
    town.send(new_mandate(77, "5102000000158751"))
    (line,) = rows_of(town.run(), "advice")
    assert (line[28:44], line[61:65]) == (ACCOUNT, "0432")


def test_a_number_that_has_a_mandate_cannot_be_approved_again(town: Town) -> None:
    town.approved(77)
    give(town)
    town.run()
    town.send(answer(77))
    assert pairs(town.run()) == [("77", "0410")]


def test_two_reminders_come_and_then_it_lapses(town: Town) -> None:
    give(town)
    messages = [[line[61] for line in rows_of(town.run(), "emandates") if line[:2] == "52"]
                for _ in range(22)]  # fmt: skip
    told = {day: found for day, found in enumerate(messages) if found}
    assert told == {0: ["0"], 6: ["1"], 12: ["2"]}
    assert town.bank.mandates("9912346") == {"77": "lapsed"}
    town.send(answer(77))
    assert pairs(town.run()) == [("77", "0409")]


def test_it_can_be_answered_on_the_eighteenth_day(town: Town) -> None:
    give(town)
    town.run(18)
    town.send(answer(77))
    assert pairs(town.run()) == [("77", "0432")]


def test_the_last_digit_may_be_missing_or_the_number_be_nobodys(make_town: MakeTown) -> None:
    town = make_town(shares={"emandate.cut": 1.0})
    give(town, "1000017")
    assert rows_of(town.run(), "emandates")[0][12:28] == f"{100001:016d}"
    town = make_town(shares={"emandate.other": 1.0})
    give(town, "1000017")
    assert rows_of(town.run(), "emandates")[0][12:28] != f"{1000017:016d}"


def test_some_come_by_themselves(make_town: MakeTown) -> None:
    town = make_town(emandates_per_day=3)
    assert len(rows_of(town.run(), "emandates")) == 15
