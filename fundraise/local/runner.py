"""`make run`: the whole service on one machine, until somebody stops it."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from pathlib import Path

from fundraise.local import environment, leftovers, ports, prepare, secrets, service
from fundraise.local.children import Spec
from fundraise.local.logfiles import say
from fundraise.local.places import LocalError, data_folder, private_folder
from fundraise.local.ports import Ports
from fundraise.local.postgres import Postgres
from fundraise.local.shares import Sole
from fundraise.local.supervisor import Asked, Supervisor
from fundraise.local.valkey import Valkey

READY_SECONDS = 90.0
WATCH_SECONDS = 2.0
# Jobs that were late while the service was off make it unready at first, though it works.
PATIENT_SECONDS = 15.0


class Runner:
    def __init__(self, data: Path) -> None:
        self.data = private_folder(data)
        self.folder = private_folder(self.data / "run")
        self.begun = time.monotonic()
        self.ports = Ports()
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self._looked_at = 0.0
        self._sole = Sole(self.folder / "lock")

    def run(self) -> int:
        if not self._sole.take():
            say(self._already_running())
            return 1
        ended = leftovers.clear(self.folder, str(self.data))
        if ended:
            say(f"Ended {ended} processes of a run that was killed.")
        self.ports = ports.choose(self.data)
        ports.announce(self.data, self.ports)
        supervisor = Supervisor(self.data, {})
        supervisor.listen()
        try:
            self._serve(supervisor)
        except Asked:
            say("Stopping.")
            return 0
        finally:
            self._stop(supervisor)
        return 0

    def _serve(self, supervisor: Supervisor) -> None:
        environ = self._servers()
        supervisor.environ = environ
        supervisor.check_asked()
        self._migrate(supervisor)
        specs = self._specs(environ)
        for spec in specs:
            if spec.name != service.BEAT:
                supervisor.start(spec)
        log_ins = self._demo_data(supervisor)
        # After the demo has counted its jobs anew, so that none rings for the time it was off.
        supervisor.start(next(spec for spec in specs if spec.name == service.BEAT))
        self._await_ready(supervisor)
        say(self._greeting(log_ins))
        supervisor.run(self._watch_servers)

    def _watch_servers(self) -> None:
        """A server that fell is started again, as the children are."""
        if time.monotonic() < self._looked_at + WATCH_SECONDS:
            return
        self._looked_at = time.monotonic()
        for name, server in (("PostgreSQL", self.postgres), ("Valkey", self.valkey)):
            if server is not None and not server.running():
                say(f"{name} ended; starting it again")
                server.ensure()

    def _specs(self, environ: dict[str, str]) -> list[Spec]:
        names = (*secrets.MAKERS, "AUTOGIRO_SEAL_KEY", "AUTOGIRO_CUSTOMER_NUMBER")
        keys = {name: environ.get(name, "") for name in names}
        demo = environment.mode() == "demo"
        return service.processes_of(self.data, self.ports, keys, demo=demo)

    def _servers(self) -> dict[str, str]:
        """Start the servers that the person has not named; returns the children's environment."""
        values = environment.of_checkout(self.data, self.ports)
        if not environment.given("DATABASE_URL"):
            self.postgres = Postgres(self.data / "postgres")
            self.postgres.ensure()
            self.postgres.create_roles_and_database()
            values |= environment.of_database(self.postgres)
        if not environment.given("BROKER_URL"):
            self.valkey = Valkey(self.data / "valkey")
            self.valkey.ensure()
            values |= environment.of_broker(self.valkey)
        ours = {environment.MARK: str(self.data), "FUNDRAISE_DATA_DIR": str(self.data)}
        return {**environment.filled(values), **ours}

    def _migrate(self, supervisor: Supervisor) -> None:
        """Only when a migration is new to this database: asking Django takes two seconds."""
        stamp = self.folder / "migrated"
        wanted = f"{service.fingerprint()} {self._database_identity(supervisor)}"
        if stamp.exists() and stamp.read_text() == wanted:
            return
        say("Bringing the tables up to date …")
        code, _ = supervisor.finish(Spec("migrate", service.manage("migrate"), restart=False))
        if code != 0:
            raise LocalError(f"migrate failed; see {supervisor.logs}/migrate.log")
        stamp.write_text(wanted)

    def _database_identity(self, supervisor: Supervisor) -> str:
        if self.postgres is not None:
            return self.postgres.identity()
        return supervisor.environ.get("DATABASE_URL", "")

    def _demo_data(self, supervisor: Supervisor) -> str:
        if environment.mode() != "demo":
            return ""
        past = (*service.DEMO_PAST, "--accounts", f"http://127.0.0.1:{self.ports.bank}")
        spec = Spec("demo", service.manage("demo_data", *past), restart=False, private=True)
        code, printed = supervisor.finish(spec)
        if code != 0:
            say(f"demo_data failed (exit code {code}):\n{printed}")
            return ""
        return printed.strip("\n")

    def _await_ready(self, supervisor: Supervisor) -> None:
        begun = time.monotonic()
        while not self._ready(patient=time.monotonic() > begun + PATIENT_SECONDS):
            supervisor.check_asked()
            supervisor.turn(0.1)
            if time.monotonic() > begun + READY_SECONDS:
                raise LocalError(f"The service does not answer; see {supervisor.logs}/web.log")

    def _ready(self, *, patient: bool) -> bool:
        base = f"http://127.0.0.1:{self.ports.web}"
        up = answers(f"{base}/readyz") == 200 or (patient and answers(f"{base}/healthz") == 200)
        stand_ins = (self.ports.stripe, self.ports.bankgirot, self.ports.bank,
                     self.ports.sendgrid)  # fmt: skip
        demo = environment.mode() == "demo"
        return up and (not demo or all(answers(f"http://127.0.0.1:{p}/") for p in stand_ins))

    def _greeting(self, log_ins: str) -> str:
        site = f"http://localhost:{self.ports.web}"
        lines = [f"Ready after {time.monotonic() - self.begun:.1f} s."]
        lines += [f"  Donation page   {site}/", f"  Staff pages     {site}/staff/"]
        if environment.mode() == "demo":
            lines.append(f"  Stripe stand-in http://localhost:{self.ports.stripe}/")
            lines.append(f"  Bankgirot       http://localhost:{self.ports.bankgirot}/ (stand-in)")
            lines.append(f"  Bank stand-in   http://localhost:{self.ports.bank}/")
            lines.append(f"  Mail stand-in   http://localhost:{self.ports.sendgrid}/")
        lines += [f"  Logs            {self.data / 'logs'}", *log_ins.splitlines()]
        return "\n".join([*lines, "Ctrl-C stops everything."])

    def _already_running(self) -> str:
        known = ports.in_use(self.data)
        runner = leftovers.runner_of(self.folder)
        who = f" (process {runner.pid})" if runner else ""
        return f"Already running{who}: http://localhost:{known.web}/"

    def _stop(self, supervisor: Supervisor) -> None:
        supervisor.stop()
        if self.valkey is not None:
            self.valkey.stop(1.0)
        if self.postgres is not None:
            self.postgres.stop(2.0)
        ports.withdraw(self.data)
        self._sole.drop()


def answers(url: str) -> int:
    """The status of a GET, 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=1.0) as reply:  # noqa: S310 - our own http address
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def run() -> int:
    if environment.mode() == "live":
        raise LocalError("make run is for demo and test mode; docs/running.md tells of live.")
    prepare.run()
    return Runner(data_folder()).run()
