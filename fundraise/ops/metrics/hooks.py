"""gunicorn's configuration for metrics of several processes: `--config python:…hooks`.

Each process writes its counters into a folder; whoever is asked adds all of them up. The folder is
named before prometheus-client is imported, so it happens when gunicorn reads its configuration:
`raw_env` is gunicorn's own word for what the environment holds from then on.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def folder_of(environ: Mapping[str, str]) -> Path | None:
    """PROMETHEUS_MULTIPROC_DIR, or a folder in the data folder."""
    data = environ.get("FUNDRAISE_DATA_DIR")
    named = environ.get(VARIABLE) or (str(Path(data) / "run" / "metrics") if data else "")
    return Path(named) if named else None


def emptied(folder: Path) -> Path:
    """The counts of processes that were there before this start say nothing any more."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.db"):
        file.unlink(missing_ok=True)
    return folder


def child_exit(_server: Any, worker: Any) -> None:
    """A process that ended keeps its counts and loses its gauges."""
    from prometheus_client import multiprocess

    if os.environ.get(VARIABLE):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
