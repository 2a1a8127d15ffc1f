"""Long work: done once, with progress, stopped by who asked, taken up when a process dies."""

from __future__ import annotations

import threading
from datetime import timedelta
from threading import Event
from typing import Any, cast

import pytest
from django.db import OperationalError

from fundraise import clock
from fundraise.jobs import holding, tasks, work
from fundraise.jobs.models import Work
from fundraise.jobs.work import Pace, WorkError

pytestmark = pytest.mark.django_db
SEEN: list[Any] = []
PLACE = "/staff/exports/"


def count(arguments: dict[str, Any], pace: Pace) -> None:
    """Work that counts, and does on the way what its arguments say."""
    SEEN.append(arguments)
    pace.step(0, 10)
    if arguments.get("fail") == "said":
        raise WorkError("no_right")
    if arguments.get("fail"):
        raise RuntimeError("anna@example.se")
    if arguments.get("stop"):
        work.ask_to_stop(Work.objects.get(), by="staff:1")
    pace.step(10, 10)
    SEEN.append("whole")


@pytest.fixture(autouse=True)
def one_kind(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WORK = {"count": "the.kind"}
    monkeypatch.setattr(work, "import_string", {"the.kind": count}.__getitem__)
    SEEN.clear()


def begun(**arguments: Any) -> Work:
    return work.begin("count", by="staff:1", arguments=arguments, place=PLACE)


def test_work_is_done_once_and_says_how_far_it_came() -> None:
    row = begun()

    work.run(row.pk)
    work.run(row.pk)

    row.refresh_from_db()
    assert (row.state, row.done, row.total, row.percent, row.tries) == ("done", 10, 10, 100, 1)
    assert SEEN == [{}, "whole"]
    assert row.leased_until is None


@pytest.mark.parametrize(("how", "code"), [("said", "no_right"), ("otherwise", "broken")])
def test_work_that_can_not_be_done_ends_with_a_code_and_no_words(how: str, code: str) -> None:
    row = begun(fail=how)

    work.run(row.pk)

    row.refresh_from_db()
    assert (row.state, row.code, "whole" in SEEN) == ("failed", code, False)


def test_who_asked_stops_it_at_the_next_step_and_nobody_else_does() -> None:
    row = begun(stop=True)
    assert work.ask_to_stop(row, by="staff:2") is False

    work.run(row.pk)

    row.refresh_from_db()
    assert (row.state, "whole" in SEEN) == ("stopped", False)
    assert work.ask_to_stop(row, by="staff:1") is False


def test_work_that_waits_is_stopped_at_once() -> None:
    row = begun()

    assert work.ask_to_stop(row, by="staff:1") is True
    work.run(row.pk)

    row.refresh_from_db()
    assert (row.state, SEEN) == ("stopped", [])


def test_worker_that_lost_its_lease_leaves_the_work_to_the_other() -> None:
    row = begun()
    work._claim(row.pk)
    first = Pace(Work.objects.get())
    Work.objects.update(leased_until=clock.real_now() - timedelta(seconds=1))
    second = work._claim(row.pk)

    assert second is not None
    with pytest.raises(work.TakenOver):
        first.step(5, 10)
    assert first.end("done") is False
    assert Work.objects.get().state == "running"


def test_sweep_takes_up_what_lost_its_worker_and_gives_up_after_three(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[int] = []
    monkeypatch.setattr(work, "queue", told.append)
    past = clock.real_now() - timedelta(seconds=1)
    again, fresh, over = begun(), begun(), begun()
    Work.objects.filter(pk=again.pk).update(state="running", tries=1, leased_until=past)
    Work.objects.filter(pk=over.pk).update(state="running", tries=3, leased_until=past)

    tasks.sweep_work()

    assert told == [again.pk]
    over.refresh_from_db()
    assert (over.state, over.code) == ("failed", "lost")
    assert Work.objects.get(pk=fresh.pk).state == "waiting"


def test_first_page_shows_ones_own_until_it_is_seen_to() -> None:
    mine = begun()
    other = work.begin("count", by="staff:2", arguments={}, place=PLACE)
    work.run(mine.pk)

    assert [row.pk for row in work.to_show("staff:1")] == [mine.pk]
    work.see(mine, by="staff:2")
    assert [row.pk for row in work.to_show("staff:1")] == [mine.pk]
    work.see(mine, by="staff:1")
    assert work.to_show("staff:1") == []
    assert [row.pk for row in work.to_show("staff:2")] == [other.pk]


def test_what_may_run_once_is_refused_by_the_database_while_it_runs(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[int] = []
    monkeypatch.setattr(work, "queue", told.append)

    def asked(**arguments: Any) -> Work | None:
        with django_capture_on_commit_callbacks(execute=True):
            return work.begin_once("count", by="staff:1", arguments=arguments, place=PLACE)

    first, other = asked(month=1, year=2026), asked(month=2, year=2026)
    assert first is not None
    assert other is not None
    assert told == [first.pk, other.pk]
    work._claim(first.pk)
    assert asked(year=2026, month=1) is None, "the same in another order"
    assert told == [first.pk, other.pk], "a worker has it"
    Work.objects.update(leased_until=clock.real_now() - timedelta(seconds=1))
    assert asked(month=1, year=2026) is None
    assert told[2:] == [first.pk], "its worker is gone: another is told"
    work.run(first.pk)
    assert asked(month=1, year=2026) is not None
    assert begun(month=1).pk != begun(month=1).pk, "what is not asked for once may be twice"


class Beats:
    """A pace that is renewed; the first time the database is away."""

    def __init__(self) -> None:
        self.number, self.three = 0, Event()

    def renew(self) -> None:
        self.number += 1
        if self.number == 1:
            raise OperationalError("gone")
        if self.number == 3:
            self.three.set()


def test_work_that_can_not_step_is_held_until_it_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "EVERY", 0.001)
    pace = Beats()
    with holding.held(cast(Pace, pace)):
        assert pace.three.wait(60)
    assert [one for one in threading.enumerate() if one.name == "work-lease"] == []
    row = begun()
    work._claim(row.pk)
    Work.objects.update(leased_until=clock.real_now() - timedelta(seconds=1))
    Pace(Work.objects.get()).renew()
    assert work._claim(row.pk) is None, "it is held again"
