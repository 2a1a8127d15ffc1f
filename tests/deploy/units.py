"""Reads the units of docs/deploy as systemd does: keys may stand several times."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "deploy"
UNITS = FOLDER / "systemd"
COMMON = UNITS / "fundraise-.service.d" / "common.conf"
BIN = "/srv/fundraise/app/.venv/bin/"
Pairs = list[tuple[str, str]]


@dataclass
class Unit:
    """A unit with what holds for all of its kind."""

    name: str
    sections: dict[str, Pairs] = field(default_factory=dict)

    def all(self, section: str, key: str) -> list[str]:
        return [value for name, value in self.sections.get(section, []) if name == key]

    def one(self, section: str, key: str) -> str:
        (value,) = self.all(section, key)
        return value

    def environment(self) -> dict[str, str]:
        """Environment= lines, with the credentials folder as it is written: %d."""
        words = [word for line in self.all("Service", "Environment") for word in shlex.split(line)]
        return {name: value for name, _sign, value in (word.partition("=") for word in words)}

    def credentials(self) -> dict[str, str]:
        lines = (line.partition(":") for line in self.all("Service", "LoadCredential"))
        return {name: path for name, _sign, path in lines}

    def command(self) -> list[str]:
        return shlex.split(self.one("Service", "ExecStart"))


def read(path: Path) -> Unit:
    """One unit. Raises ValueError on a line that systemd would not understand."""
    unit = Unit(path.name)
    if path.suffix == ".service":
        unit.sections = {name: list(pairs) for name, pairs in read(COMMON).sections.items()}
    section = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith(("#", ";")):
            continue
        if text.startswith("[") and text.endswith("]"):
            section = text[1:-1]
            unit.sections.setdefault(section, [])
            continue
        key, sign, value = text.partition("=")
        if not sign or not section or not key.isalnum():
            raise ValueError(f"{path.name}:{number}: {text!r}")
        unit.sections[section].append((key, value))
    return unit


def services() -> list[Unit]:
    return [read(path) for path in sorted(UNITS.glob("*.service"))]


def env_file() -> dict[str, str]:
    """fundraise.env as systemd reads it."""
    lines = (FOLDER / "fundraise.env").read_text(encoding="utf-8").splitlines()
    kept = (line.partition("=") for line in lines if line.strip() and not line.startswith("#"))
    return {name: value for name, _sign, value in kept}
