"""Workers that die in the middle, and two who work at once: the end is the same."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from donors.importing import running, services, world, writing
from donors.models import ContactPoint, Donor, ImportRow, ImportRun
from fundraise import clock
from fundraise.audit.models import ChangeLine
from tests.donors.importing.lists import DAVID, MEMBERS, checked, csv_of
from tests.killing import die, in_a_process_that_dies

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]
MEMBERS_LIST = csv_of(*(f"Person {n};p{n}@example.se;;;;;;tagg" for n in range(30)))


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PART", 10)
    monkeypatch.setattr("donors.importing.services._queue", lambda _run: None)


def begun() -> ImportRun:
    run = checked(MEMBERS_LIST)
    services.begin(run=run, by=DAVID)
    return run


def dies_in_part(number: int, monkeypatch: pytest.MonkeyPatch, run: ImportRun) -> None:
    """A worker that dies after it wrote a part's donors, and before the part stands."""
    made, real = [0], writing.write

    def write(*args: object, **options: object) -> list[ImportRow]:
        rows = real(*args, **options)  # type: ignore[arg-type]
        made[0] += 1
        if made[0] == number:
            die()
        return rows

    with monkeypatch.context() as patched:
        patched.setattr(running, "write", write)
        in_a_process_that_dies(lambda: running.work(run.pk))


def the_lease_runs_out(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(lease_until=clock.real_now())


def assert_all_is_there_once(run: ImportRun) -> None:
    run.refresh_from_db()
    assert (run.state, run.counts["created"], run.rows_done) == ("done", 30, 30)
    assert (Donor.objects.count(), ContactPoint.objects.count()) == (30, 30)
    assert ImportRow.objects.filter(run=run).count() == 30
    assert ChangeLine.objects.filter(action="donor.registered").count() == 30


def test_a_worker_killed_in_a_part_leaves_whole_parts_and_the_next_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = begun()
    dies_in_part(2, monkeypatch, run)
    run.refresh_from_db()
    assert (run.state, run.rows_done, Donor.objects.count()) == ("importing", 10, 10)
    assert running.work(run.pk) is False  # the dead one's lease still holds
    the_lease_runs_out(run)
    assert running.due() == [run.pk]
    assert running.work(run.pk) is True
    assert_all_is_there_once(run)


def test_a_dry_run_that_was_killed_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    run = services.upload(MEMBERS_LIST, by=DAVID)
    services.check(run=run, columns=run.columns, terms=MEMBERS, by=DAVID)
    real = world.entry_of
    seen = [0]

    def entry_of(row: object) -> object:
        seen[0] += 1
        if seen[0] == 25:
            die()
        return real(row)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(running, "entry_of", entry_of)
        in_a_process_that_dies(lambda: running.work(run.pk))
    run.refresh_from_db()
    assert (run.state, run.rows_done, ImportRow.objects.count()) == ("checking", 20, 20)
    the_lease_runs_out(run)
    assert running.work(run.pk) is True
    run.refresh_from_db()
    assert (run.state, run.counts["created"], Donor.objects.count()) == ("checked", 30, 0)


def test_the_same_list_in_two_imports_at_once_makes_everybody_once() -> None:
    runs = [begun(), begun()]
    start = threading.Barrier(2)

    def work(run: ImportRun) -> None:
        start.wait()
        try:
            running.work(run.pk)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(run,)) for run in runs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for run in runs:
        run.refresh_from_db()
    assert {run.state for run in runs} == {"done"}
    assert sum(run.counts["created"] for run in runs) == 30
    assert sum(run.counts["unchanged"] for run in runs) == 30
    assert Donor.objects.count() == 30


def test_two_workers_on_one_import_write_it_once() -> None:
    run = begun()
    start = threading.Barrier(2)
    ended: list[bool] = []

    def work() -> None:
        start.wait()
        try:
            the_lease_runs_out(run)
            ended.append(running.work(run.pk))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    the_lease_runs_out(run)
    if not any(ended):
        running.work(run.pk)
    assert_all_is_there_once(run)


def test_an_import_stopped_in_the_middle_keeps_what_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = begun()
    dies_in_part(2, monkeypatch, run)
    assert services.cancel(run=run, by=DAVID) is True
    the_lease_runs_out(run)
    assert (running.work(run.pk), running.due()) == (False, [])
    run.refresh_from_db()
    assert (run.state, run.rows_done, Donor.objects.count()) == ("cancelled", 10, 10)


def test_a_part_that_fails_again_and_again_is_given_up_with_an_alarm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from fundraise.jobs.models import Alarm

    def broken(*_args: object, **_options: object) -> list[ImportRow]:
        raise RuntimeError("no luck")

    run = begun()
    monkeypatch.setattr(running, "write", broken)
    for _ in range(running.MOST_TRIES):
        the_lease_runs_out(run)
        running.work(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error, Donor.objects.count()) == ("failed", "gave_up", 0)
    assert Alarm.objects.get().code == "import-failed"
