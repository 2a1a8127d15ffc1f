"""Which folders and which account belong to this checkout.

Started by root, the servers run as an unprivileged account. Such an account can seldom reach a
checkout in a private home, and the rights of folders that are not ours are never widened; so root's
servers live in a private folder under `/var/lib`, named by the folder they belong to.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ROOTS_SERVERS = Path("/var/lib/fundraise")
MEMORY = Path("/dev/shm")  # noqa: S108 - checked to be ours by private_folder
ROOM = 4 << 30  # bytes of it that a few hundred megabytes of data don't crowd
SOCKET_PATH_LIMIT = 107
BARE_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class LocalError(Exception):
    """Something on this machine is in the way; the message says what to do about it."""


@dataclass(frozen=True)
class Account:
    """The account that a server runs as; None for both ids is ourselves."""

    uid: int | None = None
    gid: int | None = None

    def give(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def run(self, *command: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end as this account, with nothing of our environment."""
        return subprocess.run(
            [str(part) for part in command], input=text, capture_output=True, text=True,
            check=False, cwd="/", env=BARE_ENVIRONMENT, umask=0o077, user=self.uid,
            group=self.gid, extra_groups=None if self.uid is None else [],
        )  # fmt: skip

    def start(self, *command: str | Path, log: Path) -> subprocess.Popen[bytes]:
        """Start a server as this account, in a group of its own, so that Ctrl-C misses it."""
        with log.open("ab") as output:
            self.give(log)
            log.chmod(0o600)
            return subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, cwd="/", env=BARE_ENVIRONMENT, umask=0o077, user=self.uid,
                group=self.gid, extra_groups=None if self.uid is None else [],
                start_new_session=True,
            )  # fmt: skip


def server_account() -> Account:
    if os.geteuid() != 0:
        return Account()
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise LocalError(
            "PostgreSQL refuses to run as root and there is no account “nobody”."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def data_folder() -> Path:
    """Where everything of this checkout that lasts is kept."""
    chosen = os.environ.get("FUNDRAISE_DATA_DIR")
    return Path(chosen).resolve() if chosen else CHECKOUT / ".data"


def short_name(folder: Path) -> str:
    """A name for a folder that is the same at every start and differs between checkouts."""
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]


def server_folder(folder: Path, account: Account) -> Path:
    """The private folder for a server that belongs to `folder`, made if it is missing."""
    if account.uid is None:
        return private_folder(folder)
    if not ROOTS_SERVERS.is_dir():
        ROOTS_SERVERS.mkdir(parents=True, exist_ok=True)
        ROOTS_SERVERS.chmod(0o711)
    home = private_folder(ROOTS_SERVERS / short_name(folder), account)
    (home / "belongs-to").write_text(f"{folder.resolve()}\n")
    return home


def memory_folder(folder: Path, account: Account) -> Path | None:
    """A private folder that is no disk, for data that may be lost; None where that is small.

    A disk's file system looks for free numbers among all that were freed a moment ago: a thousand
    files take it a second and more of a processor when a thousand were just deleted.
    """
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).total < ROOM:
        return None
    prefix = f"fundraise-{os.geteuid()}"
    folder.mkdir(parents=True, exist_ok=True)
    _forget_what_belongs_to_nobody(prefix)
    home = private_folder(MEMORY / f"{prefix}-{short_name(folder)}", account)
    (home / "belongs-to").write_text(f"{folder.resolve()}\n")
    return home


def _forget_what_belongs_to_nobody(prefix: str) -> None:
    """A checkout that was deleted gives its memory back."""
    for note in MEMORY.glob(f"{prefix}-*/belongs-to"):
        if not Path(note.read_text().strip()).exists():
            shutil.rmtree(note.parent, ignore_errors=True)


def private_folder(path: Path, account: Account | None = None) -> Path:
    """A folder that only `account` may enter. Refuses one that somebody else made."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    wanted = os.geteuid() if account is None or account.uid is None else account.uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {wanted, os.geteuid()}:
        raise LocalError(f"{path} belongs to somebody else; move it out of the way.")
    if account is not None:
        account.give(path)
    path.chmod(0o700)
    return path


def socket_folder(home: Path, longest_name: str, account: Account | None = None) -> Path:
    """A folder whose sockets have paths short enough for the kernel."""
    near = home / "s"
    if len(os.fsencode(near / longest_name)) <= SOCKET_PATH_LIMIT:
        return private_folder(near, account)
    short = Path(tempfile.gettempdir()) / f"fundraise-{os.geteuid()}-{short_name(home)}"
    if len(os.fsencode(short / longest_name)) > SOCKET_PATH_LIMIT:
        short = Path("/tmp") / short.name  # noqa: S108 - checked to be ours by private_folder
    return private_folder(short, account)
