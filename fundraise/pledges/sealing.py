"""A mandate's account and identity number: sealed for it, with keyed hashes to find them by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from fundraise import crypto
from fundraise.pledges.models import Mandate


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """What a mandate draws on, in full. `repr` shows none of it.

    `account16` is clearing and account as a record has them (empty for a bankgiro mandate),
    `identity12` twelve digits, an organisation's with 00 before them.
    """

    account16: str = field(default="", repr=False)
    identity12: str = field(default="", repr=False)


def sealed_fields(ref: UUID, details: AccountDetails) -> dict[str, bytes | None]:
    """The four columns of a mandate with this ref."""
    account, identity = details.account16, details.identity12
    return {
        "account_sealed": _seal(account, f"mandate:{ref}:account"),
        "account_hash": account_hash(account) if account else None,
        "identity_sealed": _seal(identity, f"mandate:{ref}:identity"),
        "identity_hash": identity_hash(identity) if identity else None,
    }


def _seal(text: str, context: str) -> bytes | None:
    return crypto.seal(text.encode(), context=context) if text else None


def details_of(mandate: Mandate) -> AccountDetails:
    """Account and identity number in the clear: for a file to the bank, never for a page."""
    return AccountDetails(
        _open(mandate.account_sealed, f"mandate:{mandate.ref}:account"),
        _open(mandate.identity_sealed, f"mandate:{mandate.ref}:identity"),
    )


def _open(sealed: bytes | memoryview[int] | None, context: str) -> str:
    return "" if sealed is None else crypto.unseal(bytes(sealed), context=context).decode()


def account_hash(account16: str) -> bytes:
    """The keyed hash under which one account's mandates are found."""
    return crypto.lookup_hash("account", account16)


def card_hash(fingerprint: str) -> bytes:
    """The keyed hash under which one card's mandates are found."""
    return crypto.lookup_hash("card", fingerprint)


def identity_hash(identity12: str) -> bytes:
    """The keyed hash under which one payer's mandates are found."""
    return crypto.lookup_hash("mandate-identity", identity12)


def seal_evidence(ref: UUID, evidence: Mapping[str, object]) -> bytes:
    """What proves a signature, as sealed JSON."""
    return crypto.seal(json.dumps(evidence).encode(), context=f"mandate:{ref}:signature")


def evidence_of(ref: UUID, sealed: bytes) -> dict[str, object]:
    """What proved a signature."""
    plain = crypto.unseal(bytes(sealed), context=f"mandate:{ref}:signature")
    return dict(json.loads(plain))


def seal_scan(ref: UUID, scan: bytes) -> bytes:
    """A scanned paper mandate."""
    return crypto.seal(scan, context=f"mandate:{ref}:scan")


def scan_of(ref: UUID, sealed: bytes) -> bytes:
    """The scanned paper as it was given."""
    return crypto.unseal(bytes(sealed), context=f"mandate:{ref}:scan")
