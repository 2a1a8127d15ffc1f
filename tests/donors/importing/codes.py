"""Every code that the source can refuse a file or a row with."""

from __future__ import annotations

import re
from pathlib import Path

import donors.importing

FOLDER = Path(donors.importing.__path__[0])
FILE = re.compile(r'FileRefused\(\s*"(\w+)"')
RUN = re.compile(r'(?:DonorError|fail)\((?:run, )?"(\w+)"|found\.append\("(\w+)"\)')
ROW = re.compile(r'(?:RowError|InvalidValue)\("(\w+)"|Plan\("(?:error|person)", "(\w+)"')
CLEANED = ("name", "postal", "tag")  # normalise.clean_text makes codes of these


def codes() -> tuple[set[str], set[str]]:
    """Of files, of rows."""
    source = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py"))
    rows = {one or other for one, other in ROW.findall(source)}
    rows |= {f"{code}_{end}" for code in CLEANED for end in ("too_long", "invalid")}
    rows |= {"name_missing", "email_invalid", "phone_invalid", "postal_incomplete"}
    rows |= {"postcode_invalid"}
    files = set(FILE.findall(source)) | {one or other for one, other in RUN.findall(source)}
    return files, rows
