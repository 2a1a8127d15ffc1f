"""Keyed hashes of what donors are found by. The kind keeps an e-mail and a phone number apart."""

from __future__ import annotations

from donors import normalise
from donors.values import Name, PostalAddress
from fundraise import crypto


def email_hashes(email: str) -> list[bytes]:
    """Under every known key: search with these, as a rotation may be under way."""
    return crypto.lookup_hashes("email", normalise.email_key(normalise.clean_email(email)))


def name_hash(name: Name) -> bytes:
    return crypto.lookup_hash("name", normalise.name_key(name.full))


def name_hashes(full_name: str) -> list[bytes]:
    return crypto.lookup_hashes("name", normalise.name_key(full_name))


def contact_key(kind: str, value: str | PostalAddress) -> str:
    """What is hashed of a cleaned contact value."""
    if isinstance(value, PostalAddress):
        return normalise.address_key(value)
    return normalise.email_key(value) if kind == "email" else value


def contact_hash(kind: str, value: str | PostalAddress) -> bytes:
    return crypto.lookup_hash(kind, contact_key(kind, value))


def contact_hashes(kind: str, value: str | PostalAddress) -> list[bytes]:
    return crypto.lookup_hashes(kind, contact_key(kind, value))


def identity_hash(kind: str, number: str) -> bytes:
    return crypto.lookup_hash(kind, number)


def identity_hashes(kind: str, number: str) -> list[bytes]:
    return crypto.lookup_hashes(kind, number)
