"""One mail about one event, once, whatever breaks in between."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from fundraise import clock, seal
from fundraise.jobs.models import Alarm, EnvironmentSeal, JobRun
from mailings import tasks, transactional
from mailings.models import TransactionalMessage
from mailings.senders import base
from mailings.senders.base import Mail, Outcome, SendError, SendResult, _class_of
from tests.killing import die, in_a_process_that_dies

pytestmark = pytest.mark.django_db

HERE = "tests.mailings.test_transactional"


class Carrier:
    """A sender that keeps what it is given and fails when told to."""

    name: ClassVar[str] = "carrier"
    idempotent: ClassVar[bool] = False
    carried: ClassVar[list[Mail]] = []
    failures: ClassVar[list[Exception]] = []

    def send(self, mail: Mail) -> SendResult:
        type(self).carried.append(mail)
        if self.failures:
            raise self.failures.pop(0)
        return SendResult()


class FatalCarrier(Carrier):
    """The mail leaves, and the process dies before the answer."""

    def send(self, mail: Mail) -> SendResult:
        with Path(os.environ["FATAL_CARRIED"]).open("a") as carried:
            carried.write(f"{mail.message_id}\n")
        die()
        return SendResult()


class SafeCarrier(Carrier):
    name: ClassVar[str] = "safe"
    idempotent: ClassVar[bool] = True


@pytest.fixture(autouse=True)
def carriers(settings: Any) -> None:
    settings.MAIL_SENDERS = {"carrier": f"{HERE}.Carrier", "safe": f"{HERE}.SafeCarrier"}
    settings.MAIL_SENDER = "carrier"
    _class_of.cache_clear()
    Carrier.carried.clear()
    Carrier.failures.clear()


def prepared(subject_ref: str = "r1") -> TransactionalMessage:
    return transactional.prepare(
        "receipt",
        subject_ref,
        to="anna@exempel.se",
        language="sv",
        subject="Tack för din gåva",
        html="<p>Tack, Anna!</p>",
        text="Tack, Anna!",
    )


def fresh(row: TransactionalMessage) -> TransactionalMessage:
    row.refresh_from_db()
    return row


def lease_ran_out(row: TransactionalMessage) -> None:
    TransactionalMessage.objects.filter(pk=row.pk).update(
        lease_until=clock.real_now() - timedelta(seconds=1)
    )


def claimed_by_a_process_that_died() -> TransactionalMessage:
    row = prepared()
    assert transactional._claim(row.pk, base.chosen().name) is not None
    lease_ran_out(row)
    return row


def test_a_prepared_mail_is_sent_once_however_often_the_task_comes() -> None:
    row = prepared()
    for _time in range(3):
        tasks.send_prepared(row.pk)
    assert [mail.message_id for mail in Carrier.carried] == [row.message_id]
    assert Carrier.carried[0].to == "anna@exempel.se"
    assert (fresh(row).state, row.attempts, row.last_error) == ("sent", 1, "")


def test_the_same_subject_is_prepared_once() -> None:
    first, second = prepared(), prepared()
    assert first.pk == second.pk
    assert TransactionalMessage.objects.count() == 1


def test_nothing_about_the_person_lies_open_in_the_row() -> None:
    row = prepared()
    raw = bytes(row.sealed or b"")
    assert b"anna" not in raw
    assert "Anna" not in f"{row.kind} {row.subject_ref} {row.message_id} {row.last_error}"


def test_it_is_claimed_before_it_is_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    row = prepared()

    def look(_self: Carrier, _mail: Mail) -> SendResult:
        seen.append(fresh(row).state)
        return SendResult()

    monkeypatch.setattr(Carrier, "send", look)
    transactional.send(row.pk)
    assert seen == ["claimed"]


def test_a_refused_mail_is_over() -> None:
    Carrier.failures.append(SendError("refused with 550", Outcome.REFUSED))
    row = prepared()
    transactional.send(row.pk)
    tasks.sweep()
    assert (fresh(row).state, row.last_error) == ("failed", "refused with 550")
    assert len(Carrier.carried) == 1
    assert Alarm.objects.count() == 0


def test_a_busy_server_is_tried_again_later() -> None:
    Carrier.failures.append(SendError("refused with 451", Outcome.TRY_LATER))
    row = prepared()
    before = clock.real_now()
    transactional.send(row.pk)
    tasks.sweep()  # not due yet
    assert (fresh(row).state, len(Carrier.carried)) == ("prepared", 1)
    assert row.next_try_at >= before + timedelta(minutes=1)
    TransactionalMessage.objects.update(next_try_at=clock.real_now())
    tasks.sweep()
    assert (fresh(row).state, row.attempts) == ("sent", 2)
    assert Carrier.carried[0].message_id == Carrier.carried[1].message_id


def test_after_twelve_tries_it_is_given_up_with_an_alarm_and_can_be_put_back() -> None:
    row = prepared()
    Carrier.failures.extend(SendError("busy", Outcome.TRY_LATER) for _ in range(12))
    for _time in range(13):
        TransactionalMessage.objects.filter(state="prepared").update(next_try_at=clock.real_now())
        tasks.sweep()
    assert (fresh(row).state, len(Carrier.carried)) == ("failed", 12)
    assert Alarm.objects.get().code == "mail-failed"
    call_command("mail_doubts", "--retry-failed", verbosity=0)
    tasks.sweep()
    assert fresh(row).state == "sent"
    assert Alarm.objects.get().resolved_at is not None


def test_a_lost_answer_is_a_doubt_and_is_never_sent_again_by_itself() -> None:
    Carrier.failures.append(SendError("answer lost", Outcome.UNKNOWN))
    row = prepared()
    transactional.send(row.pk)
    tasks.sweep()
    tasks.send_prepared(row.pk)
    assert (fresh(row).state, len(Carrier.carried)) == ("in_doubt", 1)
    assert Alarm.objects.get().code == "mail-in-doubt"


def test_an_unexpected_error_is_a_doubt_too_and_its_words_are_cleaned() -> None:
    Carrier.failures.append(KeyError("anna@exempel.se"))
    row = prepared()
    transactional.send(row.pk)
    assert fresh(row).state == "in_doubt"
    assert row.last_error == "KeyError: [removed]"


def test_a_process_that_died_after_the_claim_leaves_a_doubt() -> None:
    row = claimed_by_a_process_that_died()
    tasks.sweep()
    assert (fresh(row).state, Carrier.carried) == ("in_doubt", [])
    assert JobRun.objects.get().counts == {"leases_ended": 1, "sent": 0, "forgotten": 0}


def test_a_claim_whose_lease_still_runs_is_left_alone() -> None:
    row = prepared()
    transactional._claim(row.pk, "carrier")
    tasks.sweep()
    assert (fresh(row).state, Carrier.carried) == ("claimed", [])


def test_a_sender_that_takes_an_id_once_is_simply_asked_again(settings: Any) -> None:
    settings.MAIL_SENDER = "safe"
    row = claimed_by_a_process_that_died()
    tasks.sweep()
    assert (fresh(row).state, row.attempts) == ("sent", 2)
    assert [mail.message_id for mail in Carrier.carried] == [row.message_id]


def test_what_counts_is_the_sender_of_the_claim_not_the_one_set_now(settings: Any) -> None:
    row = claimed_by_a_process_that_died()
    settings.MAIL_SENDER = "safe"
    tasks.sweep()
    assert (fresh(row).state, Carrier.carried) == ("in_doubt", [])


def test_an_answer_that_comes_after_the_lease_settles_the_doubt() -> None:
    row = prepared()
    claim = transactional._claim(row.pk, "carrier")
    assert claim is not None
    lease_ran_out(row)
    transactional.end_leases(clock.real_now())
    transactional._record(claim, state="sent", sent_at=clock.real_now())
    assert fresh(row).state == "sent"


def test_a_person_settles_a_doubt_either_way() -> None:
    for ref, left, state in (("r1", True, "sent"), ("r2", False, "prepared")):
        Carrier.failures.append(SendError("answer lost", Outcome.UNKNOWN))
        row = prepared(ref)
        transactional.send(row.pk)
        assert transactional.settle(row.pk, left=left, by="david") is True
        assert transactional.settle(row.pk, left=left, by="eva") is False
        assert (fresh(row).state, row.settled_by) == (state, "david")
    assert Alarm.objects.filter(resolved_at=None).count() == 0
    tasks.sweep()
    assert fresh(row).state == "sent"


def test_the_command_refuses_what_is_not_in_doubt() -> None:
    row = prepared()
    with pytest.raises(CommandError, match="not in doubt"):
        call_command("mail_doubts", "--again", str(row.pk))
    assert fresh(row).state == "prepared"


def test_a_copied_database_mails_nobody(settings: Any) -> None:
    settings.MODE = "live"
    seal.seal()
    row = prepared()
    settings.MODE = "test"
    transactional.send(row.pk)
    tasks.sweep()
    assert (fresh(row).state, row.attempts, Carrier.carried) == ("prepared", 0, [])
    assert Alarm.objects.get().code == "seal-broken"
    EnvironmentSeal.objects.update(mode="test")
    settings.BASE_URL = EnvironmentSeal.objects.get().base_url
    tasks.sweep()
    assert fresh(row).state == "sent"
    assert Alarm.objects.get().resolved_at is not None


def test_a_body_that_does_not_open_is_tried_later_not_lost(settings: Any) -> None:
    row = prepared()
    good = bytes(row.sealed or b"")
    TransactionalMessage.objects.update(sealed=good[:-1] + bytes([good[-1] ^ 1]))
    transactional.send(row.pk)
    assert (fresh(row).state, Carrier.carried) == ("prepared", [])
    assert row.last_error == "the body does not open"


def test_address_and_words_are_forgotten_after_thirty_days() -> None:
    over, waiting = prepared("r1"), prepared("r2")
    transactional.send(over.pk)
    TransactionalMessage.objects.update(prepared_at=clock.real_now() - timedelta(days=31))
    assert transactional.forget_bodies(clock.real_now()) == 1
    assert fresh(over).sealed is None
    assert fresh(waiting).sealed is not None


def test_it_is_queued_when_the_transaction_commits(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    queued: list[int] = []
    monkeypatch.setattr(
        tasks.send_prepared, "apply_async", lambda args, **_how: queued.append(args[0])
    )
    with django_capture_on_commit_callbacks(execute=True):
        row = prepared()
        prepared()
    assert queued == [row.pk]


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_send_one_mail() -> None:
    row = prepared()

    def send(pk: int) -> bool:
        try:
            return transactional.send(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        sent = list(workers.map(send, [row.pk] * 24))
    assert (sent.count(True), len(Carrier.carried)) == (1, 1)
    assert fresh(row).state == "sent"


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_while_sending_never_leads_to_a_second_mail(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    left = tmp_path / "left"
    monkeypatch.setenv("FATAL_CARRIED", str(left))
    settings.MAIL_SENDERS["carrier"] = f"{HERE}.FatalCarrier"
    row = prepared()
    in_a_process_that_dies(lambda: transactional.send(row.pk))
    assert (fresh(row).state, left.read_text()) == ("claimed", f"{row.message_id}\n")
    tasks.sweep()
    lease_ran_out(row)
    for _time in range(2):
        tasks.sweep()
    assert (fresh(row).state, left.read_text()) == ("in_doubt", f"{row.message_id}\n")
