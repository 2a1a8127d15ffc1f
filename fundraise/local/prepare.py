"""What is made from the sources before the service can start: catalogues and static files."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from fundraise.local import service
from fundraise.local.places import CHECKOUT, LocalError

PACKAGES = ("fundraise", "donors", "mailings", "api")
BUILT = CHECKOUT / "static-built"
LOCALE = CHECKOUT / "fundraise" / "locale"


def run() -> int:
    compile_catalogues()
    collect_static()
    return 0


def compile_catalogues(folder: Path = LOCALE) -> bool:
    """Merge and compile the texts anew when a part is newer; true when it was done."""
    compiled = folder / "sv" / "LC_MESSAGES" / "django.mo"
    sources = [folder / "build.py", *(folder / "parts").glob("*.po")]
    newest = max(path.stat().st_mtime for path in sources)
    if compiled.exists() and compiled.stat().st_mtime >= newest:
        return False
    done = subprocess.run(
        [service.PYTHON, str(folder / "build.py")], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise LocalError(f"The texts could not be compiled:\n{done.stderr}".strip())
    return True


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
