"""The seal of files to Bankgirot: HMAC-SHA-256 over normalised bytes, TK00 and TK99."""

from __future__ import annotations

import hashlib
import hmac

TEST_KEY = "1234567890ABCDEF1234567890ABCDEF"
UNKNOWN = 0xC3


def _table() -> bytes:
    table = [byte if 0x20 <= byte <= 0x7E else UNKNOWN for byte in range(256)]
    swaps = {"É": 0x40, "Ä": 0x5B, "Ö": 0x5C, "Å": 0x5D, "Ü": 0x5E,
             "é": 0x60, "ä": 0x7B, "ö": 0x7C, "å": 0x7D, "ü": 0x7E}  # fmt: skip
    for letter, byte in swaps.items():
        table[letter.encode("latin-1")[0]] = byte
    return bytes(table)


NORMALISE = _table()
LETTERS = "ÉÄÖÅÜéäöåü".encode("latin-1")


def mac(key: str, content: bytes) -> str:
    """The first half of the HMAC, as 32 upper-case hex digits."""
    found = hmac.new(bytes.fromhex(key), content.translate(NORMALISE), hashlib.sha256)
    return found.hexdigest()[:32].upper()


def key_check(key: str) -> str:
    """KVV: tells which key was used, and nothing about it."""
    return mac(key, b"00000000")


def of_lines(key: str, lines: list[bytes]) -> str:
    """Over all lines but TK99, without line ends."""
    return mac(key, b"".join(lines))
