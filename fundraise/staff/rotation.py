"""Moving the secrets of apps and recovery codes to the current master key."""

from __future__ import annotations

import base64

from allauth.mfa.models import Authenticator
from django.db import transaction

from fundraise import crypto
from fundraise.crypto import CryptoError

FIELDS = {"totp": "secret", "recovery_codes": "seed"}


def rotate() -> tuple[int, list[int]]:
    """Wrap them anew where an older key did. How many, and the accounts that can't be read."""
    moved, unreadable = 0, []
    kinds = Authenticator.objects.filter(type__in=FIELDS).order_by("pk")
    for pk, user_id in kinds.values_list("pk", "user_id"):
        try:
            moved += _rotate(pk)
        except CryptoError:
            unreadable.append(user_id)
    return moved, unreadable


@transaction.atomic
def _rotate(pk: int) -> bool:
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return False
    field = FIELDS[row.type]
    sealed = base64.b64decode(row.data[field])
    wrapped = crypto.rewrap(sealed)
    if wrapped == sealed:
        return False
    row.data[field] = base64.b64encode(wrapped).decode("ascii")
    row.save(update_fields=["data"])
    return True
