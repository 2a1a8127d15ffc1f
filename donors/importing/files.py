"""Which kind of file it is, by its bytes and not by its name. Plain Python."""

from __future__ import annotations

from donors.importing.csv_file import read_csv
from donors.importing.table import FileRefused, Table
from donors.importing.xlsx_file import OLE, read_xlsx

ZIP = b"PK\x03\x04"


def kind_of(body: bytes) -> str:
    """ "xlsx" or "csv": what is no workbook is read as text. Raises FileRefused on neither."""
    if body.startswith(OLE):
        raise FileRefused("xls_or_locked")
    if body.startswith(b"%PDF"):
        raise FileRefused("not_text")
    return "xlsx" if body.startswith(ZIP) else "csv"


def read(body: bytes, *, sheet: int = 0, most: int) -> Table:
    """The member list in the file. Raises FileRefused."""
    if len(body) > most:
        raise FileRefused("too_large")
    return read_xlsx(body, sheet) if kind_of(body) == "xlsx" else read_csv(body)
