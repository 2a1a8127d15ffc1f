"""What the children say: everything to small rotated files, only trouble to the terminal."""

from __future__ import annotations

import logging
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from fundraise.local.places import private_folder

LARGEST = 2_000_000
KEPT = 3
WIDEST = 240
NAME_WIDTH = 8

# Lines of structlog, of Celery and gunicorn, and of a traceback's end.
TROUBLE = re.compile(
    rb'"level": ?"(warning|error|critical)"|\b(WARNING|ERROR|CRITICAL)\b|^Traceback|^\w+Error\b'
)


class LogFile:
    """One child's log; takes bytes as they come and cuts them into lines."""

    def __init__(self, folder: Path, name: str, *, quiet: bool = False) -> None:
        self.name = name
        self.path = private_folder(folder) / f"{name}.log"
        self._quiet = quiet
        self._rest = b""
        self._file = RotatingFileHandler(self.path, maxBytes=LARGEST, backupCount=KEPT)
        self._file.setFormatter(logging.Formatter("%(message)s"))
        self.path.chmod(0o600)

    def feed(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._take(line)

    def close(self) -> None:
        if self._rest:
            self._take(self._rest)
            self._rest = b""
        self._file.close()

    def _take(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace").rstrip("\r")
        self._file.emit(logging.LogRecord(self.name, logging.INFO, "", 0, text, None, None))
        if not self._quiet and TROUBLE.search(line):
            say(f"{self.name:<{NAME_WIDTH}}| {text[:WIDEST]}")


def say(text: str) -> None:
    """A line to the terminal, at once. A terminal that has gone must not end the service."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        return
