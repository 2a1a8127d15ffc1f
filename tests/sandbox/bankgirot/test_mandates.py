"""Mandates: every order, every answer, and the days between."""

from __future__ import annotations

import pytest

from fundraise.sandbox.bankgirot.knobs import SHARES
from tests.sandbox.bankgirot.conftest import MakeTown, Town, pairs, rows_of
from tests.sandbox.bankgirot.orders import (
    ACCOUNT,
    IDENTITY,
    answer,
    cancel_mandate,
    new_mandate,
    payment,
    renumber,
)


def test_a_mandate_is_under_enquiry_then_approved_as_42_32(town: Town) -> None:
    town.send(new_mandate(1))
    assert town.run() == []
    assert town.bank.mandates("9912346") == {"1": "enquiry"}
    (line,) = rows_of(town.run(), "advice")
    assert line == f"730009912346{1:016d}{ACCOUNT}{IDENTITY}{'':5}423220270302{'':7}"
    assert town.bank.mandates("9912346") == {"1": "approved"}


@pytest.mark.parametrize(
    ("pair", "state", "days"),
    [("4203", "refused", 1), ("4205", "refused", 1), ("0432", "approved", 1),
     ("4307", "cancelled", 6)],
)  # fmt: skip
def test_the_bank_answers_as_asked(town: Town, pair: str, state: str, days: int) -> None:
    town.bank.next_answer("9912346", "1", pair)
    town.send(new_mandate(1))
    assert pairs(town.run(days)) == []
    assert pairs(town.run()) == [("1", pair)]
    assert town.bank.mandates("9912346") == {"1": state}


