"""A donor's fields under the donor's own data key. Each opens for its donor and its use only."""

from __future__ import annotations

import json
from uuid import UUID

from donors.values import Name, OrganisationName, PersonName, PostalAddress
from fundraise import crypto

KEY_CONTEXT = "donor/%s/key"
NAME_CONTEXT = "donor/%s/name"
CONTACT_CONTEXT = "donor/%s/contact/%s"


def key_context(ref: UUID) -> str:
    return KEY_CONTEXT % ref


def name_context(ref: UUID) -> str:
    return NAME_CONTEXT % ref


def contact_context(ref: UUID, kind: str) -> str:
    return CONTACT_CONTEXT % (ref, kind)


def identity_context(ref: UUID, kind: str) -> str:
    return f"donor/{ref}/identity/{kind}"


def seal_name(data_key: bytes, ref: UUID, name: Name) -> bytes:
    if isinstance(name, OrganisationName):
        plain = {"organisation": name.full}
    else:
        plain = {"given": name.given, "family": name.family}
    return crypto.encrypt_with(data_key, json.dumps(plain).encode(), context=name_context(ref))


def open_name(data_key: bytes, ref: UUID, sealed: bytes) -> Name:
    plain = json.loads(crypto.decrypt_with(data_key, sealed, context=name_context(ref)))
    if "organisation" in plain:
        return OrganisationName(plain["organisation"])
    return PersonName(given=plain["given"], family=plain["family"])


def seal_contact(data_key: bytes, ref: UUID, kind: str, value: str | PostalAddress) -> bytes:
    plain = value.encode() if isinstance(value, str) else _address_json(value)
    return crypto.encrypt_with(data_key, plain, context=contact_context(ref, kind))


def open_contact(data_key: bytes, ref: UUID, kind: str, sealed: bytes) -> str | PostalAddress:
    plain = crypto.decrypt_with(data_key, sealed, context=contact_context(ref, kind))
    if kind != "postal":
        return plain.decode()
    parts = json.loads(plain)
    return PostalAddress(tuple(parts["lines"]), parts["postcode"], parts["city"], parts["country"])


def _address_json(address: PostalAddress) -> bytes:
    parts = {"lines": address.lines, "postcode": address.postcode}
    return json.dumps(parts | {"city": address.city, "country": address.country}).encode()


def seal_identity(data_key: bytes, ref: UUID, kind: str, number: str) -> bytes:
    return crypto.encrypt_with(data_key, number.encode(), context=identity_context(ref, kind))


def open_identity(data_key: bytes, ref: UUID, kind: str, sealed: bytes) -> str:
    return crypto.decrypt_with(data_key, sealed, context=identity_context(ref, kind)).decode()
