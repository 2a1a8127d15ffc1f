"""Bytes to lines of fields, with every fault of the outer form (4B 5.4-5.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fundraise.ledger.sie_strict.faults import Fault

# A field is in quotes (any backslash in it stands before a quote), a list in braces, or bare.
_QUOTED = r'"(?:[^"\\]|\\")*"'
_FIELD = re.compile(
    rf'(?P<quoted>{_QUOTED})|(?P<list>\{{(?:[^"{{}}]|{_QUOTED})*\}})|(?P<bare>[^\s"{{}}\\]+)'
)


@dataclass(frozen=True, slots=True)
class Field:
    """`kind` is quoted, list or bare; of a list `text` is what stands between the braces."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: a label with fields, or a brace alone."""

    number: int
    label: str
    fields: tuple[Field, ...] = ()

    def text(self, place: int) -> str:
        """A field's text; empty where the line ends before it."""
        return self.fields[place].text if place < len(self.fields) else ""


def read(data: bytes) -> tuple[list[Line], list[Fault]]:
    """All lines that can be read, and the faults of those that can't."""
    faults = _of_bytes(data)
    lines: list[Line] = []
    for number, raw in enumerate(data.split(b"\n"), start=1):
        content = raw.removesuffix(b"\r")
        faults += _of_raw(number, content)
        text = content.decode("cp437").strip(" \t")
        if not text:
            continue
        line, fault = _line(number, text)
        if fault is not None:
            faults.append(fault)
        if line is not None:
            lines.append(line)
    return lines, faults


def _of_bytes(data: bytes) -> list[Fault]:
    found = []
    if data.startswith(b"\xef\xbb\xbf"):
        found.append(Fault(1, "5.8", "begins with a byte order mark"))
    if any(byte > 0x7F for byte in data) and _is_utf8(data):
        found.append(Fault(0, "5.8", "is UTF-8, not CP437"))
    if not data.endswith(b"\n"):
        found.append(Fault(data.count(b"\n") + 1, "5.5", "the last line has no end"))
    return found


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _of_raw(number: int, content: bytes) -> list[Fault]:
    found = []
    if b"\r" in content:
        found.append(Fault(number, "5.5", "a carriage return inside the line"))
    control = [byte for byte in content if (byte < 32 and byte not in b"\t\r") or byte == 127]
    if control:
        found.append(Fault(number, "5.7", f"the control character {control[0]}"))
    return found


def _line(number: int, text: str) -> tuple[Line | None, Fault | None]:
    if text in "{}":
        return Line(number, text), None
    if not text.startswith("#"):
        return None, Fault(number, "7.1", "begins with neither a label nor a brace alone")
    label = re.split(r"[ \t]", text, maxsplit=1)[0]
    rest = text[len(label) :]
    fields: list[Field] = []
    place = 0
    while place < len(rest):
        if rest[place] in " \t":
            place += 1
            continue
        match = _FIELD.match(rest, place)
        if match is None or rest[match.end() : match.end() + 1] not in {"", " ", "\t"}:
            return Line(number, label, tuple(fields)), _broken(number, rest[place:])
        fields.append(_field(match))
        place = match.end()
    if any("\t" in field.text for field in fields if field.kind == "quoted"):
        return Line(number, label, tuple(fields)), Fault(number, "5.7", "a tab inside a field")
    return Line(number, label, tuple(fields)), None


def _broken(number: int, rest: str) -> Fault:
    if "\\" in rest.replace('\\"', ""):
        return Fault(number, "5.7", "a backslash that stands before no quote")
    return Fault(number, "5.7", "quotes or braces that do not close, or a field run into the next")


def _field(match: re.Match[str]) -> Field:
    kind = str(match.lastgroup)
    text = match.group()
    if kind == "bare":
        return Field(kind, text)
    inner = text[1:-1]
    return Field(kind, inner.replace('\\"', '"') if kind == "quoted" else inner)


def pairs(content: str) -> list[tuple[str, str]] | None:
    """An object list's dimension and object pairs; None when it is no list of pairs."""
    fields = []
    place = 0
    while place < len(content):
        if content[place] in " \t":
            place += 1
            continue
        match = _FIELD.match(content, place)
        if match is None or match.lastgroup == "list":
            return None
        fields.append(_field(match).text)
        place = match.end()
    if len(fields) % 2:
        return None
    return list(zip(fields[::2], fields[1::2], strict=True))