WRONG = {
    "the bankgiro": (new_mandate(1, bankgiro="0050501055"), "0429"),
    "no payer number": (new_mandate(0), "0421"),
    "letters in it": (new_mandate("12A"), "0421"),
    "a rejection of nothing": (new_mandate(1, mark="AV"), "0421"),
    "identity number": (new_mandate(1, identity="191212121213"), "0420"),
    "no such birthday": (new_mandate(1, identity="191213329999"), "0420"),
    "account's check digit": (new_mandate(1, account="3300001212121213"), "0423"),
    "account without clearing": (new_mandate(1, account="0000001212121212"), "0423"),
    "a fifth clearing digit": (new_mandate(1, account="6000830128669800"), "0423"),
    "a bankgiro that is none": (new_mandate(9912347, "", ""), "0409"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_new_mandate_is_refused_the_same_day(town: Town, name: str) -> None:
    order, pair = WRONG[name]
    town.send(order)
    assert [found for _, found in pairs(town.run())] == [pair]
    assert pairs(town.run(7)) == []


@pytest.mark.parametrize(
    "account",
    ["5102000000158751", "6000000301286698", "9180001234567897", "8424009831892246",
     "9020000001111138", "3300008009286249", "9500000002109189"],
)  # fmt: skip
def test_good_accounts_of_every_kind_pass(town: Town, account: str) -> None:
    town.send(new_mandate(1, account), new_mandate(2, identity="198112349876"))
    assert ("1", "4232") in pairs(town.run(2))


def test_a_second_mandate_with_the_number_is_refused_in_one_file_too(town: Town) -> None:
    town.send(new_mandate(1), new_mandate(1, "5102000000158751"))
    assert pairs(town.run()) == [("1", "0410")]
    (line,) = rows_of(town.run(), "advice")
    assert line[28:44] == ACCOUNT


def test_a_cancelled_number_rests_for_seven_bank_days(town: Town) -> None:
    town.approved(1)
    town.send(cancel_mandate(1))
    assert pairs(town.run()) == [("1", "0333")]
    for _ in range(7):
        town.send(new_mandate(1))
        assert pairs(town.run()) == [("1", "0410")]
    assert town.bank.mandates("9912346") == {"1": "cancelled"}
    town.send(new_mandate(1))
    assert pairs(town.run(2)) == [("1", "4232")]


def test_a_refused_number_may_be_sent_again_at_once(town: Town) -> None:
    town.bank.next_answer("9912346", "1", "4205")
    town.send(new_mandate(1))
    town.run(2)
    town.send(new_mandate(1))
    assert pairs(town.run(2)) == [("1", "4232")]


def test_ending_a_mandate_cancels_what_waits_and_leaves_out_particulars(town: Town) -> None:
    town.approved(1, 2)
    town.send(payment(1, town.day(3), reference="A"), payment(2, town.day(3)))
    town.run()
    town.send(cancel_mandate(1))
    reports = town.run()
    (told,) = rows_of(reports, "advice")
    assert told == f"730009912346{1:016d}{'':28}{'':5}033320270312{'':7}"
    (gone,) = rows_of(reports, "changes")
    assert (gone[:2], gone[10:26], gone[72:74]) == ("03", f"{1:016d}", "12")
    assert [p.payer for p in town.bank.waiting("9912346")] == [f"{2:016d}"]


def test_what_is_not_there_cannot_be_ended(town: Town) -> None:
    town.send(cancel_mandate(1), cancel_mandate(0), cancel_mandate(1, "0050501055"))
    assert [pair for _, pair in pairs(town.run())] == ["0304", "0321", "0329"]


def test_a_mandate_under_enquiry_can_be_ended(town: Town) -> None:
    town.send(new_mandate(1))
    town.run()
    town.send(cancel_mandate(1))
    assert pairs(town.run()) == [("1", "4232"), ("1", "0333")]


def test_a_payer_number_is_changed_in_two_records(town: Town) -> None:
    town.approved(1, 2)
    town.send(payment(1, town.day(3)))
    town.run()
    town.send(renumber(1, 9), renumber(3, 4), renumber(2, 9), renumber(2, 0))
    reports = town.run()
    assert pairs(reports) == [
        ("9", "0532"), ("1", "0533"), ("3", "0504"), ("9", "0510"), ("2", "0521"),
    ]  # fmt: skip
    assert [row[:2] for row in rows_of(reports, "changes")] == ["03"]
    assert town.bank.mandates("9912346") == {"1": "renumbered", "2": "approved", "9": "approved"}
    town.send(new_mandate(1), renumber(9, 5, "0050501055"))
    assert pairs(town.run()) == [("1", "0410"), ("9", "0529")]


def test_a_mandate_on_a_bankgiro_holds_without_enquiry(town: Town) -> None:
    town.send(answer(9900002))
    (line,) = rows_of(town.run(2), "advice")
    assert line == f"730009912346{9900002:016d}{'0' * 16}990009900002{'':5}043220270302{'':7}"
    town.bank.close_bankgiro("9912346", "9900002")
    assert pairs(town.run()) == [("9900002", "4498")]


def test_without_agreement_there_is_no_mandate_on_a_bankgiro(make_town: MakeTown) -> None:
    town = make_town({"bankgiro_mandates": False})
    town.send(answer(9900002))
    assert pairs(town.run()) == [("9900002", "0420")]


def test_a_payer_ends_a_mandate_and_what_waits(town: Town) -> None:
    town.approved(1)
    town.send(payment(1, town.day(3)))
    town.run()
    town.bank.payer_cancels("9912346", "1")
    reports = town.run()
    assert pairs(reports) == [("1", "4602")]
    assert [(row[:2], row[72:74]) for row in rows_of(reports, "changes")] == [("03", "12")]
    assert town.run(3) == []


def test_when_the_payee_ends_everything_ends(town: Town) -> None:
    town.approved(1, 2)
    town.send(payment(1, town.day(3)), payment(2, town.day(3)))
    town.run()
    town.bank.close_payee("9912346")
    reports = town.run()
    assert pairs(reports) == [("1", "10  "), ("2", "10  ")]
    (row,) = rows_of(reports, "changes")
    assert row == f"21{'0' * 8}{'':16}00{40_000:012d}00000002{'0' * 8}{'0' * 16}12{'':6}"
    town.send(new_mandate(3), cancel_mandate(1))
    assert pairs(town.run()) == [("3", "0430"), ("1", "0330")]


FORCED = [name for name in SHARES if name.startswith(("mandate.04", "cancel.", "number."))]


@pytest.mark.parametrize("share", FORCED)
def test_every_code_can_be_forced(make_town: MakeTown, share: str) -> None:
    town = make_town()
    if share.endswith(".09"):
        town.send(answer(9900002))
        town.run(2)
    else:
        town.approved(1)
    town.bank.set_knobs({"shares": {share: 1.0}})
    known = "9900002" if share.endswith(".09") else "1"
    orders = {"mandate": answer(9900010) if share.endswith(".09") else new_mandate(2),
              "cancel": cancel_mandate(known), "number": renumber(1, 3)}  # fmt: skip
    kind, *_, code = share.split(".")
    town.send(orders[kind])
    told = {"mandate": "04", "cancel": "03", "number": "05"}[kind]
    assert [pair for _, pair in pairs(town.run(2))] == [f"{told}{code}"]
    kept = "cancelled" if share in ("cancel.04", "number.04") else "approved"
    assert town.bank.mandates("9912346")[known] == kept
