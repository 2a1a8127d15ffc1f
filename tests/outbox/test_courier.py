"""A broker that is away holds nobody up."""

from __future__ import annotations

import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from typing import Any, cast

import pytest

from fundraise.outbox import courier


class Task:
    """Stands for a Celery task."""

    name = "send"

    def __init__(self) -> None:
        self.published: list[tuple[object, ...]] = []
        self.go_on = threading.Event()

    def apply_async(self, args: Any = None, **options: Any) -> None:
        assert options == {"retry": False}
        self.published.append(args)
        if args == ("slow",):
            self.go_on.wait(60)
        if args == ("broken",):
            raise OSError("connection refused")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(courier, "LONGEST_WAIT", 60)  # a busy machine is no broker that is away
    courier.forget()
    yield
    courier.forget()


def test_a_task_is_queued_before_the_caller_goes_on() -> None:
    task = Task()
    assert courier.send(cast(Any, task), [1, 2]) is True
    assert task.published == [([1, 2],)]


def test_after_a_failure_nothing_is_tried_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task()
    assert courier.send(cast(Any, task), "broken") is False
    assert courier.send(cast(Any, task), "fine") is False
    assert task.published == [("broken",)]
    monkeypatch.setattr(courier._Broker, "away_until", time.monotonic())
    assert courier.send(cast(Any, task), "fine") is True


def test_a_silent_broker_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task()
    monkeypatch.setattr(courier, "LONGEST_WAIT", 0.1)
    assert courier.send(cast(Any, task), "slow") is False
    monkeypatch.setattr(courier, "LONGEST_WAIT", None)  # whoever waits now, waits to its end
    monkeypatch.setattr(courier._Broker, "away_until", time.monotonic())
    assert courier.send(cast(Any, task), "fine") is False
    stuck = courier._Broker.stuck
    assert stuck is not None
    assert not stuck.done()  # it still hangs, and was not waited for again
    task.go_on.set()
    courier._Broker.thread.submit(int).result(60)
    monkeypatch.setattr(courier._Broker, "away_until", time.monotonic())
    assert courier.send(cast(Any, task), "fine") is True
    assert task.published == [("slow",), ("fine",)]


@pytest.mark.serial
@pytest.mark.parametrize("answers", [False, True])
def test_a_real_publish_to_a_broker_that_is_away_is_waited_for_a_moment_at_most(
    answers: bool,
) -> None:
    """In a process of its own, with the real settings: closed port, and open but silent."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if answers:
            listener.listen(5)
        script = f"""
            import os
            from concurrent.futures import Future
            os.environ["BROKER_URL"] = "redis://127.0.0.1:{listener.getsockname()[1]}/0"
            import django; django.setup()
            from fundraise.outbox import courier, tasks
            waits, result = [], Future.result
            Future.result = lambda self, most: waits.append(most) or result(self, most)
            sent = courier.send(tasks.deliver, [1])
            print(sent, *waits, flush=True)
            os._exit(0)
        """
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script)],
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
    assert done.stdout.split() == ["False", "1.5"]
