"""Sets up a fresh machine: `.venv`, the locked packages, a browser for the tests.

Runs under the machine's own python3 before anything is installed, so it has the standard library
only and says plainly when that Python is too old. Nothing is asked of the network when nothing is
to be installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SETUP = CHECKOUT / ".setup"
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = SETUP / "uv" / "bin" / "uv"
UV_LOCK = CHECKOUT / "requirements-uv.lock"
LOCKS = {
    "run": CHECKOUT / "requirements.lock",
    "dev": CHECKOUT / "requirements-dev.lock",
}
STAMP = VENV / "fundraise-lock.json"
OLDEST, NEWEST = (3, 11), (3, 13)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_BROWSER = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def main(words: list[str]) -> None:
    command, rest = (words[0] if words else ""), words[1:]
    if command not in {"run", "test", "lint", "bench", "prove", "lock", "setup"}:
        sys.exit("Use make run, test, lint, bench, prove, lock or setup.")
    use_a_fitting_python()
    os.chdir(CHECKOUT)
    SETUP.mkdir(exist_ok=True)
    with (SETUP / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if command == "lock":
            sys.exit(write_locks(rest))
        install("run" if command == "run" else "dev")
        environ = with_browser() if command in {"test", "prove", "setup"} else dict(os.environ)
    # A run starts many Pythons: our code is compiled by the first of them and not by each.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # The lock file is closed here: two of these may run side by side, but not set up side by side.
    doors = {
        "run": ["-m", "fundraise.local", "run"],
        "test": ["-m", "fundraise.local", "suite", *rest],
        "lint": ["-m", "fundraise.local", "lint"],
        "setup": ["-m", "fundraise.local", "prepare"],
        "bench": ["manage.py", "bench", *rest],
        "prove": ["manage.py", "prove", *rest],
    }
    os.execve(PYTHON, [str(PYTHON), *doors[command]], environ)  # noqa: S606 - no shell is the point


def say(text: str) -> None:
    print(text, flush=True)


# --- Python --------------------------------------------------------------------------------------


def use_a_fitting_python() -> None:
    """Go on under another Python of this machine when ours does not fit."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            os.execv(found, [found, "-I", *sys.argv])  # noqa: S606
    has = ".".join(str(part) for part in sys.version_info[:2])
    sys.exit(
        f"fundraise needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}; python3 here is {has}. "
        "Install one of them, or name it: make run PYTHON=/path/to/python3.13"
    )


# --- Packages ------------------------------------------------------------------------------------


def install(kind: str) -> None:
    """Bring `.venv` to the lock. What tests need stays when only `make run` is asked for."""
    wanted = {name: hash_of(path) for name, path in LOCKS.items()}
    has = read_stamp()
    if venv_works() and has.get(kind) == wanted[kind]:
        return
    if "dev" in has:
        kind = "dev"
    install_uv()
    if not venv_works():
        run_uv("venv", "--clear", "--quiet", "--python", sys.executable, str(VENV))
    say(f"Installing the packages of {LOCKS[kind].name} …")
    STAMP.unlink(missing_ok=True)
    run_uv(
        "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode",
        "--python", str(PYTHON), str(LOCKS[kind]),
    )  # fmt: skip
    STAMP.write_text(json.dumps(wanted if kind == "dev" else {"run": wanted["run"]}))


def venv_works() -> bool:
    code = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    try:
        return subprocess.run([str(PYTHON), "-I", "-c", code], check=False).returncode == 0
    except OSError:
        return False


