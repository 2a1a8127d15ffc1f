"""The whole service as it runs for people: gunicorn, a worker, the broker and the stand-in, with a
database of their own. For tests that kill parts of it, and for the journey in a real browser.
"""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from fundraise.local import service
from fundraise.local.valkey import Valkey
from tests import servers
from tests.ports import free_port
from tests.stripe_stand_in import API_KEY, WEBHOOK_SECRET, StripeStandIn

KEY = "t1:" + base64.b64encode(b"k" * 32).decode()


@dataclass
class Whole:
    """A running service. `folder` holds its mails, logs and everything it writes."""

    folder: Path
    database: str
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)  # settings of the test's own

    def __post_init__(self) -> None:
        self.address = f"http://127.0.0.1:{self.port}"
        self.valkey = Valkey(self.folder / "valkey")
        self.stand_in = StripeStandIn(f"{self.address}/webhooks/stripe/demo")

    def start(self) -> None:
        self.valkey.ensure()
        self.stand_in.start()
        self.start_web()
        self.start_worker()

    def stop(self) -> None:
        for name in list(self.processes):
            self.kill(name)
        self.stand_in.stop()
        self.valkey.stop()

    def start_web(self) -> None:
        self._spawn("web", service.web(self.port).command)
        until = time.monotonic() + 300
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=2).close()  # noqa: S310
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"gunicorn did not start: {self.log('web')}")

    def start_worker(self) -> None:
        queues = ",".join(service.QUEUES.values())
        self._spawn("worker", service.worker("all", queues).command)

    def kill(self, name: str) -> None:
        """SIGKILL to the process and everything it started."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def logs(self) -> str:
        """Everything that any part has logged, the database server included."""
        written = [path.read_text(errors="replace") for path in self.folder.rglob("*.log")]
        return "\n".join([*written, self.stand_in.log.read_text(errors="replace")])

    def mails(self) -> list[Path]:
        return sorted((self.folder / "mail").glob("*.eml"))

    def _spawn(self, name: str, command: object) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                list(command),  # type: ignore[call-overload]
                cwd=servers.ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "FORM_MIN_SECONDS": "0",  # a browser that is driven writes faster than a person
            "FUNDRAISE_MODE": "demo",
            "FUNDRAISE_DATA_DIR": str(self.folder),
            "FUNDRAISE_BASE_URL": self.address,
            "FUNDRAISE_FIELD_KEYS": KEY,
            "FUNDRAISE_LOOKUP_KEYS": KEY,
            "DATABASE_URL": servers.url_of(self.database),
            "DATABASE_OWNER_URL": servers.url_of(self.database, "DATABASE_OWNER_URL"),
            "BROKER_URL": self.valkey.url(),
            "STRIPE_API_BASE": self.stand_in.address,
            "STRIPE_SECRET_KEY": API_KEY,
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "STRIPE_CHECKOUT_ORIGIN": self.stand_in.address,
            "PYTHONUNBUFFERED": "1",
            **self.more,
        }


@contextmanager
def whole_service(
    folder: Path, more: Mapping[str, str] | None = None, port: int | None = None
) -> Iterator[Whole]:
    """A started service on a fresh database, with this process's Django looking at the same one."""
    database = f"{servers.DATABASE}_whole"
    servers.copy(database, servers.template())
    made = Whole(folder, database, port or free_port(), more=more or {})
    before = (settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET)
    settings.STRIPE_API_BASE = made.stand_in.address
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = API_KEY, WEBHOOK_SECRET
    servers.point_django_at(database, os.environ["DATABASE_URL"])
    try:
        made.start()
        yield made
    finally:
        made.stop()
        servers.point_django_at(servers.DATABASE, os.environ["DATABASE_URL"])
        (settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET) = (
            before
        )
        servers.drop(database)
