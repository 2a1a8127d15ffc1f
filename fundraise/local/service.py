"""The processes of the service, and when its tables must be migrated."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from fundraise.local.children import Spec
from fundraise.local.places import CHECKOUT
from fundraise.local.ports import Ports

PYTHON = sys.executable
BEAT = "beat"
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn's heartbeat files, not ours
QUEUES = {"money": "money,events", "mail": "mail,reports", "appeals": "appeals"}
NICER = {
    "appeals": 10
}  # as in docs/deploy: a donor's page has the processor before a million mails
BANK = "bankgirot"
# Bankgirot's public key for tests; it protects nothing.
TEST_SEAL_KEY = "1234567890ABCDEF1234567890ABCDEF"
# The customer number of Bankgirot's examples, and of its stand-in.
TEST_CUSTOMER = "471117"
WEBHOOK_PATH = "/webhooks/stripe/demo"
MAIL_EVENTS_PATH = "/webhooks/sendgrid/demo"
MAIL_INBOUND_PATH = "/webhooks/sendgrid/inbound"


def manage(*words: str) -> tuple[str, ...]:
    return (PYTHON, str(CHECKOUT / "manage.py"), *words)


def web(port: int) -> Spec:
    # gunicorn 25 and newer would make a control socket in the home folder.
    options = [
        f"--bind=127.0.0.1:{port}", "--worker-class=gthread", "--workers=2", "--threads=4",
        "--config=python:fundraise.ops.metrics.gunicorn_conf",
        "--preload", "--no-control-socket", "--graceful-timeout=2", "--timeout=60",
        "--keep-alive=5", "--log-level=warning",
    ]  # fmt: skip
    if SHARED_MEMORY.is_dir():
        options.append(f"--worker-tmp-dir={SHARED_MEMORY}")
    return Spec("web", (PYTHON, "-m", "gunicorn", "fundraise.wsgi:application", *options))


DEMO_PAST = ("--pledges", "40")  # monthly gifts that the demo begins with


def worker(name: str, queues: str) -> Spec:
    options = (
        "--queues", queues, "--hostname", f"{name}@localhost", "--concurrency", "2",
        "--loglevel", "INFO", "--without-gossip", "--without-mingle",
    )  # fmt: skip
    return Spec(
        name,
        (PYTHON, "-m", "celery", "-A", "fundraise.celery", "worker", *options),
        stage=1,
        nicer=NICER.get(name, 0),
    )


def beat(data: Path) -> Spec:
    schedule = str(data / "run" / "beat-schedule")
    options = ("--schedule", schedule, "--pidfile", "", "--loglevel", "INFO")
    return Spec(BEAT, (PYTHON, "-m", "celery", "-A", "fundraise.celery", "beat", *options))


def stripe(data: Path, ports: Ports, secrets: dict[str, str]) -> Spec:
    options = (
        "--port", str(ports.stripe), "--data", str(data / "stripe"),
        "--webhook-url", f"http://127.0.0.1:{ports.web}{WEBHOOK_PATH}",
        "--webhook-secret", secrets["STRIPE_WEBHOOK_SECRET"],
        "--api-key", secrets["STRIPE_SECRET_KEY"],
    )  # fmt: skip
    return Spec("stripe", (PYTHON, "-m", "fundraise.sandbox.stripe", *options))


def bankgirot(data: Path, ports: Ports, agreed: dict[str, str]) -> Spec:
    options = (
        "--port", str(ports.bankgirot), "--data", str(data / BANK),
        "--customer", agreed.get("AUTOGIRO_CUSTOMER_NUMBER") or TEST_CUSTOMER,
        "--seal-key", agreed.get("AUTOGIRO_SEAL_KEY") or TEST_SEAL_KEY,
    )  # fmt: skip
    return Spec("bankgirot", (PYTHON, "-m", "fundraise.sandbox.bankgirot", *options))


def bank(data: Path, ports: Ports, secrets: dict[str, str]) -> Spec:
    options = (
        "--port", str(ports.bank), "--data", str(data / "bank"),
        "--stripe", f"http://127.0.0.1:{ports.stripe}",
        "--stripe-key", secrets["STRIPE_SECRET_KEY"],
        "--bankgirot", f"http://127.0.0.1:{ports.bankgirot}",
    )  # fmt: skip
    return Spec("bank", (PYTHON, "-m", "fundraise.sandbox.bank", *options))


def sendgrid(data: Path, ports: Ports, secrets: dict[str, str]) -> Spec:
    inbound = f"{MAIL_INBOUND_PATH}/{secrets['SENDGRID_INBOUND_TOKEN']}"
    options = (
        "--port", str(ports.sendgrid), "--data", str(data / "sendgrid"),
        "--webhook-url", f"http://127.0.0.1:{ports.web}{MAIL_EVENTS_PATH}",
        "--parse-url", f"http://127.0.0.1:{ports.web}{inbound}",
        "--signing-key", secrets["SENDGRID_SIGNING_KEY"],
        "--api-key", secrets["SENDGRID_API_KEY"],
    )  # fmt: skip
    return Spec("sendgrid", (PYTHON, "-m", "fundraise.sandbox.sendgrid", *options))


def bank_folders(data: Path) -> tuple[Path, Path]:
    """Where the bank's stand-in takes files, and where it puts them."""
    return data / BANK / "to-bankgirot", data / BANK / "from-bankgirot"


def statements_folder(data: Path) -> Path:
    """Where the stand-in for the bank of the accounts puts its files."""
    return data / "bank" / "from-bank"


def processes_of(data: Path, ports: Ports, secrets: dict[str, str], *, demo: bool) -> list[Spec]:
    workers = [worker(name, queues) for name, queues in QUEUES.items()]
    stand_ins = [make(data, ports, secrets) for make in (stripe, bankgirot, bank, sendgrid)]
    return [web(ports.web), *(stand_ins if demo else []), *workers, beat(data)]


def fingerprint() -> str:
    """A word that changes with every migration, ours or a library's, and with what they read."""
    found = hashlib.sha256((CHECKOUT / "requirements.lock").read_bytes())
    found.update((CHECKOUT / "fundraise" / "settings.py").read_bytes())
    for path in sorted(_migrations()):
        found.update(str(path.relative_to(CHECKOUT)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _migrations() -> list[Path]:
    packages = ("fundraise", "donors", "mailings", "api")
    found = [path for name in packages for path in (CHECKOUT / name).rglob("migrations/*")]
    grants = CHECKOUT / "fundraise" / "ledger" / "grants.py"
    return [path for path in [*found, grants] if path.is_file()]
