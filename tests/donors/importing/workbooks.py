"""Workbooks as Excel writes them, and worse ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

import xlsxwriter


def workbook(*sheets: Sequence[Sequence[object]]) -> bytes:
    """A sheet for each list of rows."""

    def write(book: xlsxwriter.Workbook) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for rows in sheets:
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    dated = hasattr(value, "year")
                    sheet.write(at, column, value, *([day] if dated else []))

    return written(write)


def written(write: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    """What a workbook is when it is saved."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into)
    write(book)
    book.close()
    return into.getvalue()


def changed(body: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts written anew."""
    into = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as old,
        zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part.filename, change(content) if part.filename == name else content)
    return into.getvalue()
