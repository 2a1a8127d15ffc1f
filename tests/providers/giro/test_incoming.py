"""What comes from the bank is kept, worked in once, and refused whole when it is not right."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from fundraise import clock
from fundraise.audit import models as audit
from fundraise.gifts.models import Gift
from fundraise.jobs.models import Alarm
from fundraise.ledger.queries import balance_ore
from fundraise.pledges.models import Collection, Mandate
from fundraise.providers.autogiro import files
from fundraise.providers.autogiro.mandates import CountEnd, MandateAdvice
from fundraise.providers.autogiro.openings import ReportOpening
from fundraise.providers.autogiro.reports import ChangeLine, TrailerEnd
from fundraise.providers.giro import delivering, inbox, passing, queue, watching
from fundraise.providers.giro.delivering import FileError
from fundraise.providers.giro.models import Deposit, InFile, InRow, OtherFile, OutFile, Question
from fundraise.reconciliation import inbox as bank_inbox
from fundraise.reconciliation import told
from fundraise.reconciliation.models import QueueItem
from tests.giro import BANKGIRO, CUSTOMER, GiroHouse


def specification(
    *rows: tuple[str, int, str, str], serial: int = 7, day: str = "20261130"
) -> bytes:
    """A payment specification of one deposit: payer, öre, reference and status of each draw."""
    paid = [row for row in rows if row[3] == "0"]
    ore = sum(row[1] for row in paid)
    lines = [
        f"01AUTOGIRO{'':14}{day}{'210000000000'}{'BET. SPEC & STOPP TK':20}{CUSTOMER}0009912346",
        f"15{'0' * 35}{day}{serial:05d}{ore:018d}   {len(paid):08d} ",
        *(
            f"82{day}0    {payer:>016}{ore:012d}0009912346{reference:16}{'':10}{status}"
            for payer, ore, reference, status in rows
        ),
        f"09{day}9900{1:06d}{len(paid):012d}{0:06d}{0:012d}{0:06d}{0:012d}{'':12}",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1")


def take(content: bytes, name: str = "") -> InFile:
    return inbox.take_in(content, by="staff:1", name=name)


@pytest.fixture
def draw(house: GiroHouse) -> Collection:
    """A draw that is at the bank on its day."""
    house.sign_up()
    house.until(date(2026, 11, 30))
    return Collection.objects.get()


def row_of(draw: Collection, status: str = "0") -> tuple[str, int, str, str]:
    return (str(draw.mandate.payer_number), draw.amount_ore, draw.reference, status)


def test_the_same_bytes_and_the_same_rows_count_once(house: GiroHouse, draw: Collection) -> None:
    content = specification(row_of(draw))
    file = take(content)
    assert (file.state, file.counts, file.ours_ore) == (
        "applied", {"noted": 1, "applied": 1}, 200_00,
    )  # fmt: skip
    assert take(content).pk == file.pk
    assert inbox.content_of(file) == content
    # The same rows in a file of another day, and beside a new one: overlapping files.
    again = take(content.replace(b"\r\n", b"  \r\n"))
    assert again.counts == {"already": 2}
    strange = ("1234566", 50_00, "", "0")
    both = take(specification(row_of(draw), strange, serial=8))
    assert both.counts == {"noted": 1, "already": 1, "unknown": 1}
    deposit = Deposit.objects.get(serial=8)
    assert (deposit.amount_ore, deposit.known_ore, deposit.unknown_ore) == (250_00, 200_00, 50_00)
    assert (Gift.objects.count(), balance_ore(house.entity.pk, "giro_clearing")) == (1, 250_00)
    assert balance_ore(house.entity.pk, "suspense") == -50_00
    with transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="stays as it was made"):
            cursor.execute("UPDATE giro_infile SET size = 1 WHERE id = %s", [file.pk])
        transaction.set_rollback(True)


def test_a_file_of_another_entity_is_not_worked_in_for_who_may_not_take_it_in(
    house: GiroHouse, draw: Collection
) -> None:
    content, before = specification(row_of(draw)), InFile.objects.count()
    refused = bank_inbox.take_in(content, by="staff:1", entities={house.entity.pk + 1})
    assert (refused.kind, refused.state, refused.reason) == ("autogiro", "refused", "other_entity")
    assert (InFile.objects.count(), Gift.objects.count()) == (before, 0)
    taken = bank_inbox.take_in(content, by="staff:2", entities={house.entity.pk})
    assert (taken.pk, taken.state, taken.entity_id) == (refused.pk, "dropped", house.entity.pk)
    assert Gift.objects.count() == 1


def test_money_after_a_cancellation_that_found_nothing_is_booked(draw: Collection) -> None:
    Collection.objects.update(state="cancelling", cancel_for="skip")
    day, payer = "20261130", str(draw.mandate.payer_number)
    change = ChangeLine("25", day, payer, "82", draw.amount_ore, "REFERENS", "0" * 8,
                        draw.reference, "13")  # fmt: skip
    opening = ReportOpening(day, "", CUSTOMER, "9912346")
    end = TrailerEnd(day, 0, 0, 0, 0)
    take(files.write("changes", [(opening, [change], end)]))
    draw.refresh_from_db()
    assert (draw.state, draw.reason) == ("doubt", "25+13")
    take(specification(row_of(draw)))
    draw.refresh_from_db()
    assert (draw.state, draw.instalment.state, Gift.objects.count()) == ("paid", "paid", 1)


def test_two_true_rows_of_one_draw_stay_two_and_a_person_is_asked(
    house: GiroHouse, draw: Collection
) -> None:
    file = take(specification(row_of(draw), row_of(draw)))
    assert file.counts == {"noted": 1, "applied": 1, "conflict": 1}
    question = Question.objects.get()
    assert (question.kind, question.amount_ore, question.collection) == ("twice", 200_00, draw)
    assert balance_ore(house.entity.pk, "giro_clearing") == 400_00
    assert (Gift.objects.count(), balance_ore(house.entity.pk, "suspense")) == (1, -200_00)
    solved = queue.solve(question.pk, how="paid_back", by="staff:1", note="21 dec")
    assert (solved.state, solved.how) == ("solved", "paid_back")
    with pytest.raises(queue.QuestionError, match="solved"):
        queue.solve(question.pk, how="paid_back", by="staff:1")


def test_another_systems_rows_are_summed_and_passed_on(
    house: GiroHouse, draw: Collection, settings: Any, tmp_path: Path
) -> None:
    settings.AUTOGIRO_PASS_ON_DIR = str(tmp_path)
    theirs = ("190001019802", 75_00, "MEDLEM 4", "0")
    failed = ("190001019803", 75_00, "MEDLEM 5", "1")
    file = take(specification(row_of(draw), theirs, failed), name="UAGAG")
    assert (file.counts, file.other_ore) == ({"noted": 1, "applied": 1, "other": 2}, 75_00)
    assert Question.objects.count() == 0
    assert set(InRow.objects.filter(result="other").values_list("payer_number", flat=True)) == {""}
    left = next(tmp_path.iterdir())
    passed = files.read(left.read_bytes())
    assert [row.payer for _at, row in passed.lines if hasattr(row, "payer")] == [
        "190001019802", "190001019803",
    ]  # fmt: skip
    name, content = passing.content_of(file, by="staff:1")
    assert (name, content) == ("UAGAG.others", left.read_bytes())
    assert (OtherFile.objects.get().amount_ore, passing.leave_waiting()) == (75_00, 0)
    assert balance_ore(house.entity.pk, "giro_clearing") == 200_00


def test_a_broken_file_says_where_and_changes_nothing(draw: Collection) -> None:
    right = specification(row_of(draw))
    broken = take(right.replace(b"20000", b"2000X", 1))
    assert (broken.state, broken.reason, broken.line, broken.column) == ("refused", "digits", 2, 68)
    wrong_sum = take(right.replace(f"{200_00:018d}".encode(), f"{300_00:018d}".encode()))
    assert (wrong_sum.reason, wrong_sum.line) == ("sum", 2)
    assert wrong_sum.values == {"what": "the block's payments", "said": "30000", "found": "20000"}
    draw.refresh_from_db()
    assert (draw.state, InRow.objects.filter(file__in=[broken, wrong_sum]).count()) == ("sent", 0)
    assert Alarm.objects.filter(code="giro-file-refused", resolved_at=None).count() == 2
    assert inbox.content_of(broken) == right.replace(b"20000", b"2000X", 1)


def test_a_file_for_somebody_else_is_stopped_whole_and_read_again_once(
    draw: Collection, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = specification(row_of(draw))
    other = take(right.replace(b"0009912346", b"0050501055"))
    assert (other.state, other.reason, other.line) == ("refused", "other_bankgiro_number", 1)
    customer = take(right.replace(b"123456", b"654321"))
    assert (customer.state, customer.reason) == ("refused", "other_customer_number")
    assert take(b"01" + b"20261130AUTOGIRO".ljust(60) + b"1234560009912346  ").reason in {
        "no_records", "not_a_report",
    }  # fmt: skip
    settings.AUTOGIRO_CUSTOMER_NUMBER = "654321"  # it was the setting that was wrong
    seen_before = InFile.objects.get(pk=customer.pk)  # two persons press at the same time
    assert inbox.try_again(customer, by="staff:1").state == "applied"
    draw.refresh_from_db()
    assert draw.state == "paid"

    reads: list[object] = []
    monkeypatch.setattr(inbox, "work_in", reads.append)
    again = inbox.try_again(seen_before, by="staff:2")
    assert (again.state, reads) == ("applied", [])
    noted = audit.ChangeLine.objects.filter(action="giro_file.read_again")
    assert list(noted.values_list("by", flat=True)) == ["staff:1"]


def test_a_fault_in_the_middle_leaves_nothing_and_is_tried_again(
    draw: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("fundraise.providers.giro.passing.keep", fail)
        file = take(specification(row_of(draw)))
    assert (file.state, file.tries, file.rows.count()) == ("stored", 1, 0)
    assert (Gift.objects.count(), Deposit.objects.count()) == (0, 0)
    assert inbox.work_in_waiting() == 1
    assert Gift.objects.count() == 1
    assert Alarm.objects.get(code="giro-file-failed").resolved_at is not None


def test_a_hole_in_the_deposits_and_a_missing_report_ring(
    house: GiroHouse, draw: Collection
) -> None:
    house.go_to(date(2026, 12, 1), 13)
    watching.look()
    assert Alarm.objects.get(code="giro-report-missing").resolved_at is None
    take(specification(row_of(draw), serial=3))
    watching.look()
    assert Alarm.objects.get(code="giro-report-missing").resolved_at is not None
    other = ("190001019802", 75_00, "", "0")
    take(specification(other, serial=6, day="20261201"))
    watching.look()
    hole = Alarm.objects.get(code="giro-serial-hole")
    assert (hole.text, hole.resolved_at) == ("deposits of 2026 are missing: 4, 5 (2)", None)


def test_the_mandate_register_is_compared_and_adopted_by_a_person(house: GiroHouse) -> None:
    kept, moved, lost = (house.sign_up() for _ in range(3))
    house.until(date(2026, 11, 10))
    numbers = {p.pk: str(p.mandates.get().payer_number) for p in (kept, moved, lost)}
    bank = house.bank.registers["0009912346"].mandates
    at_the_bank = bank[numbers[moved.pk].rjust(16, "0")]
    at_the_bank.account = "3300000112345678"
    foreign = bank.pop(numbers[lost.pk].rjust(16, "0"))
    foreign.payer = "1234566".rjust(16, "0")
    bank[foreign.payer] = foreign
    extract = house.bank.mandate_register(BANKGIRO)
    assert extract is not None
    file = take(extract.data)
    assert (file.kind, file.counts) == (
        "mandate_register",
        {"noted": 1, "conflict": 1, "unknown": 1},
    )
    asked = {q.kind: q for q in Question.objects.all()}
    assert {kind: q.payer_number for kind, q in asked.items()} == {
        "r_missing": numbers[lost.pk], "r_extra": "1234566", "r_different": numbers[moved.pk],
    }  # fmt: skip
    assert asked["r_different"].differs == "account"
    before = moved.mandates.get().account_hash
    assert lost.mandates.get().state == "active"  # nothing is adopted by itself
    for question in asked.values():
        queue.adopt(question.pk, by="staff:1")
    assert lost.mandates.get().state == "ended"
    adopted = Mandate.objects.get(payer_number="1234566")
    assert (adopted.state, adopted.origin, adopted.pledge) == ("active", "register", None)
    assert moved.mandates.get().account_hash != before


def test_the_watch_register_shows_what_does_not_wait(house: GiroHouse) -> None:
    house.sign_up()
    house.sign_up(ore=300_00)
    house.until(date(2026, 11, 27))
    draw = Collection.objects.order_by("pk")[0]
    house.bank.last_day = clock.today()
    extract = house.bank.watch_register(BANKGIRO)
    assert extract is not None
    take(extract.data)
    assert Question.objects.count() == 0
    watch = house.bank.registers["0009912346"].watch
    watch.remove(next(p for p in watch.payments.values() if p.reference.strip() == draw.reference))
    less = house.bank.watch_register(BANKGIRO)
    assert less is not None
    take(less.data)
    question = Question.objects.get()
    assert (question.kind, question.collection) == ("w_missing", draw)


def test_the_payer_number_changes_at_the_bank(house: GiroHouse) -> None:
    pledge = house.sign_up()
    house.until(date(2026, 11, 10))
    mandate = pledge.mandates.get()
    old, new = f"{mandate.payer_number:>016}", f"{1234566:016d}"
    lines = [
        f"01AUTOGIRO{'':14}20261110{'':12}{'AG-MEDAVI':20}{CUSTOMER}0009912346",
        *(
            f"730009912346{payer}8327000009941234198112289874     05{comment}20261110       "
            for payer, comment in ((new, "32"), (old, "33"))
        ),
        f"09202611109900{2:07d}{'':59}",
    ]
    file = take("".join(f"{line}\r\n" for line in lines).encode())
    assert file.counts == {"applied": 2}
    mandate.refresh_from_db()
    assert (mandate.payer_number, mandate.state) == ("1234566", "active")


def test_files_of_a_day_are_worked_in_by_what_stands_in_them(draw: Collection) -> None:
    """Mandates before money, an earlier day before a later one, whatever came first."""
    money = specification(row_of(draw))
    later = specification(("190001019802", 75_00, "", "0"), serial=8, day="20261201")
    opening = ReportOpening("20261130", "", CUSTOMER, "9912346")
    advice = MandateAdvice(
        "9912346", str(draw.mandate.payer_number), "", "", "46", "02", "20261130"
    )
    mandates = files.write("mandate_advice", [(opening, [advice], CountEnd("20261130", 1))])
    for content in (later, b"no file of Bankgirot's", money, b"  \r\n" + mandates):
        inbox.store(content, by="system:transport")
    assert inbox.work_in_waiting() == 4
    worked = InFile.objects.filter(written_on__gte=date(2026, 11, 30)).order_by("rows__pk")
    assert list(dict.fromkeys(worked.values_list("kind", "written_on"))) == [
        ("mandate_advice", date(2026, 11, 30)),
        ("payment_specification", date(2026, 11, 30)),
        ("payment_specification", date(2026, 12, 1)),
    ]
    draw.refresh_from_db()
    assert (draw.state, draw.mandate.state) == ("paid", "ended")


def test_the_bytes_go_after_seven_years_and_the_rows_stay(draw: Collection) -> None:
    theirs = ("190001019802", 75_00, "", "0")
    file = take(specification(row_of(draw), theirs))
    assert inbox.prune(date(2033, 12, 31)) == 0
    assert inbox.prune(date(2034, 1, 1)) == 5  # two reports, one of others' rows, two of ours
    file.refresh_from_db()
    assert (bytes(file.sealed), file.rows.count(), Gift.objects.count()) == (b"", 3, 1)
    assert inbox.prune(date(2034, 1, 1)) == 0
    with pytest.raises(FileError, match="gone"):
        passing.content_of(file, by="staff:1")
    with pytest.raises(FileError, match="gone"):
        delivering.content_of(OutFile.objects.earliest("pk").pk, by="staff:1")


def test_the_refused_draws_of_a_file_are_one_matter_of_the_treasurer_s(
    house: GiroHouse, draw: Collection
) -> None:
    file = take(specification(row_of(draw, "1")))
    assert [told.watch(), told.watch()] == [1, 0]
    waiting = QueueItem.objects.get(code="autogiro_refused")
    assert (waiting.subject, waiting.amount_ore, waiting.facts) == (
        f"giro_file:{file.ref}", draw.amount_ore, {"rows": 1},
    )  # fmt: skip
    assert waiting.entity_id == house.entity.pk
