"""Facts reach their subscribers at least once, whatever is down."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from fundraise import clock
from fundraise.jobs.models import Alarm, JobRun
from fundraise.outbox import courier, queries, services, tasks
from fundraise.outbox.models import OutboxEvent
from tests.killing import die, in_a_process_that_dies

pytestmark = pytest.mark.django_db

HERE = "tests.outbox.test_outbox"
HEARD: list[tuple[str, int]] = []


def thank(subject_id: int) -> None:
    HEARD.append(("thank", subject_id))


def count_it(subject_id: int) -> None:
    HEARD.append(("count_it", subject_id))


def stumble(subject_id: int) -> None:
    HEARD.append(("stumble", subject_id))
    OutboxEvent.objects.filter(kind="GiftCounted").update(kind="half done")
    raise ValueError("could not thank 'Anna Svensson' at anna@exempel.se")


def die_halfway(subject_id: int) -> None:
    OutboxEvent.objects.update(kind="half done")
    die()


@pytest.fixture(autouse=True)
def subscribers(settings: Any) -> Iterator[None]:
    settings.OUTBOX_SUBSCRIBERS = {
        "GiftThanked": [f"{HERE}.thank"],
        "GiftCounted": [f"{HERE}.thank", f"{HERE}.count_it"],
        "GiftStumbled": [f"{HERE}.stumble"],
        "GiftKilled": [f"{HERE}.die_halfway"],
        "GiftIgnored": [],
    }
    HEARD.clear()
    courier.forget()
    yield
    courier.forget()


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """What was handed to the broker."""
    found: list[list[int]] = []
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda args, **_how: found.append(args[0]))
    return found


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A broker that is away; the list counts the attempts."""
    attempts: list[int] = []

    def refuse(**_how: Any) -> None:
        attempts.append(1)
        raise OperationalError("Error 111 connecting to 127.0.0.1:6379")

    monkeypatch.setattr(tasks.deliver, "apply_async", refuse)
    return attempts


def only() -> OutboxEvent:
    return OutboxEvent.objects.get()


def test_a_fact_is_one_statement_and_one_message_whatever_the_number_of_subscribers(
    queued: list[list[int]],
    django_assert_num_queries: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(1):
        services.write("GiftCounted", 7)
    rows = OutboxEvent.objects.order_by("pk")
    assert [(row.subscriber, row.subject_id, row.state) for row in rows] == [
        (f"{HERE}.thank", 7, "new"),
        (f"{HERE}.count_it", 7, "new"),
    ]
    assert queued == [[row.pk for row in rows]]


def test_a_fact_nobody_subscribes_to_writes_nothing(queued: list[list[int]]) -> None:
    services.write("GiftIgnored", 7)
    assert OutboxEvent.objects.count() == 0
    assert queued == []


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(services.UnknownEvent, match="GiftInvented"):
        services.write("GiftInvented", 7)
    assert OutboxEvent.objects.count() == 0


def test_a_fact_of_a_change_that_is_rolled_back_is_not_told(queued: list[list[int]]) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        services.write("GiftThanked", 7)
        1 / 0  # noqa: B018
    assert OutboxEvent.objects.count() == 0
    assert queued == []


def test_delivery_runs_each_subscriber_once_and_marks_it_done() -> None:
    services.write("GiftCounted", 7)
    ids = list(OutboxEvent.objects.values_list("pk", flat=True))
    tasks.deliver(ids)
    tasks.deliver(ids)  # a task may come twice
    assert HEARD == [("thank", 7), ("count_it", 7)]
    assert {(row.state, row.tries) for row in OutboxEvent.objects.all()} == {("done", 1)}


def test_a_broker_that_is_down_costs_one_attempt_and_the_sweeper_delivers(
    no_broker: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        services.write("GiftThanked", 7)
        services.write("GiftThanked", 8)
    assert no_broker == [1]  # the second was not tried: the broker had just been away
    assert HEARD == []
    tasks.sweep()
    assert HEARD == [("thank", 7), ("thank", 8)]
    assert JobRun.objects.get().counts == {"delivered": 2, "pruned": 0}


def test_a_subscriber_that_fails_is_undone_and_tried_again_later() -> None:
    services.write("GiftCounted", 1)
    OutboxEvent.objects.update(state="done", done_at=clock.real_now())
    services.write("GiftStumbled", 7)
    before = clock.real_now()
    tasks.sweep()
    tasks.sweep()  # not due yet
    row = OutboxEvent.objects.get(kind="GiftStumbled")
    assert HEARD == [("stumble", 7)]
    assert (row.state, row.tries) == ("new", 1)
    assert row.last_error == "ValueError: could not thank [removed] at [removed]"
    assert row.next_try_at >= before + timedelta(seconds=30)
    assert OutboxEvent.objects.filter(kind="half done").count() == 0


def test_one_failing_subscriber_stops_nobody_else(settings: Any) -> None:
    settings.OUTBOX_SUBSCRIBERS["GiftThanked"] = [f"{HERE}.stumble", f"{HERE}.thank"]
    services.write("GiftThanked", 7)
    tasks.sweep()
    assert HEARD == [("stumble", 7), ("thank", 7)]
    states = OutboxEvent.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["new", "done"]


def test_a_subscriber_that_is_gone_from_the_code_counts_as_a_failure() -> None:
    services.write("GiftThanked", 7)
    OutboxEvent.objects.update(subscriber="tests.outbox.nowhere.thank")
    tasks.sweep()
    assert (only().state, only().tries) == ("new", 1)


def test_after_twelve_tries_it_is_given_up_and_an_alarm_rings_once() -> None:
    for subject in (7, 8):
        services.write("GiftStumbled", subject)
    for _time in range(13):
        OutboxEvent.objects.filter(state="new").update(next_try_at=clock.real_now())
        tasks.sweep()
    assert len(HEARD) == 24
    assert {(row.state, row.tries) for row in OutboxEvent.objects.all()} == {("failed", 12)}
    alarm = Alarm.objects.get()
    assert (alarm.code, alarm.subject) == ("outbox-failed", f"{HERE}.stumble")
    assert alarm.text == "GiftStumbled was given up after 12 tries"


def test_what_was_given_up_can_be_put_back_in_line(settings: Any) -> None:
    services.write("GiftThanked", 7)
    OutboxEvent.objects.update(state="failed", tries=12)
    Alarm.objects.create(code=services.FAILED, subject="x", text="y", raised_at=clock.real_now())
    assert services.retry_failed() == 1
    tasks.sweep()
    assert HEARD == [("thank", 7)]
    assert Alarm.objects.filter(resolved_at=None).count() == 0


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 30), (2, 60), (3, 120), (7, 1920), (8, 3600), (40, 3600)]
)
def test_the_wait_doubles_to_an_hour(tries: int, seconds: int) -> None:
    assert services.wait_after(tries) == timedelta(seconds=seconds)


