"""camt files of the stand-in: valid by the official XSDs in every version, and right to the öre."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from fundraise.sandbox.bank.accounts import DEMO, VERSIONS, BankAccount
from fundraise.sandbox.bank.core import Bank, Day
from fundraise.sandbox.bank.knobs import NOISE, Knobs
from fundraise.sandbox.bank.moves import Move
from tests.iso_schemas import assert_valid
from tests.sandbox.bank.reading import balances, entries, first

PAYOUT = {"id": "po_1", "amount": 123_45, "status": "failed", "arrival_date": 1_767_657_600}
DEPOSIT = {"bankgiro": "0009912346", "kind": "15", "day": "2026-01-08", "serial": 3,
           "amount": 400_00, "count": 2}  # fmt: skip


def month(version: int, parts_in: str, seed: int = 7) -> list[Day]:
    """Everything that can be told, in January."""
    accounts = [
        replace(one, version=version, parts_in=parts_in, files=("camt.053", "camt.054"),
                notice_of="bankgiro" if one.bankgiro else "iban")
        for one in DEMO
    ]  # fmt: skip
    bank = Bank(accounts, Knobs(seed=seed, noise=dict.fromkeys(NOISE, 1.5)))
    bank.dice.ask("refund.returned", times=3)
    bank.hear_payouts([PAYOUT])
    bank.hear_deposits([DEPOSIT, DEPOSIT | {"kind": "17", "amount": 100_00}])
    return list(bank.run(date(2026, 1, 2), date(2026, 1, 31)))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_is_valid_by_the_official_schemas(version: int) -> None:
    days = month(version, "camt.054" if version % 2 else "camt.053")
    kinds = set()
    for file in (file for day in days for file in day.files):
        assert_valid(file.data, f"{file.kind}.001.{version:02d}")
        kinds.add(file.kind)
    assert kinds == {"camt.053", "camt.054"}
    told = {row["kind"] for day in days for row in day.truth}
    assert {"gift", "payout", "payout_return", "autogiro", "refund_returned", "salary"} <= told


@pytest.mark.parametrize("version", [2, 8])
def test_statements_chain_and_add_up_and_notices_hold_the_parts_of_their_sums(version: int) -> None:
    closing = {one.number: one.opening_ore for one in DEMO}
    sums: dict[str, int] = {}
    counts: dict[str, int] = {}
    for file in (file for day in month(version, "camt.054") for file in day.files):
        found = entries(file.data)
        if file.kind == "camt.053":
            opening, end = balances(file.data)
            assert opening == closing[file.account]
            assert opening + sum(one.ore for one in found) == end
            closing[file.account] = end
            sums |= {one.ref: one.ore for one in found if one.count}
            counts |= {one.ref: one.count for one in found if one.count}
            assert all(one.parts == () for one in found if one.count)
            assert all(len(one.parts) == 1 for one in found if not one.count)
        else:
            assert [one.ore for one in found] == [sums.pop(one.ref) for one in found]
            for one in found:
                assert sum(ore for _, ore in one.parts) == one.ore
                assert len({ref for ref, _ in one.parts}) == counts[one.ref] == one.count
    assert sums == {}


def test_a_payment_is_told_with_its_payer_reference_and_words() -> None:
    account = BankAccount("83279712345678", "Föreningen", bankgiro="991-2346", swish="1230000026",
                          parts_in="camt.053", files=("camt.053",))  # fmt: skip
    bank = Bank([account])
    bank.pay(Move(account.number, 250_00, "gift", "giro", "Åsa <Öhman> & Co", "83212345", ocr="18"))
    bank.pay(Move(account.number, 100_00, "gift", "swish", "Nils Ek", phone="+46701740605",
                  message="Å" * 141, order="ORDER1"))  # fmt: skip
    bank.pay(Move(account.number, -70_00, "refund_returned", "transfer", "Nils Ek", reason="AC04"))
    (file,) = bank.run_day(date(2026, 1, 2)).files
    assert_valid(file.data)
    said = file.data.decode()
    assert "<Nm>Åsa &lt;Öhman&gt; &amp; Co</Nm>" in said
    assert "<Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>18</Ref>" in said
    assert "<DbtrAcct><Id><Othr><Id>83212345</Id></Othr></Id></DbtrAcct>" in said
    assert "<MobNb>+46-701740605</MobNb>" in said
    assert f"<Ustrd>{'Å' * 140}</Ustrd><Ustrd>Å</Ustrd>" in said
    assert "<EndToEndId>ORDER1</EndToEndId>" in said
    assert "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>" in said
    # What is alone on a line comes in its order, the day's giro sum last.
    assert [(one.ore, one.count, one.back) for one in entries(file.data)] == [
        (100_00, 0, False), (-70_00, 0, True), (250_00, 1, False),
    ]  # fmt: skip


def test_an_account_is_named_by_iban_or_by_its_bankgiro_number() -> None:
    account = BankAccount("83279712345678", "Föreningen", bankgiro="991-2346")
    assert account.iban == "SE8580000083279712345678"
    by_giro = replace(account, notice_of="bankgiro")
    for one, number in ((account, account.iban), (by_giro, "9912346")):
        bank = Bank([one])
        bank.pay(Move(one.number, 1_00, "gift", "giro"))
        statement, notice = bank.run_day(date(2026, 1, 2)).files
        assert f"<Acct><Id><IBAN>{account.iban}</IBAN>" in statement.data.decode()
        assert number in notice.data.decode().split("<Ccy>")[0]


def test_statements_are_numbered_anew_each_year_and_quiet_days_can_be_left_out() -> None:
    bank = Bank([BankAccount("83279712345678", "Föreningen", opening_ore=5_00)])
    days = list(bank.run(date(2025, 12, 29), date(2026, 1, 7)))
    numbers = [first(day.files[0].data, "ElctrncSeqNb") for day in days]
    assert numbers == ["1", "2", "1", "2", "3"]
    quiet = Bank([BankAccount("83279712345678", "Föreningen", empty_days=False)])
    assert [day.files for day in quiet.run(date(2026, 1, 2), date(2026, 1, 9))] == [[]] * 5


@pytest.mark.parametrize(
    "wrong",
    [{"number": "12"}, {"number": "83279712345678", "bank": "none"},
     {"number": "83279712345678", "version": 1}, {"number": "83279712345678", "files": ["pdf"]},
     {"number": "83279712345678", "use": "private"}],
)  # fmt: skip
def test_an_account_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"number|bank|version|files|use"):
        BankAccount(holder="Föreningen", **wrong)  # type: ignore[arg-type]
