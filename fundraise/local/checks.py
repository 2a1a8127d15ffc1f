"""`make lint`: every check, fastest first; all of them run, so that one start shows everything."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from fundraise.local import service
from fundraise.local.logfiles import say
from fundraise.local.places import CHECKOUT

BIN = Path(sys.executable).parent
# `check --deploy` asks what a live site would look like; no key here opens anything.
LIVE_LIKE = {
    "FUNDRAISE_MODE": "live",
    "FUNDRAISE_SECRET_KEY": "only-for-the-check-of-deployment-" + "0123456789abcdef" * 3,
    "FUNDRAISE_FIELD_KEYS": "k1:" + "A" * 43 + "=",
    "FUNDRAISE_LOOKUP_KEYS": "k1:" + "A" * 43 + "=",
    "FUNDRAISE_BASE_URL": "https://give.example.org",
    "FUNDRAISE_ALLOWED_HOSTS": "give.example.org",
    "FUNDRAISE_EMBEDDED": "",
    "DATABASE_URL": "postgresql:///fundraise",
    "STRIPE_API_BASE": "https://api.stripe.com",
    "STRIPE_SECRET_KEY": "sk_live_only_for_the_check",
    "STRIPE_WEBHOOK_SECRET": "whsec_only_for_the_check",
    "MAIL_SENDER": "smtp",
}
# In parts, because this file is searched too.
INDEX_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "registry.npm" + "js.org")


def run() -> int:
    failed = [name for name, command, environ in _commands() if not _passes(name, command, environ)]
    failed += _files_that_name_an_index()
    say(f"lint: {'failed: ' + ', '.join(failed) if failed else 'all passed'}")
    return 1 if failed else 0


def _commands() -> list[tuple[str, tuple[str, ...], Mapping[str, str]]]:
    templates = tuple(str(path) for path in _tracked() if path.suffix in {".html", ".svg"})
    templates = tuple(name for name in templates if "/templates/" in f"/{name}")
    plain: Mapping[str, str] = {}
    found = [
        ("ruff format", _tool("ruff", "format", "--check", "."), plain),
        ("ruff check", _tool("ruff", "check", "."), plain),
        ("lint-imports", _tool("lint-imports"), plain),
        ("deptry", _tool("deptry", "."), plain),
        ("migrations", service.manage("makemigrations", "--check", "--dry-run"), plain),
        ("openapi", service.manage("openapi", "--check"), plain),
        ("deploy", service.manage("check", "--deploy", "--fail-level", "WARNING"), LIVE_LIKE),
        ("mypy", _tool("mypy", "--strict", "."), plain),
    ]
    if templates:
        found.insert(4, ("djade", _tool("djade", "--check", *templates), plain))
        found.insert(5, ("djlint", _tool("djlint", "--lint", "--quiet", *templates), plain))
    return found


def _tool(name: str, *words: str) -> tuple[str, ...]:
    return (str(BIN / name), *words)


def _passes(name: str, command: tuple[str, ...], environ: Mapping[str, str]) -> bool:
    begun = time.monotonic()
    done = subprocess.run(
        command, cwd=CHECKOUT, env={**os.environ, **environ}, capture_output=True, text=True,
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    word = "ok" if done.returncode == 0 else "FAILED"
    say(f"{name:<14}{word:<8}{time.monotonic() - begun:5.1f} s")
    if done.returncode != 0:
        say((done.stdout + done.stderr).strip())
    return done.returncode == 0


def _tracked() -> list[Path]:
    """The files of the project; outside git, everything that is not made."""
    asked = subprocess.run(
        ("git", "ls-files", "--cached", "--others", "--exclude-standard"),
        cwd=CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if asked.returncode == 0:
        return [Path(line) for line in asked.stdout.splitlines()]
    made = {".venv", ".data", ".setup", "static-built"}
    every = (path.relative_to(CHECKOUT) for path in CHECKOUT.rglob("*") if path.is_file())
    return [path for path in every if not made & set(path.parts)]


def _files_that_name_an_index() -> list[str]:
    """A lock that names where packages come from works only there."""
    found: list[str] = []
    for path in _tracked():
        try:
            text = (CHECKOUT / path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if any(host in text for host in INDEX_HOSTS):
            found.append(f"{path} names a package index")
    return found
