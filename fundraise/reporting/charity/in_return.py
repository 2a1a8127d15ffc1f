"""What a giver got for a gift, such as a dinner: its value lowers nobody's tax."""

from __future__ import annotations

from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.gifts import locks
from fundraise.gifts.models import Gift
from fundraise.reporting.charity.errors import CharityError, names_nobody
from fundraise.reporting.charity.models import InReturn


@transaction.atomic
def note(gift: Gift, *, value_ore: int, what: str, by: str) -> InReturn:
    """What the giver got for a gift: its value is no part of the gift that lowers the tax.

    Raises CharityError: more_than_gift, in_return_noted, personal.
    """
    names_nobody(what)
    gift = locks.gift_for_change(gift.pk)
    if value_ore > gift.amount_ore:
        raise CharityError("more_than_gift")
    if InReturn.objects.filter(gift=gift, withdrawn_at=None).exists():
        raise CharityError("in_return_noted")
    row = InReturn.objects.create(
        gift=gift, value_ore=value_ore, what=what, entered_by=by, entered_at=clock.now()
    )
    _log(row, "charity.in_return.noted", by)
    return row


@transaction.atomic
def withdraw(row: InReturn, *, by: str) -> bool:
    """The giver got nothing after all. False when it was withdrawn before."""
    waiting = InReturn.objects.filter(pk=row.pk, withdrawn_at=None)
    if not waiting.update(withdrawn_by=by, withdrawn_at=clock.now()):
        return False
    _log(row, "charity.in_return.withdrawn", by)
    return True


def _log(row: InReturn, action: str, by: str) -> None:
    audit.log_change(
        by=by, action=action, subject_type="gift", subject_ref=row.gift.ref,
        after={"amount_ore": row.value_ore},
    )  # fmt: skip
