"""What a killed runner left behind: written down while it ran, ended at the next start.

Two traces, because either may fail: the process numbers with their start times in a file, and a
mark in the environment that every child of this checkout's runner carries.
"""

from __future__ import annotations

import json
import os
import signal
from dataclasses import asdict
from pathlib import Path

import psutil

from fundraise.local import processes
from fundraise.local.environment import MARK
from fundraise.local.places import private_folder
from fundraise.local.processes import Identity

FILE = "processes.json"
PATIENCE = 3.0


class Record:
    def __init__(self, folder: Path) -> None:
        self.path = private_folder(folder) / FILE
        self._children: dict[str, Identity] = {}
        self._runner = Identity.of(os.getpid())

    def add(self, name: str, pid: int) -> None:
        try:
            self._children[name] = Identity.of(pid)
        except psutil.NoSuchProcess:
            return
        self._write()

    def remove(self, name: str) -> None:
        if self._children.pop(name, None) is not None:
            self._write()

    def close(self) -> None:
        self.path.unlink(missing_ok=True)

    def _write(self) -> None:
        known = {name: asdict(child) for name, child in self._children.items()}
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps({"runner": asdict(self._runner), "children": known}, indent=1))
        new.replace(self.path)


def runner_of(folder: Path) -> Identity | None:
    """The runner that the record names, if it lives."""
    try:
        runner = Identity(**json.loads((folder / FILE).read_text())["runner"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return runner if runner.alive() else None


def clear(folder: Path, mark: str) -> int:
    """End what an earlier runner of this checkout left running; returns how many there were."""
    left = {process.pid: process for process in processes.marked(MARK, mark)}
    for child in _recorded(folder):
        if child.alive():
            left[child.pid] = psutil.Process(child.pid)
    groups = {child.pid for child in _recorded(folder) if child.pid in left}
    ended = processes.end(left.values(), PATIENCE)
    for group in groups:
        processes.signal_group(group, signal.SIGKILL)
    (folder / FILE).unlink(missing_ok=True)
    return ended


def _recorded(folder: Path) -> list[Identity]:
    try:
        known = json.loads((folder / FILE).read_text())["children"]
        return [Identity(**child) for child in known.values()]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return []
