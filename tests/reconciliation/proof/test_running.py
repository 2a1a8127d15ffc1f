"""The daily proof of a bank: what agrees, what waits and what differs are three things."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from fundraise.ledger.models import Account
from fundraise.ledger.services import EntryDraft, JournalDraft, post_journals
from fundraise.providers.models import Account as ProviderAccount
from fundraise.providers.models import Payout
from fundraise.reconciliation.models import (
    Item,
    Line,
    Match,
    ProofLine,
    QueueItem,
    Statement,
    StatementFile,
)
from fundraise.reconciliation.proof import queries, running
from tests.reconciliation.house import OPENING, Bank, make_bank

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 9, 8, 10, tzinfo=UTC)


def statement(bank: Bank, day: date, opening: int, closing: int) -> Statement:
    """A booked statement of one day, tied to the one before when that ends where it begins."""
    file = StatementFile.objects.create(
        entity=bank.entity, kind="camt.053", sha256=f"{day}{closing}".encode().ljust(32),
        sealed=b"-", size=1, via="page", taken_by="staff:1", received_at=NOON,
        keep_until=date(2033, 12, 31), state="booked", booked_at=NOON, booked_by="staff:1",
    )  # fmt: skip
    before = Statement.objects.filter(account=bank.account, closing_ore=opening).first()
    return Statement.objects.create(
        file=file, account=bank.account, from_day=day, to_day=day, opening_ore=opening,
        closing_ore=closing, before=before,
    )  # fmt: skip


def line(bank: Bank, of: Statement, ore: int, *, booked: bool = True, nth: int = 0) -> Line:
    """A movement, booked as the bank's lines are, with one item."""
    row = Line.objects.create(
        account=bank.account, statement=of, at="row 1", booked_on=of.to_day, amount_ore=ore,
        fingerprint=f"{of.pk}".encode().ljust(16), nth=nth,
    )  # fmt: skip
    Item.objects.create(
        account=bank.account, statement=of, line=row, at="row 1", booked_on=of.to_day,
        amount_ore=ore, fingerprint=f"{of.pk}".encode().ljust(16), nth=nth,
    )  # fmt: skip
    if booked:
        draft = JournalDraft(
            bank.entity.pk, "B", of.to_day, "Bank", f"bank:line:{row.ref}", "staff:1",
            [EntryDraft("bank", "giro_clearing", ore)],
        )  # fmt: skip
        Line.objects.filter(pk=row.pk).update(journal_id=post_journals([draft])[0].id)
    return row


def shown(letter: str, source: str = "") -> tuple[str, int, int]:
    found = ProofLine.objects.filter(letter=letter, source__contains=source).latest("run_id")
    return found.status, found.expected, found.actual


@time_machine.travel(NOON, tick=False)
def test_a_day_agrees_waits_and_differs() -> None:
    bank = make_bank()
    source = f"bank:{bank.account.ref}"
    running.run(by="staff:1")
    nothing = {one.source: one.status for one in ProofLine.objects.filter(letter="A")}
    assert nothing == {
        source: "not_applicable",
        f"{source}:chain": "ok",
        f"{source}:file": "waiting",
    }
    assert QueueItem.objects.get().code == "gap", "a week without a file"

    first = statement(bank, date(2026, 9, 7), OPENING, OPENING + 250_00)
    line(bank, first, 250_00)
    day = queries.day_of(running.run(by="staff:1"), [bank.entity.pk])
    by_source = {one.source: one for one in day.lines}
    assert (by_source[source].status, by_source[source].actual) == ("ok", OPENING + 250_00)
    assert by_source[f"{source}:file"].status == "ok"
    neither = by_source["items"]
    assert (neither.status, len(neither.rows)) == ("waiting", 1), "too young to be a fault"
    assert QueueItem.objects.filter(state="open").count() == 0

    with time_machine.travel(NOON + timedelta(days=4), tick=False):
        running.run(by="staff:1")
        late = ProofLine.objects.filter(source=f"{source}:file").latest("run_id")
        assert (late.status, late.due_on) == ("waiting", date(2026, 9, 9))
        queued = QueueItem.objects.get(state="open")
        assert (queued.code, queued.facts["source"]) == ("gap", f"{source}:file")
        second = statement(bank, date(2026, 9, 11), OPENING + 250_00, OPENING + 300_00)
        line(bank, second, 40_00)
        day = queries.day_of(running.run(by="staff:1"), [bank.entity.pk])
        wrong = {one.source: one.difference for one in day.with_status("differs")}
        assert wrong == {source: -10_00, "items": 1}
        assert not day.is_green
        open_now = QueueItem.objects.filter(state="open")
        assert {(one.code, one.amount_ore) for one in open_now} == {
            ("differs", -10_00),
            ("differs", 1),
        }
        assert QueueItem.objects.get(pk=queued.pk).how == "solved_itself"

        line(bank, second, 10_00, nth=1)
        for item in Item.objects.all():
            Match.objects.create(
                item=item, state="stands", kind="interest", by="staff:1", made_at=NOON
            )
        day = queries.day_of(running.run(by="staff:1"), [bank.entity.pk])
        assert day.is_green
        assert QueueItem.objects.filter(state="open").count() == 0


@time_machine.travel(NOON, tick=False)
def test_a_missing_statement_and_other_books_of_a_shared_account_are_told_apart() -> None:
    bank = make_bank(is_shared=True)
    source = f"bank:{bank.account.ref}"
    first = statement(bank, date(2026, 9, 3), OPENING, OPENING + 100_00)
    line(bank, first, 100_00)
    third = statement(bank, date(2026, 9, 7), OPENING + 500_00, OPENING + 200_00)
    salaries = line(bank, third, -300_00, booked=False)
    Line.objects.filter(pk=salaries.pk).update(other_books=True)
    running.run()
    assert shown("A", f"{source}:chain") == ("differs", 0, 1)
    balance = ProofLine.objects.get(source=source)
    assert (balance.expected, balance.actual) == (OPENING + 200_00, OPENING - 200_00)
    assert "others -30000" in balance.note


@time_machine.travel(NOON, tick=False)
def test_a_payout_that_the_bank_has_not_shown_is_red_when_its_days_are_over() -> None:
    bank = make_bank()
    stripe = ProviderAccount.objects.create(
        entity=bank.entity, provider="stripe", slug="s", name="Stripe", is_active=False
    )
    paid = Payout.objects.create(
        account=stripe, provider_ref="po_1", amount_ore=900_00, state="paid",
        arrives_on=date(2026, 9, 7), created_at=NOON,
    )  # fmt: skip
    statement(bank, date(2026, 9, 7), OPENING, OPENING)
    running.run()
    assert shown("B", "payouts")[0] == "waiting"
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        statement(bank, date(2026, 9, 10), OPENING, OPENING)
        running.run()
        assert shown("B", "payouts") == ("differs", 900_00, 0)
        newest = ProofLine.objects.filter(source="payouts").latest("run_id")
        assert newest.rows == [f"payout:{paid.ref}"]
    assert Account.objects.filter(entity=bank.entity, role="payout_in_transit").exists()
