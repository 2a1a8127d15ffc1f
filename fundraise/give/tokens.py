"""The form's token: signed, time-stamped, for one campaign and one giving.

It is made when the page is shown and comes back with the POST. It can't be made up, and what it
leads to is decided once: the same token gives the same gift (`submission` names it). It also
carries which consent wordings stood on the page, so that the proof names what the giver read.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from fundraise import clock

MAX_AGE = timedelta(hours=4)  # longer than a checkout session lives, so no session is left open
LONGEST = 200
TARGETING = "t"  # no sign of a UUID, so that the two can't be taken for one another


class TokenError(ValueError):
    """The token can't be used; `code` is forged or expired."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class FormToken:
    """What a good token says."""

    submission: bytes
    register_wording_id: int | None
    appeals_wording_id: int | None
    targeting_wording_id: int | None = None
    instead: UUID | None = None  # the instalment that the gift stands for
    age: float = 0.0  # seconds since the page was shown

    @property
    def is_hasty(self) -> bool:
        """Sent sooner than a person can: the form is shown again, and the next press goes on."""
        return self.age < settings.FORM_MIN_SECONDS


def new_token(
    slug: str,
    register_wording_id: int | None,
    appeals_wording_id: int | None,
    *,
    targeting_wording_id: int | None = None,
    submission: bytes | None = None,
    instead: UUID | None = None,
) -> str:
    """A token for a campaign's form: fresh, or for a gift that is to be changed.

    With the `submission` of a gift that waits, the form goes on with it: the service closes what is
    open of that gift before it opens anything else.
    """
    carried = (submission or secrets.token_bytes(32)).hex()
    parts = [carried, str(register_wording_id or 0), str(appeals_wording_id or 0)]
    if targeting_wording_id is not None:
        parts.append(f"{TARGETING}{targeting_wording_id}")
    if instead is not None:
        parts.append(instead.hex)
    return _signer(slug).sign(".".join(parts))


def read_token(token: str, slug: str) -> FormToken:
    """What the token says. Raises TokenError."""
    if len(token) > LONGEST:
        raise TokenError("forged")
    try:
        value = _signer(slug).unsign(token, max_age=MAX_AGE)
        shown_at = signing.b62_decode(token.rsplit(":", 2)[1])
    except signing.SignatureExpired:
        raise TokenError("expired") from None
    except signing.BadSignature:
        raise TokenError("forged") from None
    carried, register, appeals, *more = value.split(".")
    targeting, instead = _more(more)
    return FormToken(
        submission=bytes.fromhex(carried),
        register_wording_id=int(register) or None,
        appeals_wording_id=int(appeals) or None,
        targeting_wording_id=targeting,
        instead=instead,
        age=clock.real_now().timestamp() - shown_at,
    )


def instead_of(token: str, slug: str) -> UUID | None:
    """The month that an old form's gift stands for: a form that has expired does not forget it."""
    try:
        parts = _signer(slug).unsign(token[:LONGEST]).split(".")
    except signing.BadSignature:
        return None
    return _more(parts[3:])[1]


def _more(parts: list[str]) -> tuple[int | None, UUID | None]:
    """What only some forms carry: the wording about targeting, and the month given for."""
    targeting = next((int(one[1:]) for one in parts if one.startswith(TARGETING)), None)
    instead = next((UUID(one) for one in parts if not one.startswith(TARGETING)), None)
    return targeting, instead


def _signer(slug: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"fundraise.give.form/{slug}")
