from __future__ import annotations

import signal
import stat
from pathlib import Path

import psutil
from celery import Celery

from fundraise.local import processes
from fundraise.local.valkey import Valkey
from tests.local.conftest import PYTHON, Launch, read_until

KILLED = """
import os, signal, sys
from pathlib import Path
from fundraise.local.valkey import Valkey
broker = Valkey(Path(sys.argv[1]))
assert broker.ensure()
broker.client().rpush("queue", "a task")
os.kill(os.getpid(), signal.SIGKILL)
"""
APPLICATION = """
from celery import Celery
app = Celery("letters", broker={url!r})
@app.task(name="say")
def say(word):
    print("heard " + word, flush=True)
app.worker_main(["worker", "--pool=solo", "--loglevel=WARNING", "--without-mingle"])
"""


def pid_of(valkey: Valkey) -> int:
    return int((valkey.home / "valkey.pid").read_text())


def application_of(url: str) -> Celery:
    """Not the current one: the service's own tasks would go to it for the rest of the process."""
    return Celery(broker=url, set_as_current=False)


def test_the_last_to_leave_stops_the_broker(valkey: Valkey) -> None:
    second = Valkey(valkey.home)
    assert valkey.ensure() is True
    assert second.ensure() is False
    pid = pid_of(valkey)
    assert valkey.leave() is False
    assert second.leave() is True
    assert not psutil.pid_exists(pid)


def test_a_broker_left_by_a_killed_process_is_taken_over(valkey: Valkey, launch: Launch) -> None:
    assert launch(PYTHON, "-c", KILLED, valkey.home).wait(300) == -signal.SIGKILL
    left = pid_of(valkey)
    assert valkey.ensure() is False
    assert valkey.client().lrange("queue", 0, -1) == [b"a task"]
    valkey.stop()
    assert not psutil.pid_exists(left)


def test_a_queued_task_survives_a_stop(valkey: Valkey) -> None:
    valkey.ensure()
    application_of(valkey.url()).send_task("say", ["hej"], queue="letters")
    valkey.stop()
    assert valkey.ensure() is True
    assert valkey.client().llen("letters") == 1


def test_a_killed_broker_starts_again(valkey: Valkey) -> None:
    valkey.ensure()
    psutil.Process(pid_of(valkey)).kill()
    processes.wait_until(lambda: not valkey.answers(), 300)
    assert valkey.ensure() is True


def test_it_answers_on_a_private_socket_and_no_port(valkey: Valkey) -> None:
    valkey.ensure()
    assert stat.S_IMODE(valkey.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(valkey.socket.parent.stat().st_mode) == 0o700
    assert psutil.Process(pid_of(valkey)).net_connections(kind="inet") == []


def test_celery_works_over_the_socket(valkey: Valkey, launch: Launch, tmp_path: Path) -> None:
    valkey.ensure()
    worker = launch(PYTHON, "-c", APPLICATION.format(url=valkey.url(3)))
    application = application_of(valkey.url(3))
    application.send_task("say", ["genast"])
    application.send_task("say", ["senare"], countdown=0.5)
    assert "heard genast" in read_until(worker, "heard senare")
    assert application.control.inspect(timeout=3).ping()
    assert valkey.client(0).dbsize() == 0
