"""A worker that is killed while somebody else's server thinks."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest
from django.db import connections

from fundraise import clock
from fundraise.hooks import delivery, services
from fundraise.hooks.models import Delivery
from tests.hooks.receiver import Receiver
from tests.people import make_party

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]


def test_a_message_comes_again_under_its_id_after_a_killed_worker() -> None:
    with Receiver(holds=True) as receiver:
        made = services.make_endpoint(
            entity=make_party(), name="CRM", url=receiver.url, kinds=[], by="staff:1"
        )
        services.ping(made.endpoint, by="staff:1")
        connections.close_all()
        worker = os.fork()
        if worker == 0:
            delivery.deliver_due(clock.real_now(), most=1)
            os._exit(0)
        assert receiver.arrived.wait(30)
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        receiver.holds = False
        receiver.go_on.set()

        row: Any = Delivery.objects.get()
        assert (row.state, row.tries) == ("waiting", 1)
        assert delivery.deliver_due(clock.real_now(), most=1) == 0
        Delivery.objects.update(next_try_at=clock.real_now())
        assert delivery.deliver_due(clock.real_now(), most=1) == 1
        row.refresh_from_db()
        assert (row.state, row.tries) == ("delivered", 2)
        assert [one.headers["webhook-id"] for one in receiver.got] == [str(row.ref)] * 2
