"""The rows of a CSV file: encoding and delimiter found out, each row with its number."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import IO

from fundraise.reconciliation.formats.base import FormatError
from fundraise.reconciliation.formats.limits import LIMITS, Limits

Row = tuple[int, list[str]]
CHUNK = 262_144
DELIMITERS = (";", ",", "\t", "|")
# What UTF-8 looks like to somebody who took it for Windows-1252 and saved it.
_MANGLED = re.compile(r"Ã[¥¤¶…„–©]|Â\xa0|â‚¬")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMULA = re.compile(r'="(.*)"\Z')  # what some write so that Excel keeps a number's zeros


def encoding_of(file: IO[bytes], limits: Limits = LIMITS) -> str:
    """UTF-8 (with or without its mark), UTF-16 with its mark, else Windows-1252.

    The whole file is looked through. Raises FormatError.
    """
    file.seek(0)
    first = file.read(4)
    file.seek(0)
    if first.startswith(codecs.BOM_UTF8):
        name = "utf-8-sig"
    elif first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    else:
        name = "utf-8"
    return name if _decodes(file, name, limits) else "windows-1252"


def _decodes(file: IO[bytes], name: str, limits: Limits) -> bool:
    decoder, read = codecs.getincrementaldecoder(name)(), 0
    try:
        while chunk := file.read(CHUNK):
            read += len(chunk)
            if read > limits.bytes:
                raise FormatError("too_large")
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def lines(file: IO[bytes], encoding: str, limits: Limits = LIMITS) -> Iterator[str]:
    """The lines, each with its end. Raises FormatError."""
    file.seek(0)
    decoder, rest, number = codecs.getincrementaldecoder(encoding)(), "", 1
    try:
        while True:
            chunk = file.read(CHUNK)
            text = rest + decoder.decode(chunk, final=not chunk)
            whole = text.splitlines(keepends=True) if _plain_ends(text) else _split(text)
            rest = whole.pop() if chunk and whole else ""
            for line in whole:
                yield _right(line, number)
                number += 1
            if len(rest) > limits.silent_bytes:
                raise FormatError("too_large", f"row {number}")
            if not chunk:
                return
    except UnicodeDecodeError:
        raise FormatError("encoding", f"row {number}") from None


def _plain_ends(text: str) -> bool:
    """Whether no sign ends a line but CR and LF; some others do so for `splitlines`."""
    return not re.search(r"[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text)


def _split(text: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


def _right(line: str, number: int) -> str:
    if _CONTROL.search(line) or _MANGLED.search(line):
        raise FormatError("encoding", f"row {number}")
    return line


def rows(source: Iterable[str], delimiter: str, limits: Limits = LIMITS) -> Iterator[Row]:
    """Each row that has something in it, with its line's number. Raises FormatError.

    No bank writes a cell of several lines: one that has them is a quotation mark that never closes.
    """
    reader = csv.reader(source, delimiter=delimiter)
    try:
        for row in reader:
            if len(row) > limits.columns:
                raise FormatError("columns", f"row {reader.line_num}", found=len(row))
            if any("\n" in cell or "\r" in cell for cell in row):
                raise FormatError("csv", f"row {reader.line_num}")
            if any(row):
                yield reader.line_num, [cell_of(cell) for cell in row]
    except csv.Error:
        raise FormatError("csv", f"row {reader.line_num}") from None


def cell_of(text: str) -> str:
    """A cell without the blanks around it, and without Excel's ="…"."""
    plain = text.strip()
    if plain.startswith('="'):
        found = _FORMULA.match(plain)
        return found[1].strip() if found else plain
    return plain


def delimiter_of(sample: list[str]) -> str:
    """What parts the cells: told by `sep=;`, else what most of the first lines have most of."""
    if sample and (told := re.match(r'"?sep=(.)"?\s*\Z', sample[0], re.IGNORECASE)):
        return told[1]
    counts = {sign: max((line.count(sign) for line in sample), default=0) for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: counts[sign])


def plain_name(text: str) -> str:
    """A header's name as it is compared: "Bokförings-dag" is "bokforingsdag"."""
    apart = unicodedata.normalize("NFKD", text.replace("\ufeff", ""))
    return "".join(sign for sign in apart.casefold() if sign.isalnum())
