"""What a person takes over from Bankgirot's mandate register. Nothing here happens by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.pledges import locks, sealing, states
from fundraise.pledges.models import Mandate
from fundraise.pledges.sealing import AccountDetails


@dataclass(frozen=True, slots=True)
class Found:
    """A mandate as the register has it."""

    entity_id: int
    payer_number: str
    details: AccountDetails
    hint: str
    created_on: date


def adopt(found: Found, *, by: str) -> Mandate:
    """An approved mandate that we did not know becomes ours; without a pledge it draws nothing.

    Raises django.db.IntegrityError when a mandate of ours has or had its number.
    """
    now = clock.now()
    mandate = Mandate(
        entity_id=found.entity_id,
        method="autogiro",
        state=Mandate.State.ACTIVE,
        origin=Mandate.Origin.REGISTER,
        account_hint=found.hint,
        payer_number=found.payer_number,
        created_at=now,
        decided_at=now,
        reason="register",
    )
    for name, value in sealing.sealed_fields(mandate.ref, found.details).items():
        setattr(mandate, name, value)
    with transaction.atomic():
        mandate.save()
        audit.log_change(
            by=by,
            action="mandate.adopted",
            subject_type="mandate",
            subject_ref=mandate.ref,
            after={"from_date": found.created_on},
        )
    return mandate


def move_account(mandate_id: int, details: AccountDetails, *, hint: str, by: str) -> bool:
    """The payer has moved the mandate to another account, and the bank did not tell us.

    False when it is over.
    """
    with transaction.atomic():
        mandate = locks.mandate_for_change(mandate_id)
        if mandate.state in states.OVER_MANDATE:
            return False
        names = list(sealing.sealed_fields(mandate.ref, details).items())
        for name, value in names:
            setattr(mandate, name, value)
        mandate.account_hint = hint
        mandate.save(update_fields=[*(name for name, _value in names), "account_hint"])
        audit.log_change(
            by=by,
            action="mandate.account_moved",
            subject_type="mandate",
            subject_ref=mandate.ref,
        )
    return True
