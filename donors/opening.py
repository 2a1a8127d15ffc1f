"""Opening very many donors' names and addresses for mail: the same seals, without rows of Django.

A page that shows a person uses `cards`, which writes who looked. Whoever opens people here writes
one line for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
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


Sealed = tuple[str, bytes | None, bytes | None, bytes | None]


def open_many(rows: Iterable[Sealed]) -> list[Opened | None]:
    """Each of (ref as text, wrapped key, sealed name, sealed e-mail); None where the key, the name
    or the address is missing or does not open."""
    two = crypto.opener_of_two(KEY_CONTEXT, NAME_CONTEXT, EMAIL_CONTEXT)
    loads, made = orjson.loads, list[Opened | None]()
    for ref, wrapped, name, email in rows:
        if wrapped is None or name is None or email is None:
            made.append(None)
            continue
        try:
            said, address = two(ref.encode(), wrapped, name, email)
        except CryptoError:
            made.append(None)
            continue
        made.append(_opened(loads(said), address.decode()))
    return made


def _opened(said: dict[str, str], address: str) -> Opened:
    if "organisation" in said:
        return Opened("", said["organisation"], address)
    given = said["given"]
    return Opened(given, f"{given} {said['family']}".strip(), address)
