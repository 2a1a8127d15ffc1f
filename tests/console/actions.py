"""Which actions the code writes into the change log, read from the code itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOTTED = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
DOORS = {"log_change", "log_changes"}
# Functions that hand an action on to the log's doors.
LOGGERS = {*DOORS, "changed", "_log", "log", "note", "_tell"}
# Actions that are put together when the code runs.
PUT_TOGETHER = {
    'f"donor.{basis}.recorded"': {"donor.membership.recorded", "donor.regular_contact.recorded"},
    'f"donor.{new}"': {"donor.active", "donor.restricted"},
    'f"donor.contact_point.{new}"': {
        "donor.contact_point.confirmed",
        "donor.contact_point.bouncing",
    },
    'f"donor.asked.{what}"': {"donor.asked.copy", "donor.asked.correct", "donor.asked.erase"},
    'f"giro_file.{what}"': {
        "giro_file.approved",
        "giro_file.delivered",
        "giro_file.arrived",
        "giro_file.did_not_arrive",
    },
    'f"party.foreign.{state}"': {"party.foreign.kept", "party.foreign.refused"},
    'f"donor_import.{new}"': {"donor_import.checked", "donor_import.done"},
}


def modules(calling: set[str]) -> Iterator[ast.Module]:
    """Those in which one of these is called; to parse the others would take longer than all."""
    call = re.compile(rf"\b({'|'.join(sorted(calling))})\(")
    for package in ("fundraise", "donors", "mailings", "api"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if not {"migrations", "sandbox"} & set(path.parts):
                text = path.read_text(encoding="utf-8")
                if call.search(text):
                    yield ast.parse(text)


def used() -> set[str]:
    """Every action that is written somewhere."""
    found = set[str]()
    for module in modules(LOGGERS):
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and _name(node) in LOGGERS:
                for value in [*node.args, *(k.value for k in node.keywords if k.arg == "action")]:
                    found |= _actions(value)
    return found


def wrappers() -> set[str]:
    """Functions that hand an action on and are not known as such."""
    found = set[str]()
    for module in modules(DOORS):
        for function in ast.walk(module):
            if isinstance(function, ast.FunctionDef) and function.name not in LOGGERS:
                for node in ast.walk(function):
                    if isinstance(node, ast.Call) and _name(node) in DOORS:
                        given = [k.value for k in node.keywords if k.arg == "action"]
                        if any(isinstance(value, ast.Name) for value in given):
                            found.add(function.name)
    return found


def _name(call: ast.Call) -> str:
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def _actions(value: ast.expr) -> set[str]:
    found = set[str]()
    for node in ast.walk(value):
        if isinstance(node, ast.JoinedStr):
            found |= PUT_TOGETHER.get(ast.unparse(node).replace("'", '"'), {ast.unparse(node)})
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {node.value} if DOTTED.fullmatch(node.value) else set()
    return found
