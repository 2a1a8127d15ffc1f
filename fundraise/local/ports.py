"""Ports that stay the same from one start to the next, also with several checkouts side by side."""

from __future__ import annotations

import json
import os
import socket
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from fundraise.local import processes
from fundraise.local.places import LocalError, private_folder
from fundraise.local.shares import Sole

FILE = "ports.json"
WEB = 8000
STRIPE = 8900
BANKGIROT = 8950
BANK = 8970
SENDGRID = 9000
TRIES = 200
MOMENT = 0.5
_HELD: dict[int, Sole] = {}  # by this process, until it ends


@dataclass(frozen=True)
class Ports:
    web: int = WEB
    stripe: int = STRIPE
    bankgirot: int = BANKGIROT
    sendgrid: int = SENDGRID
    bank: int = BANK


def remembered(data: Path) -> Ports:
    try:
        return Ports(**json.loads((data / FILE).read_text()))
    except (OSError, ValueError, TypeError):
        return Ports()


def in_use(data: Path) -> Ports:
    """The ports of the run that is going on, which PORT may have changed, or of the last."""
    try:
        return Ports(**json.loads((data / "run" / FILE).read_text()))
    except (OSError, ValueError, TypeError):
        return remembered(data)


def announce(data: Path, ports: Ports) -> None:
    (data / "run" / FILE).write_text(json.dumps(asdict(ports)))


def withdraw(data: Path) -> None:
    (data / "run" / FILE).unlink(missing_ok=True)


def choose(data: Path) -> Ports:
    """The ports of this checkout: PORT, else those of last time, else the first that are free."""
    last = remembered(data)
    wanted = os.environ.get("PORT", "")
    web = _wanted(wanted) if wanted else _first_free(last.web, taken=set())
    chosen = [web]
    for begin in (last.stripe, last.bankgirot, last.sendgrid, last.bank):
        chosen.append(_first_free(begin, taken=set(chosen)))
    ports = Ports(*chosen)
    kept = replace(ports, web=last.web) if wanted else ports
    (private_folder(data) / FILE).write_text(json.dumps(asdict(kept)))
    return ports


def _wanted(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise LocalError(f"PORT: use a number from 1 to 65535, not {text!r}.")
    if not _takes(int(text)):
        raise LocalError(f"Port {text} is taken by another program; choose another PORT.")
    return int(text)


def _first_free(begin: int, taken: set[int]) -> int:
    # What a killed run held may take a moment to come free.
    if begin not in taken and processes.wait_until(lambda: _takes(begin), MOMENT):
        return begin
    for port in range(begin, min(begin + TRIES, 65536)):
        if port not in taken and _takes(port):
            return port
    raise LocalError(f"No port from {begin} to {begin + TRIES} is free.")


def _takes(port: int) -> bool:
    """Whether it is free, and no other start found it so a moment ago: what listens there comes up
    later."""
    if not free(port):
        return False
    if port not in _HELD:
        lock = Sole(lock_of(port))
        if not lock.take():
            return False
        _HELD[port] = lock
    return True


def lock_of(port: int) -> Path:
    """Held by the runner that chose the port; the same for all checkouts of a person."""
    name = f"fundraise-ports-{os.geteuid()}"
    return private_folder(Path(tempfile.gettempdir()) / name) / str(port)


def free(port: int) -> bool:
    """Whether nobody listens, on IPv6 either: browsers try that first for `localhost`."""
    return _bindable(socket.AF_INET, "127.0.0.1", port) and (
        not socket.has_ipv6 or _bindable(socket.AF_INET6, "::1", port)
    )


def _bindable(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError:
        return False
    except OSError as error:
        # A machine without IPv6 can't bind there at all, which takes nothing from us.
        return family == socket.AF_INET6 and error.errno not in {98, 48}
    return True
