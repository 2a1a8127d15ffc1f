"""Read and write whole files: bytes to records with their lines, and back. Plain Python.

Reading is forgiving where Bankgirot's own files are untidy (title lines, blank lines, cut lines, a
TAB for a blank, a damaged letter) and strict in all else: one wrong line refuses the whole file.
What it was forgiving about stands in `remarks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from fundraise import collector
from fundraise.providers.autogiro.errors import FormatError, Remark
from fundraise.providers.autogiro.kinds import BY_NAME, Kind, Section, kind_of
from fundraise.providers.autogiro.layout import WIDTH, Line, is_damaged
from fundraise.providers.autogiro.orders import SEAL_END, SEAL_OPENING, SealEnd, SealOpening

LINE_END = "\r\n"
MOST_TITLES = 5
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_PLAIN = bytes({*range(0x20, 0x7F), *range(0x80, 0x100), 0x0A, 0x0D})
_RULER = re.compile(r"\D{0,3}(?:1234567890){2,}")
_RECORD = re.compile(r"\d{2}(?:[0-9 ]{6}|AUTOGI|BGMAX )")


@dataclass(frozen=True)
class File:
    """A file as it was read. `seal` is what its records TK00 and TK99 say, unchecked."""

    kind: Kind
    sections: list[Section]
    remarks: list[Remark] = field(default_factory=list)
    seal: tuple[SealOpening, SealEnd] | None = None

    @property
    def lines(self) -> Iterator[Line]:
        """All records but opening and end records."""
        for section in self.sections:
            yield from section.lines


def read(content: bytes) -> File:
    """A file of any kind, recognised by its first record. Raises FormatError."""
    with collector.away():
        return _read(content)


def _read(content: bytes) -> File:
    lines = _lines(content)
    titles = _titles(lines)
    del lines[: len(titles)]
    seal = _seal(lines)
    if seal is not None:
        lines = lines[1:-1]
    if not lines:
        raise FormatError("empty")
    kind = kind_of(lines[0][1])
    if kind is None:
        raise FormatError("unknown_file", lines[0][0], 1)
    sections = list(_register(kind, lines) if kind.opening is None else _sections(kind, lines))
    remarks = [remark for section in sections for remark in kind.check(section)]
    return File(kind, sections, [*titles, *remarks, *_damaged(kind, sections, lines)], seal)


def write(kind: str, sections: Iterable[tuple[Any, Iterable[Any], Any]]) -> bytes:
    """The bytes of sections (opening, records, end record), unsealed, CR LF after each line.

    Raises FormatError when a value does not fit, KeyError when the kind has no such record.
    """
    found = BY_NAME[kind]
    lines: list[str] = []
    for opening, records, end in sections:
        if found.opening is not None:
            lines.append(found.opening.write(opening))
        lines += [found.layout_of(record).write(record) for record in records]
        if found.end is not None:
            lines.append(found.end.write(end))
    return "".join(line + LINE_END for line in lines).encode("latin-1")


# --- Lines ----------------------------------------------------------------------------------------
def _lines(content: bytes) -> list[tuple[int, str]]:
    """The lines with something on them, each of 80 characters at least, with their numbers."""
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise FormatError("not_latin_1", 1, 1)  # somebody's editor has saved it anew
    if b"\t" in content:
        content = content.replace(b"\t", b" ")
    ends = content.count(b"\r\n")
    if not ends == content.count(b"\n") == content.count(b"\r"):
        content, ends = content.replace(b"\r\n", b"\n"), 0
    line_end, text = "\r\n" if ends else "\n", content.decode("latin-1")
    if content.translate(None, _PLAIN) or (not ends and b"\r" in content):
        _refuse_control_characters(text.replace(line_end, "\n"))
    numbered = enumerate(text.split(line_end), start=1)
    return [
        (at, line if len(line) == WIDTH else line.rstrip(" ").ljust(WIDTH))
        for at, line in numbered
        if line and not line.isspace()
    ]


def _refuse_control_characters(text: str) -> None:
    bad = _CONTROL.search(text)
    if bad is not None:
        begins = text.rfind("\n", 0, bad.start()) + 1
        at = text.count("\n", 0, begins) + 1
        raise FormatError("control_character", at, bad.start() - begins + 1)


def _titles(lines: list[tuple[int, str]]) -> list[Remark]:
    """Bankgirot's examples begin with a title or a ruler: a few lines that are no record."""
    remarks: list[Remark] = []
    for at, line in lines[:MOST_TITLES]:
        if _RECORD.match(line) and not _RULER.match(line):
            break
        remarks.append(Remark("title", at))
    return remarks


def _seal(lines: list[tuple[int, str]]) -> tuple[SealOpening, SealEnd] | None:
    """The records TK00 and TK99 around a sealed file."""
    if not lines or not SEAL_OPENING.is_like(lines[0][1]):
        return None
    (first, opening), (last, end) = lines[0], lines[-1]
    if not end.startswith("99"):
        raise FormatError("seal_missing", last, 1)
    return SEAL_OPENING.read(opening, first), SEAL_END.read(end, last)


# --- Sections -------------------------------------------------------------------------------------
def _register(kind: Kind, lines: list[tuple[int, str]]) -> Iterator[Section]:
    """The mandate register has neither opening nor end record."""
    layout = kind.records[""]
    yield Section(None, 0, [(at, layout.read(line, at)) for at, line in lines])


def _sections(kind: Kind, lines: list[tuple[int, str]]) -> Iterator[Section]:
    """Split into sections. Raises FormatError with the line that can't stand where it stands."""
    opening, readers = kind.opening, {tk: one.read for tk, one in kind.records.items()}
    section: Section | None = None
    append = list[Line]().append
    for at, line in lines:
        read_it = readers.get(line[:2])
        if read_it is not None and section is not None:
            append((at, read_it(line, at)))
        elif opening is not None and line[:2] == opening.begins:
            if section is not None:
                yield _closed(kind, section, None, at)
            section = Section(opening.read(line, at), at)
            append = section.lines.append
        elif section is None:
            raise FormatError("after_end" if at > lines[0][0] else "before_opening", at, 1)
        elif kind.end is not None and line[:2] == kind.end_code:
            yield _closed(kind, section, kind.end.read(line, at), at)
            section = None
        elif not kind.skips_unknown:
            raise FormatError("unknown_record", at, 1, record=line[:2])
    if section is not None:
        yield _closed(kind, section, None, lines[-1][0])


def _closed(kind: Kind, section: Section, end: Any, at: int) -> Section:
    """A section with its end record, where the kind has one. Raises FormatError."""
    if end is None and kind.end is not None:
        raise FormatError("no_end", at)
    if not section.lines and not kind.may_be_empty:
        raise FormatError("no_records", section.opened_at)
    return Section(section.opening, section.opened_at, section.lines, end, at if end else 0)


def _damaged(kind: Kind, sections: list[Section], lines: list[tuple[int, str]]) -> Iterator[Remark]:
    """Signed sums whose last character was damaged on the way."""
    if kind.end is None or not kind.name.startswith("changes"):
        return
    ends = {section.ended_at for section in sections}
    for at, line in lines:
        if at in ends:
            for name in ("sum_out_ore", "sum_in_ore"):
                if is_damaged(kind.end.raw(line, name)):
                    yield Remark("damaged_sign", at, 0, (("field", name.replace("_", " ")),))
