"""What the hourly work does, and what rings when it can't."""

from __future__ import annotations

from datetime import date
from typing import Any

from fundraise import bankdays, clock
from fundraise.jobs.models import Alarm, JobRun
from fundraise.pledges import tasks
from fundraise.pledges.models import Instalment, Notice, Pledge
from fundraise.pledges.services import days, planning
from tests.pledging import House


def test_an_hour_plans_and_leaves_a_record_and_the_next_does_nothing(house: House) -> None:
    house.sign_up()
    tasks.work()
    tasks.work()
    planned = [run.counts["planned"] for run in JobRun.objects.order_by("pk")]
    assert planned == [2, 0]


def test_a_step_that_fails_rings_and_the_others_go_on(house: House, monkeypatch: Any) -> None:
    house.sign_up()
    with monkeypatch.context() as patch:
        patch.setattr(planning, "announce_due", _fails)
        assert days.work()["planned"] == 2
    open_alarms = Alarm.objects.filter(resolved_at=None)
    assert list(open_alarms.values_list("code", "subject")) == [("pledge-work-failed", "announced")]
    days.work()
    assert not open_alarms.all().exists()


def test_one_bad_row_holds_up_nobody_behind_it_and_rings_until_it_is_mended(
    house: House, monkeypatch: Any
) -> None:
    first, second = house.sign_up(), house.sign_up()
    due = planning._due

    def faulty(pledge: Pledge, period: date) -> date:
        if pledge.pk == first.pk:
            raise ValueError("anna@example.se")
        return due(pledge, period)

    with monkeypatch.context() as patch:
        patch.setattr(planning, "_to_plan", lambda _until: [first.pk, second.pk])
        patch.setattr(planning, "_due", faulty)
        days.work()
    assert set(Instalment.objects.values_list("pledge", flat=True)) == {second.pk}
    alarm = Alarm.objects.get(resolved_at=None)
    assert (alarm.code, alarm.subject) == ("pledge-work-failed", "planned")
    assert alarm.text.startswith("1 failed beside 1 done: ValueError: ")
    assert "anna" not in alarm.text
    days.work()
    assert set(Instalment.objects.values_list("pledge", flat=True)) == {first.pk, second.pk}
    assert not Alarm.objects.filter(resolved_at=None).exists()


def _fails(_today: date) -> int:
    raise RuntimeError


def test_a_draw_that_nobody_was_told_of_is_left_out_and_rings(house: House) -> None:
    pledge = house.active()
    Notice.objects.update(sent_at=None)
    row = pledge.instalments.order_by("due_on")[0]
    house.go_to(bankdays.add(row.due_on, -1), hour=20)
    days.work()
    row.refresh_from_db()
    assert (row.state, row.reason) == (Instalment.State.CANCELLED, "not_told")
    alarm = Alarm.objects.get(resolved_at=None)
    assert (alarm.code, alarm.subject) == ("pledge-not-drawn", "not_told")
    house.go_to(date(2026, 12, 3))
    days.work()
    assert clock.today() > row.due_on
    assert not Alarm.objects.filter(resolved_at=None).exists()
