"""An appeal is sent while everything fails: workers are killed, the broker restarts, the database
cuts its connections, the sender loses answers. Afterwards the sender's own tally says who got it.

`CHAOS_PEOPLE` sets the size (25 000 in `make prove`, where the database server itself restarts:
in `make test` other tests share it).
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections

from fundraise import clock
from fundraise.celery import app
from fundraise.jobs.models import Alarm
from fundraise.ops.bench import asked
from mailings.appeals import proofs, queries
from mailings.appeals.models import Appeal, Batch, Message
from mailings.appeals.services import finishing, pausing, settling
from tests import servers
from tests.ports import free_port
from tests.sendgrid_stand_in import SendGridStandIn
from tests.whole import Whole, whole_service

pytestmark = [pytest.mark.serial, pytest.mark.enable_socket]

FULL = os.environ.get("SCALE") == "full"
PEOPLE = int(os.environ.get("CHAOS_PEOPLE", "100"))
SEED = int(os.environ.get("CHAOS_SEED", "7"))
LOST, BEFORE = 0.05, 0.03  # of requests: taken and the answer cut, cut before anything was taken
IN_A_REQUEST = max(2, PEOPLE // 250)
DEATHS, CUTS = (12, 4) if PEOPLE > 1000 else (2, 1)
SECONDS = 120 + PEOPLE / 15
ASKED_EVERY = 0.7
State = Batch.State


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def sendgrid(port: int) -> Iterator[SendGridStandIn]:
    with SendGridStandIn(f"http://127.0.0.1:{port}/webhooks/sendgrid/demo") as stand_in:
        yield stand_in


@pytest.fixture
def whole(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path: Path,
    sendgrid: SendGridStandIn,
    port: int,
) -> Iterator[Whole]:
    more = {
        "APPEAL_SENDER": "sendgrid",
        "SENDGRID_HOST": sendgrid.address,
        "SENDGRID_API_KEY": sendgrid.api_key,
        "SENDGRID_PEOPLE": str(IN_A_REQUEST),
        "SENDGRID_WEBHOOK_PUBLIC_KEY": sendgrid.public_key,
        "APPEAL_NEXT_WAVE_MINUTES": "0",
        "APPEAL_STOP_BOUNCES": "10000",
    }
    with django_db_blocker.unblock(), whole_service(tmp_path, more, port) as service:
        yield service


class Storm:
    """What goes wrong while the appeal is sent, in an order that the seed draws."""

    def __init__(self, whole: Whole, appeal: Appeal) -> None:
        self.whole, self.appeal = whole, appeal
        self.dice = random.Random(SEED)
        self.deaths: list[str] = ["worker"] * DEATHS + ["database"] * CUTS + ["broker"] * CUTS
        self.dice.shuffle(self.deaths)
        self.born = clock.real_now()
        self.asked = 0.0

    def strike(self) -> None:
        """The next one of all."""
        what = self.deaths.pop()
        if what == "worker":
            self.whole.kill("worker")
            self.whole.start_worker()
        elif what == "broker":
            self.whole.valkey.stop()
            time.sleep(self.dice.uniform(0.2, 1))
            self.whole.valkey.ensure()
        elif FULL:
            restart()
        else:
            cut_off(self.whole.database)
        self.born = clock.real_now()

    def ask(self) -> None:
        """What beat does: the watch is queued; a broker that is away is asked again later."""
        if time.monotonic() < self.asked + ASKED_EVERY:
            return
        self.asked = time.monotonic()
        try:
            with app.connection_for_write(self.whole.valkey.url()) as broker:
                app.send_task(
                    "mailings.appeals.tasks.watch", connection=broker, queue="appeals", retry=False
                )
        except Exception:  # noqa: S110 - it is away: that is what is tried here
            pass

    def supervise(self) -> None:
        """Start a worker that has ended anew, as systemd and the runner do: Celery's gives up at
        times when its broker goes away under it."""
        if self.whole.processes["worker"].poll() is not None:
            self.whole.processes.pop("worker")
            self.whole.start_worker()
            self.born = clock.real_now()

    def free_what_the_dead_held(self) -> None:
        """As if the leases from before the last strike had run out; later ones stand."""
        dead = Batch.objects.filter(state=State.POSTING, posted_at__lt=self.born)
        dead.update(lease_until=clock.real_now() - timedelta(seconds=1))


def cut_off(database: str) -> None:
    """The database ends every connection and lets nobody in for a moment, as at a restart."""
    with psycopg.connect(os.environ["TEST_OWNER_URL"], autocommit=True) as owner:
        owner.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database]
        )
        time.sleep(0.7)
        owner.execute(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS true')
    connections.close_all()


def restart() -> None:
    """The database server stops, whoever is in the middle of something, and starts again."""
    server = servers.server()
    server.stop()
    time.sleep(0.7)
    connections.close_all()
    server.ensure()
    server.leave()  # the suite has a share of its own in it


def moved(appeal: Appeal) -> int:
    """How many batches are past waiting."""
    waiting = [State.HELD, State.READY]
    return Batch.objects.filter(appeal=appeal).exclude(state__in=waiting).count()


def ride_out(storm: Storm, whole: Whole) -> None:
    """Strike again and again while it is prepared and sent, then let it settle."""
    until, next_at = time.monotonic() + SECONDS, 0
    apart = PEOPLE // IN_A_REQUEST // (len(storm.deaths) + 2)
    while time.monotonic() < until:
        storm.supervise()
        storm.ask()
        time.sleep(storm.dice.uniform(0.05, 0.3))
        try:
            now = moved(storm.appeal)
            if storm.deaths and (now >= next_at or not unsettled(storm.appeal)):
                next_at = now + apart
                storm.strike()
            storm.free_what_the_dead_held()
            go_on(storm.appeal)
            if not storm.deaths and not unsettled(storm.appeal):
                return
        except DatabaseError:
            connections.close_all()


def go_on(appeal: Appeal) -> None:
    """Staff let it go on when refusals have paused it."""
    appeal.refresh_from_db()
    if appeal.state == Appeal.State.PAUSED:
        pausing.resume(appeal.ref, by="staff:1")


def unsettled(appeal: Appeal) -> int:
    """Batches that are not at an end or in doubt, or people not prepared."""
    rows = Batch.objects.filter(appeal=appeal)
    waiting = rows.filter(state__in=[State.HELD, State.READY, State.POSTING]).count()
    return waiting + queries.balance(appeal).unprepared


def settle_doubts(sendgrid: SendGridStandIn, appeal: Appeal) -> int:
    """A person looks into the sender's log and says of each whether it left. How many."""
    taken = sendgrid.tally("m")["accepted"]
    settled = 0
    for batch in queries.in_doubt(appeal):
        people = list(queries.people_in(batch))
        assert len(people) == batch.sent  # every case is listed by name
        left = {message.token in taken for message in people}
        assert len(left) == 1  # one request is taken whole or not at all
        settled += settling.settle_by_hand(batch.pk, left=left.pop(), by="staff:1", why="loggen")
    return settled


