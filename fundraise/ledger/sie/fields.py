"""One field of a line: text in quotes, sums with a point, days without hyphens (4B 5.7-5.10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fundraise.ledger.sie.rows import SieError


def quoted(text: str) -> str:
    """In quotes, always; a quote inside is written with a backslash before it."""
    return '"' + text.replace('"', '\\"') + '"'


def amount(ore: int) -> str:
    """Whole öre as kronor with two decimals: -50 is -0.50."""
    kronor, rest = divmod(abs(ore), 100)
    return f"{'-' if ore < 0 else ''}{kronor}.{rest:02d}"


def day(value: date) -> str:
    """YYYYMMDD."""
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"


def object_list(objects: Iterable[tuple[int, str]]) -> str:
    """Pairs of dimension and code in braces; empty braces where there are none."""
    return "{" + " ".join(f"{dimension} {quoted(code)}" for dimension, code in objects) + "}"


def org_number(text: str) -> str:
    """Ten digits with a hyphen after the sixth. Raises SieError."""
    digits = text.replace("-", "").strip()
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        raise SieError(f"an organisation number has ten digits, not {text!r}")
    return f"{digits[:6]}-{digits[6:]}"
