"""A file with a wrong seal or shape is refused whole, with the line and the reason."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fundraise.sandbox.bankgirot import seal
from fundraise.sandbox.bankgirot.bank import Bankgirot
from fundraise.sandbox.bankgirot.config import Payee
from fundraise.sandbox.bankgirot.core import counts_for
from fundraise.sandbox.bankgirot.knobs import Knobs
from tests.sandbox.bankgirot.conftest import Town, pairs
from tests.sandbox.bankgirot.orders import (
    cancel_mandate,
    change,
    file_of,
    new_mandate,
    opening,
    payment,
    sealed,
)

GOOD = file_of(new_mandate(1))
LONGER = file_of(new_mandate(1), new_mandate(2))
UTF_8 = "ÅRSAVGIFT".encode().decode("latin-1")
# From the format's own description of the seal.
TEST_KEY_CHECK = "FF365893D899291C3BF505FB3175E880"


def test_the_test_key_has_its_key_check() -> None:
    assert seal.key_check(seal.TEST_KEY) == TEST_KEY_CHECK


def test_letters_are_normalised_before_sealing() -> None:
    other = {"É": "@", "Ä": "[", "Ö": "\\", "Å": "]", "Ü": "^",
             "é": "`", "ä": "{", "ö": "|", "å": "}", "ü": "~"}  # fmt: skip
    for letter, instead in other.items():
        sealed_letter = seal.mac(seal.TEST_KEY, letter.encode("latin-1"))
        assert sealed_letter == seal.mac(seal.TEST_KEY, instead.encode())
    assert seal.mac(seal.TEST_KEY, b"\xdf") == seal.mac(seal.TEST_KEY, b"\xc3")


def broken(data: bytes, old: str, new: str) -> bytes:
    assert data.count(old.encode("latin-1")) == 1
    return data.replace(old.encode("latin-1"), new.encode("latin-1"))


CASES: dict[str, tuple[bytes, int, str]] = {
    "empty": (b"", 0, "the file is empty"),
    "a changed digit": (broken(GOOD, "3300001212121212", "3300001212121213"), 4, "(MAC)"),
    "another key": (sealed(opening(), new_mandate(1), key="00" * 16), 4, "(KVV)"),
    "no seal": (LONGER[82:], 1, "does not begin with a seal"),
    "no end": (b"".join(GOOD.splitlines(keepends=True)[:-1]) + GOOD[164:246], 4, "(TK99)"),
    "two dates": (GOOD.replace(b"99270301", b"99270302"), 4, "two dates"),
    "a short line": (broken(GOOD, "1212  ", "1212 ") , 3, "79 positions"),
    "a blank line": (GOOD + b"\r\n", 5, "0 positions"),
    "a strange letter": (file_of(payment(1, "20270310", reference="ß")), 3, "a character"),
    "UTF-8": (file_of(payment(1, "20270310", reference=UTF_8)), 3, "a character"),
    "no order": (sealed(opening(), opening(), new_mandate(1)), 3, "holds no order"),
    "nothing at all": (sealed(opening()), 0, "an order are needed"),
    "no opening": (sealed(new_mandate(1), new_mandate(2)), 2, "an opening record"),
    "an unknown record": (file_of(f"83{'':78}"), 3, "of no kind"),
    "two sorts": (file_of(new_mandate(1), payment(1, "20270310")), 4, "a section of mandates"),
    "filled blanks": (file_of(cancel_mandate(1)[:40] + "X" * 40), 3, "positions 29-80"),
    "no date": (sealed(opening(day="20270230"), new_mandate(1)), 2, "no date"),
    "the customer": (sealed(opening(customer="471118"), new_mandate(1)), 2, "do not belong"),
    "the bankgiro": (sealed(opening("0050501055"), new_mandate(1)), 2, "do not belong"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_broken_file_is_refused_and_changes_nothing(town: Town, name: str) -> None:
    data, line, reason = CASES[name]
    receipt = town.bank.receive(data, "drop.txt")
    assert (receipt.accepted, receipt.line) == (False, line)
    assert reason in receipt.reason
    assert town.bank.receipts()[-1]["reason"] == receipt.reason
    assert town.run() == []
    assert town.bank.mandates("9912346") == {}


def test_line_ends_may_be_bare(town: Town) -> None:
    assert town.bank.receive(GOOD.replace(b"\r\n", b"\n")).accepted


def test_sections_of_every_sort_stand_in_one_file(town: Town) -> None:
    data = sealed(
        opening(), new_mandate(1), opening(), payment(1, "20270310"), opening(), change("23", 1)
    )
    assert town.bank.receive(data).orders == 3


def test_payees_of_one_customer_may_share_a_file_but_not_two_keys() -> None:
    mine, own_key = Payee("9912346", "471117"), "0123456789abcdef0123456789abcdef"
    for key, accepted in ((seal.TEST_KEY, True), (own_key, False)):
        bank = Bankgirot([mine, Payee("5050-1055", "471117", key=key)], Knobs())
        second = new_mandate(2, bankgiro="0050501055")
        data = sealed(opening(), new_mandate(1), opening("0050501055"), second)
        assert bank.receive(data).accepted is accepted


def test_the_same_file_may_be_refused(town: Town) -> None:
    assert town.bank.receive(GOOD).accepted
    assert town.bank.receive(GOOD).accepted
    town.bank.set_knobs({"refuses_same_file": True})
    assert town.bank.receive(GOOD).reason == "the same file has been handed in before"


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        # Stockholm is an hour ahead of UTC in winter, two in summer.
        (datetime(2027, 3, 1, 17, 59, tzinfo=UTC), date(2027, 3, 1)),
        (datetime(2027, 3, 1, 18, 0, tzinfo=UTC), date(2027, 3, 2)),
        (datetime(2027, 3, 5, 18, 0, tzinfo=UTC), date(2027, 3, 8)),
        (datetime(2027, 6, 25, 9, 0, tzinfo=UTC), date(2027, 6, 28)),
        (datetime(2027, 7, 1, 16, 59, tzinfo=UTC), date(2027, 7, 1)),
    ],
)
def test_a_file_counts_for_a_bank_day_until_seven(instant: datetime, day: date) -> None:
    assert counts_for(instant) == day


def test_a_late_file_waits_for_its_day(town: Town) -> None:
    town.bank.receive(GOOD, at=datetime(2027, 3, 1, 18, 30, tzinfo=UTC))
    assert town.run() == []
    assert town.bank.mandates("9912346") == {}
    town.run()
    assert town.bank.mandates("9912346") == {"1": "enquiry"}
    assert pairs(town.run()) == [("1", "4232")]