def test_the_longest_waiting_is_delivered_first() -> None:
    for subject in (1, 2, 3):
        services.write("GiftThanked", subject)
    now = clock.real_now()
    OutboxEvent.objects.filter(subject_id=3).update(next_try_at=now - timedelta(hours=1))
    assert services.deliver_due(clock.real_now(), most=2) == 2
    assert HEARD == [("thank", 3), ("thank", 1)]


def test_what_was_delivered_is_pruned_after_thirty_days_and_what_failed_stays() -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    for subject in (1, 2, 3):
        services.write("GiftThanked", subject)
    OutboxEvent.objects.filter(subject_id=1).update(state="failed")
    OutboxEvent.objects.filter(subject_id=2).update(
        state="done", done_at=now - timedelta(days=30, seconds=1)
    )
    OutboxEvent.objects.filter(subject_id=3).update(state="done", done_at=now - timedelta(days=30))
    assert services.prune(now) == 1
    left = OutboxEvent.objects.order_by("pk").values_list("subject_id", flat=True)
    assert list(left) == [1, 3]


def test_the_age_of_the_oldest_waiting_row() -> None:
    now = clock.real_now()
    assert queries.oldest_due_age(now) == timedelta(0)
    services.write("GiftThanked", 7)
    OutboxEvent.objects.update(next_try_at=now - timedelta(minutes=11))
    assert queries.oldest_due_age(now) == timedelta(minutes=11)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_the_row_for_the_sweeper() -> None:
    services.write("GiftKilled", 7)
    pk = only().pk
    in_a_process_that_dies(lambda: tasks.deliver([pk]))
    assert (only().state, only().tries, only().kind) == ("new", 0, "GiftKilled")
    OutboxEvent.objects.update(subscriber=f"{HERE}.thank")
    tasks.sweep()
    assert HEARD == [("thank", 7)]
    assert only().state == "done"


BOTH = threading.Event()
GO_ON = threading.Event()


def take_time(subject_id: int) -> None:
    HEARD.append(("take_time", subject_id))
    BOTH.set()
    assert GO_ON.wait(10)


@pytest.mark.django_db(transaction=True)
def test_two_deliverers_at_once_never_run_one_row_twice(settings: Any) -> None:
    settings.OUTBOX_SUBSCRIBERS["GiftThanked"] = [f"{HERE}.take_time"]
    services.write("GiftThanked", 7)

    def deliver() -> None:
        try:
            services.deliver_due(clock.real_now(), most=10)
        finally:
            connection.close()

    first = threading.Thread(target=deliver)
    first.start()
    assert BOTH.wait(10)
    deliver()  # the row is locked: passed by, not waited for
    assert HEARD == [("take_time", 7)]
    GO_ON.set()
    first.join(10)
    deliver()
    assert HEARD == [("take_time", 7)]
    assert only().state == "done"


def test_facts_about_many_are_one_statement_and_few_tasks(
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    django_assert_num_queries: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.OUTBOX_SUBSCRIBERS = {"GiftCounted": [f"{HERE}.thank", f"{HERE}.count_it"]}
    sent: list[list[int]] = []
    monkeypatch.setattr(courier, "send", lambda _task, ids: sent.append(ids))
    with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(1):
        services.write_many("GiftCounted", range(1, 121))
    rows = OutboxEvent.objects.values_list("subject_id", "subscriber")
    assert sorted(rows) == sorted(
        (n, f"{HERE}.{name}") for n in range(1, 121) for name in ("thank", "count_it")
    )
    assert [len(ids) for ids in sent] == [100, 100, 40]
