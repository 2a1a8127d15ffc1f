"""What a file is, told by what stands in it and never by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from fundraise.reconciliation.formats import giro_files, stripe_csv
from fundraise.reconciliation.formats.base import FormatError, Reader, Statement
from fundraise.reconciliation.formats.camt.names import local
from fundraise.reconciliation.formats.camt.reader import MESSAGES, CamtReader
from fundraise.reconciliation.formats.giro_files import AutogiroReader, BgMaxReader
from fundraise.reconciliation.formats.limits import LIMITS, Limits
from fundraise.reconciliation.formats.mapper import Mapping
from fundraise.reconciliation.formats.profiles import BANKS, SWISH, SWISH_RECORDS
from fundraise.reconciliation.formats.rows import DELIMITERS, Row, encoding_of, rows
from fundraise.reconciliation.formats.stripe_csv import StripeReader
from fundraise.reconciliation.formats.table import TableReader, header_in, is_table, sample_of
from fundraise.reconciliation.formats.xml_events import events

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\xd0\xcf\x11\xe0", "spreadsheet"),
    (b"\x1f\x8b", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
)
IN_SPREADSHEET = (b"xl/", b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis")
WEB_PAGE = (b"<!doctype html", b"<html")


def read(
    file: IO[bytes], mappings: Iterable[Mapping] = (), limits: Limits = LIMITS
) -> Iterator[Statement]:
    """The statements of a file of any kind. Raises FormatError at the first fault."""
    yield from recognise(file, mappings, limits).statements(file)


def recognise(file: IO[bytes], mappings: Iterable[Mapping] = (), limits: Limits = LIMITS) -> Reader:
    """The reader of a file that can be wound back; it stands at its beginning afterwards.

    A mapping that somebody saved goes before a profile of ours that fits as well. Raises
    FormatError when the file is empty or none that we know.
    """
    file.seek(0)
    head = file.read(limits.prolog_bytes)
    try:
        return _reader(file, head, tuple(mappings), limits)
    finally:
        file.seek(0)


def _reader(file: IO[bytes], head: bytes, mappings: tuple[Mapping, ...], limits: Limits) -> Reader:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise FormatError("empty")
    _refuse_other_kinds(head, start)
    if start.startswith(b"<"):
        return _camt(file, limits)
    giro = giro_files.kind_of(head)
    if giro:
        return BgMaxReader(limits) if giro == "bgmax" else AutogiroReader(giro)
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FormatError("unknown")
    return _table(sample_of(file, encoding_of(file, limits), limits), mappings, limits)


def _table(sample: list[str], mappings: tuple[Mapping, ...], limits: Limits) -> Reader:
    """The CSV whose header fits best."""
    if any(stripe_csv.is_header(row) for _number, row in _rows(sample[:1])):
        return StripeReader(limits)
    headed = [one for one in (*mappings, *BANKS, SWISH) if one.has_header]
    scores = [(max(header_in(one, sample, sign) for sign in _signs(one)), one) for one in headed]
    best, mapping = max(scores, key=lambda pair: pair[0])
    if best:
        return TableReader(mapping, limits)
    for mapping in (*mappings, SWISH_RECORDS):
        if not mapping.has_header and is_table(mapping, sample):
            return TableReader(mapping, limits)
    many = max((line.count(sign) for line in sample for sign in DELIMITERS), default=0)
    raise FormatError("unknown_csv" if many > 1 else "unknown")


def _rows(sample: list[str]) -> list[Row]:
    try:
        return list(rows(sample, ","))
    except FormatError:
        return []


def _signs(mapping: Mapping) -> tuple[str, ...]:
    return (mapping.delimiter,) if mapping.delimiter else DELIMITERS


def _refuse_other_kinds(head: bytes, start: bytes) -> None:
    """What people drop instead: each with a word on what to do. Raises FormatError."""
    if head.startswith(b"PK\x03\x04"):
        packed = any(mark in head for mark in IN_SPREADSHEET)
        raise FormatError("spreadsheet" if packed else "archive")
    if head[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif") or head[8:12] == b"WEBP":
        raise FormatError("image")
    for signature, code in SIGNATURES:
        if head.startswith(signature):
            raise FormatError(code)
    if start[:40].lower().startswith(WEB_PAGE):
        raise FormatError("web_page")


def _camt(file: IO[bytes], limits: Limits) -> Reader:
    """By the element that holds the message."""
    file.seek(0)
    try:
        for _name, element in events(file, tuple(MESSAGES), limits):
            return CamtReader(MESSAGES[local(element)], limits)
    except FormatError as error:
        if error.code != "too_large":
            raise
    raise FormatError("unknown")
