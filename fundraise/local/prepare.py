"""What is made from the sources before the service can start: catalogues and static files."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from fundraise.local import service
from fundraise.local.places import CHECKOUT, LocalError

PACKAGES = ("fundraise", "donors", "mailings", "api")
BUILT = CHECKOUT / "static-built"


def run() -> int:
    compile_catalogues()
    collect_static()
    return 0


def compile_catalogues(root: Path = CHECKOUT) -> list[Path]:
    """Compile with Babel every catalogue that is newer than its compiled form."""
    stale = [path for path in _catalogues(root) if _is_stale(path)]
    if not stale:
        return []
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for path in stale:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parents[1].name, abort_invalid=True)
        new = path.with_suffix(".mo.new")
        with new.open("wb") as compiled:
            write_mo(compiled, catalogue)
        new.replace(path.with_suffix(".mo"))
    return stale


def _catalogues(root: Path) -> Iterator[Path]:
    for place in (root, *(root / name for name in PACKAGES)):
        yield from place.glob("locale/*/LC_MESSAGES/*.po")
        if place != root:
            yield from place.glob("*/locale/*/LC_MESSAGES/*.po")


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime <= path.stat().st_mtime


def collect_static() -> bool:
    """Collect and compress anew when a source or a library changed; true when it did."""
    stamp = BUILT / ".sources"
    wanted = _static_fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    done = subprocess.run(
        service.manage("collectstatic", "--noinput", "--clear", "-v", "0"),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LocalError(f"collectstatic failed:\n{done.stdout}{done.stderr}".strip())
    stamp.write_text(wanted)
    return True


def _static_fingerprint() -> str:
    found = hashlib.sha256((CHECKOUT / "requirements.lock").read_bytes())
    found.update((CHECKOUT / "fundraise" / "settings.py").read_bytes())
    for name in PACKAGES:
        for path in sorted((CHECKOUT / name).rglob("static/**/*")):
            if path.is_file():
                found.update(str(path.relative_to(CHECKOUT)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
