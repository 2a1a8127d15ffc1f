"""What is wrong with the settings of a transport, found before the service starts. Plain Python."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NONE, DIRECTORY, SFTP = KINDS = ("none", "directory", "sftp")
_KEY = re.compile(
    r"(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) [A-Za-z0-9+/]{60,}={0,2}(?: .*)?"
)


@dataclass(frozen=True, slots=True)
class Options:
    """The settings named AUTOGIRO_… or BANK_… as they were read. `both`: files go out, too."""

    kind: str
    out: str
    into: str
    host: str = ""
    user: str = ""
    host_keys: tuple[str, ...] = ()
    key_file: str = ""
    called: str = "AUTOGIRO"
    both: bool = True

    @property
    def folders(self) -> list[tuple[str, str]]:
        """The folders that are needed, with the names of their settings."""
        into = (f"{self.called}_IN_DIR", self.into)
        return [(f"{self.called}_OUT_DIR", self.out), into] if self.both else [into]


def faults(options: Options, *, live: bool) -> list[str]:
    """Each as a sentence that says what to write; none when all is well. A folder that is away for
    now is no fault: a mount may come later."""
    if options.kind == NONE:
        return []
    found = _of_sftp(options, live) if options.kind == SFTP else _of_directory(options, live)
    return [*_of_both(options), *found]


def _of_both(options: Options) -> Iterator[str]:
    for name, value in options.folders:
        if not value:
            yield f"{name} is missing: name the folder"
    if options.both and options.out and options.out.rstrip("/") == options.into.rstrip("/"):
        yield f"{options.called}_OUT_DIR and {options.called}_IN_DIR must be two folders"


def _of_directory(options: Options, live: bool) -> Iterator[str]:
    for name, value in options.folders:
        if value and not Path(value).is_absolute():
            yield f"{name} must be a whole path that begins with /"
        elif value and live and _anybody_may(Path(value), stat.S_IWOTH):
            yield f"{name} may be written to by anybody: take that right away (chmod o-w)"


def _of_sftp(options: Options, live: bool) -> Iterator[str]:
    needed = {
        f"{options.called}_SFTP_HOST": options.host,
        f"{options.called}_SFTP_USER": options.user,
        f"{options.called}_SFTP_HOST_KEY": options.host_keys,
        f"{options.called}_SFTP_KEY_PATH": options.key_file,
    }
    yield from (f"{name} is missing" for name, value in needed.items() if not value)
    if any(not _KEY.fullmatch(line) for line in options.host_keys):
        yield (
            f"{options.called}_SFTP_HOST_KEY must be the server's public key as the bank gave it:"
            " ssh-ed25519 AAAA…; several parted by commas"
        )
    key = Path(options.key_file)
    if options.key_file and not key.is_file():
        yield f"{options.called}_SFTP_KEY_PATH: there is no such file"
    elif options.key_file and live and _anybody_may(key, stat.S_IROTH | stat.S_IWOTH):
        named = f"{options.called}_SFTP_KEY_PATH"
        yield f"{named} can be read by anybody: take that right away (chmod o-rw)"


def _anybody_may(path: Path, rights: int) -> bool:
    try:
        return bool(path.stat().st_mode & rights)
    except OSError:
        return False
