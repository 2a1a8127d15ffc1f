"""Days as they are written: "28 mar 2027"."""

from __future__ import annotations

from datetime import date

from django.utils import formats
from django.utils.translation import get_language

from fundraise.language import SWEDISH

NO_BREAK_SPACE = "\u00a0"


def day(on: date | None) -> str:
    """The month written out short, in the language of whoever reads."""
    if on is None:
        return "–"
    written = formats.date_format(on, "j b Y")
    return (written if get_language() == SWEDISH else written.title()).replace(" ", NO_BREAK_SPACE)
