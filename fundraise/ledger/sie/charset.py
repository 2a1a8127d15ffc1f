"""CP437, the only character set of SIE (4B 5.8), and what becomes of what it can't hold.

Kept are ASCII's visible characters, the letters and signs at 0x80-0xAF, and ° · ². None of their
bytes begins a character of UTF-8, so nobody can take such a file for UTF-8 or the other way round.
Box drawings, Greek letters and mathematics, which CP437 has too, are written out.
"""

from __future__ import annotations

import unicodedata

_KEPT = frozenset(
    [chr(code) for code in range(0x20, 0x7F) if chr(code) != "\\"]
    + list(bytes(range(0x80, 0xB0)).decode("cp437"))
    + list("°·²")
)

# No rule says how a backslash is written (4B 5.7), so it becomes a slash.
_INSTEAD = {
    "\\": "/", "€": "EUR", "§": "par. ", "¤": "*", "×": "x", "÷": "/", "±": "+-", "−": "-",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-", "•": "-", "…": "...",
    "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "‘": "'", "’": "'", "‚": "'", "‛": "'",
    "′": "'", "´": "'", "`": "'", "‹": "<", "›": ">", "ø": "ö", "Ø": "Ö", "ß": "ss", "ẞ": "SS",
    "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "đ": "d", "Đ": "D", "ł": "l",
    "Ł": "L", "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "n", "Ŋ": "N", "ŧ": "t", "Ŧ": "T", "ə": "e",
    "µ": "u", "μ": "u", "©": "(c)", "®": "(r)", "→": "->", "←": "<-", "≤": "<=", "≥": ">=",
    "≠": "<>", "≈": "~", "│": "|", "─": "-", "′′": '"',
}  # fmt: skip


def to_cp437(text: str) -> str:
    """The text with only what a SIE file may hold; equal to it where nothing had to change.

    Line breaks, tabs and other spaces become one space each, control characters and marks without
    width go, and what has no likeness becomes a question mark.
    """
    return "".join(map(_plain, unicodedata.normalize("NFC", text)))


def _plain(char: str) -> str:
    if char in _KEPT:
        return char
    if char in _INSTEAD:
        return _INSTEAD[char]
    if char.isspace():
        return " "
    if unicodedata.category(char) in {"Cc", "Cf", "Mn", "Me"}:
        return ""
    parts = unicodedata.normalize("NFKD", char)
    kept = "".join(part if part in _KEPT else _INSTEAD.get(part, "") for part in parts)
    return kept or "?"
