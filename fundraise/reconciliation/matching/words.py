"""References, message codes and names as the bank's files have them. Plain Python."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = re.compile(r"[0-9]{2,25}")
_SAID = re.compile(r"(?<= )[0-9]{8,25}(?= )")
_NOT_WORD = re.compile(r"[^0-9a-zåäöéü]+")
# A message code: eight signs of Crockford's base 32, perhaps parted by a hyphen or a space.
_CODE = re.compile(r"(?<![0-9A-Z])([0-9A-HJKMNP-TV-Z]{4})[- ]?([0-9A-HJKMNP-TV-Z]{4})(?![0-9A-Z])")
MOST_NAMES = 6  # words of a name whose order is turned
_LONGEST = 400  # signs of a message that are looked at


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit (modulus 10)."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        number = ord(sign) - 48
        if place % 2:
            number = number * 2 - 9 if number > 4 else number * 2
        total += number
    return total % 10 == 0


def ocr(reference: str) -> str:
    """The digits of an OCR reference whose check digit is right; nothing otherwise."""
    digits = reference.replace(" ", "")
    return digits if _DIGITS.fullmatch(digits) and luhn(digits) else ""


def spoken(words: str) -> tuple[str, ...]:
    """Numbers within folded words that may be OCR references: a giver writes it as a message."""
    return tuple(dict.fromkeys(one for one in _SAID.findall(words) if luhn(one)))


def codes(message: str) -> tuple[str, ...]:
    """Message codes in a text, in the order in which they stand, each once."""
    if not message:
        return ()
    found = _CODE.findall(message[:_LONGEST].upper())
    return tuple(dict.fromkeys(first + last for first, last in found))


def folded(text: str) -> str:
    """Words in lower case with a space around each: " medlemsavgift 2026 "."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    return f" {_NOT_WORD.sub(' ', plain).strip()} "


def name_orders(name: str) -> tuple[str, ...]:
    """A name as it may be in the register: "SVENSSON,ANNA" is "anna svensson"."""
    family, comma, given = name.partition(",")
    plain = _spaced(f"{given} {family}" if comma else name)
    words = plain.split()
    if not 1 < len(words) <= MOST_NAMES:
        return (plain,) if words else ()
    turned = (words[-1:] + words[:-1], words[1:] + words[:1])
    return tuple(dict.fromkeys((plain, *(" ".join(one) for one in turned))))


def _spaced(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text[:_LONGEST]).casefold().split())
