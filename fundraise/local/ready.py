"""What the tests keep from one run to the next: themselves compiled, and a migrated database.

Each process of the suite would compile all of them anew, and wait for the tables; so one does the
one and another the other, before the first test.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from fundraise.local.logfiles import say
from fundraise.local.places import CHECKOUT

STEPS = (
    ("-m", "pytest", "--collect-only", "-q", "-p", "no:xdist", "-p", "no:cacheprovider"),
    ("-m", "tests.tables"),
)
STAMP = CHECKOUT / ".data" / "tests" / "ready"


def run(stamp: Path = STAMP) -> bool:
    """Both side by side when a test or a migration changed; true when it was done.

    What goes wrong in either is told by the tests, who will do it then.
    """
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    say("Compiling the tests and making their tables …")
    begun = [_begun(words) for words in STEPS]
    if [process.wait() for process in begun] == [0] * len(begun):
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(wanted)
    return True


def _begun(words: tuple[str, ...]) -> subprocess.Popen[bytes]:
    silent = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, *words], cwd=CHECKOUT, stdin=silent, stdout=silent, stderr=silent
    )


def _fingerprint() -> str:
    """When every test and every migration was written."""
    found = hashlib.sha256()
    sources = [*CHECKOUT.glob("tests/**/*.py"), *CHECKOUT.glob("[!.]*/**/migrations/*.*")]
    for path in sorted(sources):
        found.update(f"{path.relative_to(CHECKOUT)} {path.stat().st_mtime_ns}\n".encode())
    return found.hexdigest()
