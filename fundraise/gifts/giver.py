"""What a giver typed, as it stays on the gift: sealed, until confirmed by mail or by staff."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from fundraise import crypto


@dataclass(frozen=True, slots=True)
class Giver:
    """The words of a public form or of staff. `repr` shows none of them."""

    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    identity_number: str = field(default="", repr=False)
    organisation: bool = False
    declaration: bool = False
    keep_as_donor: bool = False
    appeals: bool = False
    register_wording_id: int | None = None
    appeals_wording_id: int | None = None
    targeting_wording_id: int | None = None
    member: bool = False

    @property
    def identified(self) -> bool:
        """Name and one of identity number, organisation number or address (lag 2018:90, 2 §)."""
        return bool(self.name and (self.identity_number or (self.address and self.city)))

    def key(self) -> bytes | None:
        """Who gave, as a keyed hash of the address; None when nobody said."""
        return giver_key(self.email) if self.email else None


def giver_key(email: str) -> bytes:
    """The keyed hash under which gifts of one e-mail address count as one giver's."""
    return crypto.lookup_hash("giver", _keyed(email))


def giver_keys(email: str) -> list[bytes]:
    """The same under every known key: search with these, as a key may have been changed since."""
    return crypto.lookup_hashes("giver", _keyed(email))


def _keyed(email: str) -> str:
    return email.strip().casefold()


def seal(giver: Giver, gift_ref: object) -> bytes:
    """The giver as sealed bytes that open only for this gift."""
    return crypto.seal(json.dumps(asdict(giver)).encode(), context=f"gift:{gift_ref}")


def unseal(sealed: bytes, gift_ref: object) -> Giver:
    """The giver of a gift. Raises crypto.CryptoError."""
    return Giver(**json.loads(crypto.unseal(bytes(sealed), context=f"gift:{gift_ref}")))