def test_an_appeal_survives_everything_with_nobody_twice_and_nobody_missed(
    whole: Whole, sendgrid: SendGridStandIn
) -> None:
    sendgrid.knobs(fault_shares={"lose": LOST, "lose_before": BEFORE}, delay_factor=0)
    appeal = asked.make_appeal(asked.make_people(PEOPLE))
    storm = Storm(whole, appeal)
    ride_out(storm, whole)
    assert storm.deaths == []
    doubts = queries.in_doubt(appeal).count()
    if doubts:
        assert Alarm.objects.filter(code="appeal-in-doubt", resolved_at=None).exists()

    sendgrid.knobs(fault_shares={})
    sendgrid.wait()
    until = time.monotonic() + 10  # what was taken is known by its events
    while time.monotonic() < until and queries.in_doubt(appeal).exists():
        storm.supervise()
        storm.ask()
        time.sleep(0.5)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and not is_finished(appeal):
        settle_doubts(sendgrid, appeal)
        storm.supervise()
        storm.ask()
        time.sleep(0.5)
        storm.free_what_the_dead_held()
        go_on(appeal)

    appeal.refresh_from_db()
    assert appeal.state == Appeal.State.FINISHED
    told(appeal, doubts)
    prove(appeal, sendgrid)


def is_finished(appeal: Appeal) -> bool:
    """Whether it is now, or a worker's watch came first."""
    finishing.finish(appeal.pk)
    return Appeal.objects.filter(pk=appeal.pk, state=Appeal.State.FINISHED).exists()


def told(appeal: Appeal, doubts: int) -> None:
    """For whoever reads the figures: how doubts ended."""
    ends = Counter(Batch.objects.filter(appeal=appeal).values_list("state", "settled_by"))
    print(f"{appeal.frozen} people, {doubts} doubts at the end of the storm, {dict(ends)}")  # noqa: T201


def prove(appeal: Appeal, sendgrid: SendGridStandIn) -> None:
    """The sender's tally against our rows: everybody exactly once, or named."""
    messages = list(Message.objects.filter(appeal=appeal))
    meant = {message.token for message in messages if not message.outcome}
    accepted = sendgrid.tally("m")["accepted"]
    assert Counter(accepted.values()) == {1: len(meant)}
    assert set(accepted) == meant
    assert len(messages) == appeal.frozen
    left_out = queries.left_out(appeal)
    assert set(left_out) <= {"shared", "no_address", "refused"}
    assert len(meant) + sum(left_out.values()) == appeal.frozen
    assert [check.actual for check in proofs.checks()] == [0] * 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM appeals_batch WHERE state = 'in_doubt'")
        assert cursor.fetchone()[0] == 0
    assert settings.APPEAL_SENDER != "sendgrid"  # nobody but the workers has sent
