"""/metrics: behind a key, with sums and ages and no person, added up over processes."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.jobs.models import Job
from fundraise.ops.metrics import hooks, house, views
from fundraise.outbox.models import OutboxEvent
from mailings import transactional
from tests.donors.test_secrecy import PLANTED, plant
from tests.ops.books import make_books

KEY = "a-key-of-monitoring"
Told = dict[tuple[str, ...], float]


@pytest.fixture
def asked(client: Client, settings: Any) -> Any:
    settings.METRICS_KEY = KEY
    return lambda: client.get("/metrics", headers={"Authorization": f"Bearer {KEY}"})


def read(text: str) -> Told:
    found: Told = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            found[(one.name, *(value for _label, value in sorted(one.labels.items())))] = one.value
    return found


@pytest.mark.django_db
def test_without_a_key_there_is_nothing_and_a_wrong_one_is_refused(
    client: Client, settings: Any
) -> None:
    settings.METRICS_KEY = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_KEY = KEY
    for header in ("", "Bearer ", "Bearer wrong", f"Basic {KEY}", KEY, "Bearer nyckeln-är-å"):
        answer = client.get("/metrics", headers={"Authorization": header})
        assert (answer.status_code, answer.content) == (401, b"")
    answer = client.post("/metrics", headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == 405


@pytest.mark.django_db
def test_the_house_is_told_in_sums_and_ages(asked: Any) -> None:
    make_books()
    jobs.raise_alarm("books-differ", "one", "text")
    transactional.prepare(
        "receipt", "r-1", to="a@example.se", language="sv", subject="s", html="h", text="t"
    )
    early = clock.real_now() - timedelta(minutes=5)
    Job.objects.create(name="mail-sweep", first_seen_at=early, last_done_at=early)
    OutboxEvent.objects.update(next_try_at=early, state="new")
    answer = asked()
    told = read(answer.content.decode())
    assert answer["Content-Type"].startswith("text/plain")
    assert told["fundraise_campaign_received_ore", "valet"] == 1_220_00
    assert told["fundraise_campaign_gifts", "valet"] == 5
    assert told["fundraise_alarms_open", "books-differ"] == 1
    assert told["fundraise_mails", "prepared"] == 1
    assert told["fundraise_provider_messages", "failed"] == 0
    assert 290 < told["fundraise_outbox_oldest_seconds",] < 400
    assert 290 < told["fundraise_job_done_seconds", "mail-sweep"] < 400
    assert told["fundraise_job_late", "mail-sweep"] == 0
    assert (told["fundraise_database_up",], told["fundraise_house_open",]) == (1, 1)


@pytest.mark.django_db
def test_requests_are_counted_by_route_and_never_by_address(asked: Any, client: Client) -> None:
    def seen(route: str, status: str) -> float:
        return read(asked().content.decode()).get(
            ("fundraise_requests_total", "GET", route, status), 0.0
        )

    before = seen("healthz", "200"), seen("early", "404") + seen("unnamed", "404")
    secret = "3f2a9c1e-0000-4000-8000-123456789abc"
    client.get("/healthz?token=hemligt")
    client.get(f"/gava/{secret}/")
    client.generic("BREW", "/healthz")
    text = asked().content.decode()
    told = read(text)
    assert seen("healthz", "200") == before[0] + 1
    assert told["fundraise_requests_total", "GET", "give:gift_sv", "404"] >= 1
    assert told["fundraise_requests_total", "other", "healthz", "405"] >= 1
    assert told["fundraise_request_seconds_count", "healthz"] >= 2
    assert (secret in text, "hemligt" in text) == (False, False)


@pytest.mark.django_db
def test_no_person_is_in_the_figures(asked: Any) -> None:
    plant()
    make_books()
    text = asked().content.decode()
    assert [word for word in PLANTED if word in text] == []
    assert "giver1@example.org" not in text


@pytest.mark.django_db
def test_a_database_that_is_away_is_a_figure(asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(house, "_work", away)
    told = read(asked().content.decode())
    assert told["fundraise_database_up",] == 0
    assert ("fundraise_house_open",) not in told


COUNT = """
from fundraise.ops.metrics.requests import REQUESTS
REQUESTS.labels("give:page", "GET", "200").inc({number})
"""


def test_the_counts_of_several_processes_are_added_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = hooks.emptied(tmp_path / "counts")
    (folder / "counter_1.db").write_bytes(b"old")
    assert list(hooks.emptied(folder).iterdir()) == []
    monkeypatch.setenv(hooks.VARIABLE, str(folder))
    for number in (2, 3):
        code = COUNT.format(number=number)
        subprocess.run([sys.executable, "-c", code], check=True, env=dict(os.environ))
    told = read(views._requests().decode())
    assert told["fundraise_requests_total", "GET", "give:page", "200"] == 5


def test_the_folder_is_named_by_the_environment_or_lies_with_the_data(tmp_path: Path) -> None:
    assert hooks.folder_of({}) is None
    assert hooks.folder_of({"FUNDRAISE_DATA_DIR": "/d"}) == Path("/d/run/metrics")
    both = {"FUNDRAISE_DATA_DIR": "/d", hooks.VARIABLE: "/run/counts"}
    assert hooks.folder_of(both) == Path("/run/counts")
