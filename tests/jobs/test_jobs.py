"""A job that should have run and did not, rings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fundraise import clock
from fundraise.jobs import offset, queries, services, tasks
from fundraise.jobs.lateness import is_late
from fundraise.jobs.models import Alarm, Job, JobRun

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOOKED: list[int] = []


def hook(alarm_id: int) -> None:
    HOOKED.append(alarm_id)


@pytest.fixture(autouse=True)
def two_jobs(settings: Any) -> None:
    settings.JOBS = {"often": ("a.b", 60, 600), "nightly": ("a.c", 86_400, 93_600)}
    HOOKED.clear()


def known(name: str, *, first_seen: timedelta, done: timedelta | None = None) -> None:
    now = clock.real_now()
    Job.objects.create(
        name=name,
        first_seen_at=now - first_seen,
        last_done_at=None if done is None else now - done,
    )


@pytest.mark.parametrize(
    ("known_for", "done_ago", "late"),
    [
        (599, None, False),
        (600, None, False),
        (601, None, True),
        (5000, 600, False),
        (5000, 601, True),
        (100, 5000, False),  # known anew after it was taken away: counted from then
    ],
)
def test_a_job_is_late_after_its_allowed_seconds(
    known_for: int, done_ago: int | None, late: bool
) -> None:
    done = None if done_ago is None else NOON - timedelta(seconds=done_ago)
    since = NOON - timedelta(seconds=known_for)
    assert is_late(NOON, known_since=since, last_done=done, allowed=600) is late


def test_a_done_run_leaves_its_counts_and_times() -> None:
    with services.record_run("often") as counts:
        counts["delivered"] = 3
    run = JobRun.objects.get()
    assert (run.name, run.state, run.counts, run.error) == ("often", "done", {"delivered": 3}, "")
    assert run.finished_at is not None
    assert Job.objects.get().last_done_at is not None


def test_a_failed_run_is_recorded_without_personal_data_and_raised() -> None:
    @services.record_run("often")
    def work() -> None:
        raise ValueError("no such donor: anna@exempel.se")

    with pytest.raises(ValueError, match="anna"):
        work()
    run = JobRun.objects.get()
    assert run.state == "failed"
    assert run.error == "ValueError: no such donor: [removed]"
    assert Job.objects.count() == 0


def test_it_decorates_a_function_too() -> None:
    @services.record_run("often")
    def work() -> int:
        return 3

    assert [work(), work()] == [3, 3]
    assert JobRun.objects.filter(name="often", state="done").count() == 2


def test_a_fresh_installation_rings_no_alarm() -> None:
    tasks.watch()
    assert Alarm.objects.count() == 0
    assert JobRun.objects.get().counts == {"late": 0, "given_up": 0, "pruned": 0}
    assert set(Job.objects.values_list("name", flat=True)) >= {"often", "nightly"}


def test_a_job_that_never_ran_rings_when_its_first_time_has_passed() -> None:
    known("often", first_seen=timedelta(seconds=700))
    known("nightly", first_seen=timedelta(seconds=700))
    tasks.watch()
    assert list(Alarm.objects.values_list("code", "subject")) == [("job-late", "often")]


def test_an_alarm_rings_once_and_is_closed_when_the_job_has_run() -> None:
    known("often", first_seen=timedelta(days=9), done=timedelta(seconds=700))
    tasks.watch()
    tasks.watch()
    assert Alarm.objects.count() == 1
    with services.record_run("often"):
        pass
    tasks.watch()
    assert Alarm.objects.get().resolved_at is not None
    Job.objects.filter(name="often").update(last_done_at=clock.real_now() - timedelta(days=1))
    tasks.watch()
    assert Alarm.objects.filter(resolved_at=None).count() == 1
    assert Alarm.objects.count() == 2


def test_a_failed_run_does_not_count_as_run() -> None:
    known("often", first_seen=timedelta(days=9), done=timedelta(seconds=700))
    with pytest.raises(ZeroDivisionError), services.record_run("often"):
        1 / 0  # noqa: B018
    assert [job.name for job in queries.late_jobs(clock.real_now())] == ["often"]


def test_a_demo_that_was_off_counts_its_jobs_from_its_start() -> None:
    known("often", first_seen=timedelta(days=9), done=timedelta(hours=5))
    known("nightly", first_seen=timedelta(days=9), done=timedelta(days=2))
    tasks.watch()
    assert Alarm.objects.filter(resolved_at=None).count() == 2
    services.count_jobs_anew()
    tasks.watch()
    assert Alarm.objects.filter(resolved_at=None).count() == 0
    soon = clock.real_now() + timedelta(seconds=602)
    assert [job.name for job in queries.late_jobs(soon)] == ["often"]  # its clock never started


@pytest.mark.parametrize("mode", ["test", "live"])
def test_a_house_that_serves_people_rings_for_what_it_missed_while_off(
    mode: str, settings: Any
) -> None:
    known("often", first_seen=timedelta(days=9), done=timedelta(hours=5))
    settings.MODE = mode
    with pytest.raises(ValueError, match="only a demo"):
        services.count_jobs_anew()
    assert [job.name for job in queries.late_jobs(clock.real_now())] == ["often"]


def test_without_any_watch_the_lateness_is_counted_from_the_last_migration() -> None:
    now = clock.real_now()
    assert queries.late_jobs(now) == []
    later = {job.name for job in queries.late_jobs(now + timedelta(days=3000))}
    assert later == {"often", "nightly"}


def test_a_run_whose_process_was_killed_is_ended_by_the_watch() -> None:
    JobRun.objects.create(name="often", started_at=clock.real_now() - timedelta(hours=2, minutes=9))
    JobRun.objects.create(
        name="often", started_at=clock.real_now() - timedelta(hours=1, minutes=58)
    )
    tasks.watch()
    runs = JobRun.objects.filter(name="often").order_by("started_at")
    assert [(run.state, run.error) for run in runs] == [
        ("failed", "never finished: the process was ended"),
        ("running", ""),
    ]


def test_old_run_records_are_pruned() -> None:
    old = clock.real_now() - timedelta(days=31)
    JobRun.objects.create(name="often", state="done", started_at=old, finished_at=old)
    tasks.watch()
    assert JobRun.objects.filter(name="often").count() == 0


def test_a_new_alarm_calls_the_hook_once(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.ALARM_HOOK = "tests.jobs.test_jobs.hook"
    with django_capture_on_commit_callbacks(execute=True):
        assert services.raise_alarm("x", "y", "z") is True
        assert services.raise_alarm("x", "y", "z") is False
    assert [Alarm.objects.get().pk] == HOOKED


def test_the_stored_offset_moves_the_clock() -> None:
    clock.use(offset.stored)
    offset.forget()
    services.set_clock_offset(timedelta(days=30))
    ahead = clock.now() - clock.real_now()
    assert timedelta(days=29, hours=23) < ahead <= timedelta(days=30)
    services.set_clock_offset(timedelta(0))
    assert clock.now() - clock.real_now() <= timedelta(0)


def test_the_offset_is_read_once_a_second(django_assert_num_queries: Any) -> None:
    offset.forget()
    offset.stored()
    with django_assert_num_queries(0):
        offset.stored()


def test_live_mode_runs_on_real_time(settings: Any) -> None:
    settings.MODE = "live"
    with pytest.raises(ValueError, match="real time"):
        services.set_clock_offset(timedelta(days=1))
    assert offset._read() == timedelta(0)
