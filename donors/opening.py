"""Opening very many donors' names and addresses for mail: the same seals, without rows of Django.

A page that shows a person uses `cards`, which writes who looked. Whoever opens people here writes
one line for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import orjson

from donors.sealing import CONTACT_CONTEXT, KEY_CONTEXT, NAME_CONTEXT
from fundraise import crypto
from fundraise.crypto import CryptoError

EMAIL_CONTEXT = CONTACT_CONTEXT % ("%s", "email")


class Opened(NamedTuple):
    """A donor's name and address in the clear; an organisation has its name in `full` only."""

    given: str
    full: str
    email: str


def open_many(
    rows: list[tuple[str, bytes | None, bytes | None, bytes | None]],
) -> list[Opened | None]:
    """Each of (ref as text, wrapped key, sealed name, sealed e-mail); None where the key, the name
    or the address is missing or does not open."""
    unwrap = crypto.unwrapper()
    return [_open(unwrap, *row) for row in rows]


def _open(
    unwrap: Callable[[bytes, str], bytes],
    ref: str,
    wrapped: bytes | None,
    name: bytes | None,
    email: bytes | None,
) -> Opened | None:
    if wrapped is None or name is None or email is None:
        return None
    try:
        opener = crypto.Opener(unwrap(wrapped, KEY_CONTEXT % ref))
        said = orjson.loads(opener.open(name, NAME_CONTEXT % ref))
        address = opener.open(email, EMAIL_CONTEXT % ref).decode()
    except CryptoError:
        return None
    if "organisation" in said:
        return Opened("", said["organisation"], address)
    given = said["given"]
    return Opened(given, f"{given} {said['family']}".strip(), address)
