"""Bank accounts are opened with their numbers and books; other numbers need a second person."""

from __future__ import annotations

from datetime import date

import pytest

from fundraise.audit.models import ChangeLine
from fundraise.ledger.models import Account, Journal
from fundraise.ledger.queries import balance_ore
from fundraise.reconciliation import accounts, numbers, proposals, rules
from fundraise.reconciliation.models import AccountNumber, ExpectedFile, Proposal, Rule, RuleVersion
from fundraise.staff.models import Approval
from tests.reconciliation.house import ADMIN, BANKGIRO, IBAN, OPENING, SWISH, make_bank

pytestmark = pytest.mark.django_db
OTHER = "5050-1055"


def test_an_account_is_opened_with_its_books_rules_and_expected_file() -> None:
    bank = make_bank()
    assert bank.account.ledger_account.role == Account.Role.BANK
    assert balance_ore(bank.entity.pk, "bank") == OPENING
    assert balance_ore(bank.entity.pk, "opening") == -OPENING
    opening = Journal.objects.get(source=f"bank:opening:{bank.account.ref}")
    assert (opening.series.code, opening.accounting_date) == ("O", date(2026, 9, 1))
    assert len(accounts.line_key(bank.account)) == 32
    assert ExpectedFile.objects.get().source == f"bank:{bank.account.ref}"
    assert set(bank.account.numbers.values_list("number", flat=True)) == {IBAN, BANKGIRO, SWISH}
    now = rules.current(bank.entity.pk)
    assert [one.key for one in now[:5]] == [
        "ocr_exact", "ocr_other_amount", "payout", "autogiro", "swish_ref",
    ]  # fmt: skip
    assert {one.mode for one in now if one.key in {"alias", "name", "own_transfer"}} == {"suggest"}
    rules.ensure(bank.entity)
    assert (Rule.objects.count(), RuleVersion.objects.count()) == (len(now), len(now))


def test_a_second_account_has_a_number_of_its_own_in_the_books() -> None:
    bank = make_bank()
    new = accounts.NewAccount(
        bank.entity, "Sparkontot", [("iban", "SE3550000000054910000003")], date(2026, 9, 1), 500_00,
        ledger_number=1940,
    )  # fmt: skip
    second = accounts.open_account(new, by=ADMIN)
    assert accounts.balance_ore(second) == 500_00
    assert balance_ore(bank.entity.pk, "bank") == OPENING
    for changed, code in (
        ({"ledger_number": 1940, "numbers": [("bgnr", OTHER)]}, "ledger_taken"),
        ({"ledger_number": 3993, "numbers": [("bgnr", OTHER)]}, "ledger_kind"),
        ({"ledger_number": 1950, "numbers": [("bgnr", BANKGIRO)]}, "number_taken"),
        ({"ledger_number": 1950, "numbers": []}, "no_number"),
    ):
        fields = {"entity": bank.entity, "name": "X", "opened_on": date(2026, 9, 1), **changed}
        with pytest.raises(accounts.AccountError) as refused:
            accounts.open_account(accounts.NewAccount(**fields), by=ADMIN)  # type: ignore[arg-type]
        assert refused.value.code == code
    with pytest.raises(numbers.NumberError):
        numbers.clean("bgnr", "5050-1056")
    assert numbers.clean("iban", "SE45 5000 0000 0583 9825 7466") == IBAN


def test_other_numbers_count_when_another_person_agrees() -> None:
    account = make_bank().account
    asked = accounts.ask_numbers(account, [("bgnr", OTHER)], by="staff:1", why="Ny bank")
    assert Approval.objects.get().kind == "bank_account"
    assert account.numbers.count() == 3
    with pytest.raises(proposals.ProposalError, match="asked_already"):
        accounts.ask_numbers(account, [("bgnr", BANKGIRO)], by="staff:2")
    with pytest.raises(proposals.ProposalError, match="same_person"):
        proposals.agree(asked.ref, by="staff:1")
    assert account.numbers.count() == 3

    proposals.agree(asked.ref, by="staff:2")

    assert list(account.numbers.values_list("kind", "number")) == [("bgnr", "50501055")]
    assert Approval.objects.get().answer == "yes"
    with pytest.raises(proposals.ProposalError, match="not_waiting"):
        proposals.refuse(asked.ref, by="staff:2", reason="")
    said = set(ChangeLine.objects.values_list("action", flat=True))
    assert {"bank_account.numbers_asked", "bank_account.numbers_changed", "proposal.agreed"} <= said


def test_a_refused_number_changes_nothing() -> None:
    account = make_bank().account
    asked = accounts.ask_numbers(account, [("bgnr", OTHER)], by="staff:1")
    with pytest.raises(proposals.ProposalError, match="personal"):
        proposals.refuse(asked.ref, by="staff:2", reason="Ring 070-123 45 67")
    proposals.refuse(asked.ref, by="staff:2", reason="Fel nummer")
    assert Proposal.objects.get().state == "refused"
    assert AccountNumber.objects.count() == 3
    with pytest.raises(accounts.AccountError, match="same"):
        accounts.ask_numbers(account, list(account.numbers.values_list("kind", "number")), by="x")