def install_uv() -> None:
    """uv by version and hash, beside the environment; pip is asked for nothing else."""
    stamp = SETUP / "uv" / "lock"
    if UV.exists() and stamp.exists() and stamp.read_text() == hash_of(UV_LOCK):
        return
    say("Installing uv …")
    ensure_pip()
    shutil.rmtree(SETUP / "uv", ignore_errors=True)
    call(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--require-hashes", "--no-deps", "--target", str(SETUP / "uv"), "-r", str(UV_LOCK)],
        {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"},
    )  # fmt: skip
    stamp.write_text(hash_of(UV_LOCK))


def ensure_pip() -> None:
    """Debian's Python comes without pip."""
    if works([sys.executable, "-m", "pip", "--version"]):
        return
    if may_install() and install_from_distribution("python3-pip"):
        return
    sys.exit("This Python has no pip. Install it first (on Debian: apt-get install python3-pip).")


def run_uv(*words: str) -> None:
    environ = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", **index_of_pip()}
    call([str(UV), *words], environ)


def index_of_pip() -> dict[str, str]:
    """uv does not read pip's settings; a machine may have said only to pip where packages are."""
    found: dict[str, str] = {}
    for variable, setting in (("UV_DEFAULT_INDEX", "index-url"), ("SSL_CERT_FILE", "cert")):
        if os.environ.get(variable):
            continue
        asked = subprocess.run(
            [sys.executable, "-m", "pip", "config", "get", f"global.{setting}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if asked.returncode == 0 and asked.stdout.strip():
            found[variable] = asked.stdout.strip()
    # uv trusts a list of its own; a machine's list may hold an authority of the house besides.
    system = ssl.get_default_verify_paths().cafile
    if system and not os.environ.get("SSL_CERT_FILE"):
        found.setdefault("SSL_CERT_FILE", system)
    return found


def write_locks(words: list[str]) -> int:
    """`make lock`: resolve anew; words such as `--upgrade` are passed on."""
    install_uv()
    for name, path in LOCKS.items():
        group = ("--group", "dev") if name == "dev" else ()
        run_uv(
            "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
            "--generate-hashes", "--no-emit-index-url", "--custom-compile-command", "make lock",
            *group, *words, "pyproject.toml", "--output-file", path.name,
        )  # fmt: skip
    return 0


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_stamp() -> dict[str, str]:
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp


# --- Browser -------------------------------------------------------------------------------------


def with_browser() -> dict[str, str]:
    """The environment for the tests, with the browser they are to drive."""
    found = find_browser()
    if not found and may_install():
        say("Installing Chromium from the distribution …")
        install_from_distribution("chromium", "fonts-dejavu-core")
        found = find_browser()
    if found:
        return {**os.environ, "FUNDRAISE_CHROMIUM": found}
    text = (
        "There is no Chromium here. Install it (on Debian: apt-get install chromium) "
        "or set FUNDRAISE_CHROMIUM to its path."
    )
    if os.environ.get("FUNDRAISE_REQUIRE_BROWSER") == "1":
        sys.exit(text)
    say(f"{text} The browser tests are left out.")
    return dict(os.environ)


def find_browser() -> str:
    given = os.environ.get("FUNDRAISE_CHROMIUM", "")
    if given:
        if not os.access(given, os.X_OK):
            sys.exit(f"FUNDRAISE_CHROMIUM: {given} can't be run.")
        return given
    on_path = [found for found in map(shutil.which, BROWSERS) if found]
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or "~/.cache/ms-playwright")
    downloaded = sorted(cache.expanduser().glob("chromium-*/chrome-linux*/chrome"))
    mac = [MAC_BROWSER] if MAC_BROWSER.exists() else []
    return next((str(path) for path in [*on_path, *reversed(downloaded), *mac]), "")


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_from_distribution(*packages: str) -> bool:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if works(command, environ):
        return True
    return works(["apt-get", "update", "-qq"], environ) and works(command, environ)


# --- Calling -------------------------------------------------------------------------------------


def works(command: list[str], environ: dict[str, str] | None = None) -> bool:
    done = subprocess.run(
        command, env=environ, check=False, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode == 0


def call(command: list[str], environ: dict[str, str]) -> None:
    done = subprocess.run(command, env=environ, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"Failed (exit code {done.returncode}): {' '.join(command[:4])} …")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
