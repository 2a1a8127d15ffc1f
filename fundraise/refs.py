"""Random references: the only ids that leave the house (URLs, API, keys, provider metadata)."""

from __future__ import annotations

import secrets
import uuid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
MISREAD = str.maketrans("ILO", "110")
REST = 128 - 40


def new_ref() -> uuid.UUID:
    """128 random bits."""
    return uuid.UUID(bytes=secrets.token_bytes(16))


def short_reference(ref: uuid.UUID) -> str:
    """Eight characters of a ref that people can read out and type: its first 40 bits."""
    number = ref.int >> REST
    return "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))


def refs_of_short(typed: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The first and last ref with a short reference as typed; None when it is none.

    I and L are read as 1 and O as 0, as Crockford's base 32 wants; spaces and hyphens are left out.
    """
    plain = typed.upper().replace(" ", "").replace("-", "").translate(MISREAD)
    if len(plain) != 8 or any(sign not in ALPHABET for sign in plain):
        return None
    number = 0
    for sign in plain:
        number = number << 5 | ALPHABET.index(sign)
    return uuid.UUID(int=number << REST), uuid.UUID(int=(number + 1 << REST) - 1)
