"""A file as JSON: every record by name, with its line. Plain Python; keys are stable (docs)."""

from __future__ import annotations

from typing import Any

from fundraise.providers.autogiro.errors import Remark
from fundraise.providers.autogiro.files import File
from fundraise.providers.autogiro.kinds import Section


def as_json(file: File) -> dict[str, Any]:
    """What `manage.py autogiro read --json` prints for a file that could be read."""
    return {
        "kind": file.kind.name,
        "to_bankgirot": file.kind.to_bankgirot,
        "sealed": file.seal is not None,
        "sections": [_section(section) for section in file.sections],
        "remarks": [remark_json(remark) for remark in file.remarks],
    }


def remark_json(remark: Remark) -> dict[str, Any]:
    """A place in a file and what is to be said of it."""
    return {
        "line": remark.line,
        "column": remark.column,
        "code": remark.code,
        "reason": remark.reason,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "opening": _record(section.opened_at, section.opening),
        "records": [_record(at, row) for at, row in section.lines],
        "end": _record(section.ended_at, section.end),
    }


def _record(at: int, row: Any) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"line": at, "record": type(row).__name__, **row._asdict()}
