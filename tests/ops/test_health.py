"""What monitoring is told, and what it is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.jobs.models import Job
from fundraise.ops import health
from fundraise.outbox.models import OutboxEvent

WELL = {
    "database": "ok",
    "migrations": "ok",
    "broker": "ok",
    "jobs": "ok",
    "outbox": "ok",
    "alarms": "ok",
}


@pytest.fixture(autouse=True)
def house(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "fundraise.ops.urls"
    settings.JOBS = {"often": ("a.b", 60, 600)}
    monkeypatch.setitem(health.CHECKS, "broker", lambda: True)


def fail(*_args: Any) -> bool:
    raise OperationalError('connection to "10.0.0.7" failed: password of "fundraise_app"')


def test_the_process_answers_without_asking_the_database(client: Client) -> None:
    answer = client.get("/healthz")  # no django_db mark: a query would raise
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_house_in_order_is_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": WELL}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["database", "migrations"])
def test_without_the_database_it_is_not_ready_and_tells_no_details(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(health.CHECKS, name, fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "failed", "checks": {**WELL, name: "failed"}}


@pytest.mark.django_db
def test_a_migration_not_applied_yet_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(health.CHECKS, "migrations", lambda: False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "late")


@pytest.mark.django_db
def test_without_the_broker_pages_are_still_answered(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(health.CHECKS, "broker", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "checks": {**WELL, "broker": "failed"}}


@pytest.mark.django_db
def test_a_late_job_degrades(client: Client) -> None:
    Job.objects.create(name="often", first_seen_at=clock.real_now() - timedelta(minutes=11))
    assert client.get("/readyz").json() == {
        "status": "degraded",
        "checks": {**WELL, "jobs": "late"},
    }


@pytest.mark.django_db
def test_an_open_alarm_degrades(client: Client) -> None:
    jobs.raise_alarm("outbox-failed", "x", "y")
    assert client.get("/readyz").json()["checks"] == {**WELL, "alarms": "late"}
    jobs.resolve_alarms("outbox-failed")
    assert client.get("/readyz").json()["status"] == "ok"


@pytest.mark.django_db
def test_an_outbox_that_waits_degrades(client: Client) -> None:
    then = clock.real_now() - timedelta(minutes=11)
    OutboxEvent.objects.create(
        kind="x", subject_id=1, subscriber="y", created_at=then, next_try_at=then
    )
    assert client.get("/readyz").json()["checks"] == {**WELL, "outbox": "late"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_asking_by_post_is_refused(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
