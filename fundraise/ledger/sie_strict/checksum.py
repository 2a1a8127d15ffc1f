"""#KSUMMA: CRC-32 over labels and fields, without separators, quotes and braces (4B, appendix)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

from fundraise.ledger.sie_strict.faults import Fault
from fundraise.ledger.sie_strict.lines import Field, Line, pairs

LABEL = "#KSUMMA"


def checksum_faults(lines: Sequence[Line]) -> list[Fault]:
    """None without #KSUMMA; with it, it stands second and last, and the sum is right."""
    places = [place for place, line in enumerate(lines) if line.label == LABEL]
    if not places:
        return []
    if places != [1, len(lines) - 1] or lines[1].fields or len(lines[-1].fields) != 1:
        return [Fault(lines[places[0]].number, LABEL, "stands second, and last with the sum")]
    covered = "".join(_content(line) for line in lines[2:-1]).encode("cp437")
    summed = zlib.crc32(covered)
    said = lines[-1].text(0)
    if not re.fullmatch("-?[0-9]+", said) or int(said) % 2**32 != summed:
        return [Fault(lines[-1].number, LABEL, f"says {said}, the file makes {summed}")]
    return []


def _content(line: Line) -> str:
    if line.label in "{}":
        return ""
    return line.label + "".join(_field(field) for field in line.fields)


def _field(field: Field) -> str:
    if field.kind != "list":
        return field.text
    return "".join(dimension + code for dimension, code in pairs(field.text) or [])
