"""The seal of files to Bankgirot: HMAC-SHA-256 over every character, in records TK00 and TK99.

Source: Bankgirot's technical manual, August 2014, chapter 4; the bytes that letters outside ASCII
count as, and that blank lines are left out first, were found by recomputing sealed files of others.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import date

from fundraise.providers.autogiro.errors import FormatError
from fundraise.providers.autogiro.orders import SEAL_END, SEAL_OPENING, SealEnd, SealOpening

TEST_KEY = "1234567890ABCDEF1234567890ABCDEF"
LINE_END = b"\r\n"
_KEY = re.compile(r"[0-9A-Fa-f]{32}")
_COUNTS_AS = {"É": 0x40, "Ä": 0x5B, "Ö": 0x5C, "Å": 0x5D, "Ü": 0x5E}
_COUNTS_AS |= {"é": 0x60, "ä": 0x7B, "ö": 0x7C, "å": 0x7D, "ü": 0x7E}
_TABLE = bytes(
    _COUNTS_AS.get(char, ord(char) if 0x20 <= ord(char) <= 0x7E else 0xC3)
    for char in map(chr, range(256))
)


@dataclass(frozen=True, slots=True)
class Seal:
    """What a file's seal says: the day (YYMMDD) and the key it was made with."""

    sealed_on: str
    kvv: str


def key_of(text: str) -> bytes:
    """A key from its 32 hexadecimal signs. Raises ValueError."""
    if not _KEY.fullmatch(text.strip()):
        raise ValueError("a seal key is 32 hexadecimal signs")
    return bytes.fromhex(text.strip())


def normalised(lines: list[bytes]) -> bytes:
    """What the seal is computed over: no line ends, no blank lines, one byte for each character."""
    return b"".join(line for line in lines if line.strip()).translate(_TABLE)


def mac(key: bytes, data: bytes) -> str:
    """The first 128 bits of the HMAC, in capital hexadecimal signs."""
    return hmac.new(key, data, hashlib.sha256).hexdigest()[:32].upper()


def kvv(key: bytes) -> str:
    """The check value that names a key without showing it."""
    return mac(key, b"00000000")


def seal(content: bytes, key: bytes, on: date) -> bytes:
    """A file's records with TK00 before and TK99 after them. Raises FormatError when sealed."""
    lines = lines_of(content)
    if not lines:
        raise FormatError("empty")
    if lines[0].startswith(b"00") or lines[-1].startswith(b"99"):
        raise FormatError("order", 1, 1, record="00")
    day = f"{on:%y%m%d}"
    first = SEAL_OPENING.write(SealOpening(day)).encode("latin-1")
    sealed = [first, *lines]
    end = SEAL_END.write(SealEnd(day, kvv(key), mac(key, normalised(sealed))))
    return LINE_END.join([*sealed, end.encode("latin-1")]) + LINE_END


def verify(content: bytes, key: bytes) -> Seal:
    """The seal of a file that was not changed since. Raises FormatError: seal_missing,
    seal_other_key, seal_wrong, or what is wrong with its two records."""
    lines = lines_of(content)
    if len(lines) < 3 or not lines[0].startswith(b"00") or not lines[-1].startswith(b"99"):
        raise FormatError("seal_missing")
    opening = SEAL_OPENING.read(lines[0].decode("latin-1").ljust(80), 1)
    end = SEAL_END.read(lines[-1].decode("latin-1").ljust(80), len(lines))
    if not hmac.compare_digest(end.kvv, kvv(key)):
        raise FormatError("seal_other_key", len(lines), 9)
    if not hmac.compare_digest(end.mac, mac(key, normalised(lines[:-1]))):
        raise FormatError("seal_wrong", len(lines), 41)
    return Seal(opening.sealed_on, end.kvv)


def lines_of(content: bytes) -> list[bytes]:
    """The lines with something on them, without their ends."""
    lines = (line.rstrip(b"\r") for line in content.split(b"\n"))
    return [line for line in lines if line.strip()]
