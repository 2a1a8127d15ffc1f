"""When a donor has died, or wants no contact at all: nothing is sent, and pledges end.

The monthly gifts end by the DonorChanged fact (fundraise.pledges.subscribers.end_for_donor).
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from donors import announce
from donors.errors import DonorError
from donors.locks import lock_living_donor
from donors.models import Donor
from fundraise import clock


@transaction.atomic
def record_death(*, donor_id: int, died_on: date, by: str, reason: str = "") -> bool:
    """The donor died on a day. Another day corrects it; False when it was this one already.

    Raises DonorError (donor_erased, not_a_person, day_to_come).
    """
    donor = lock_living_donor(donor_id)
    if donor.kind != Donor.Kind.PERSON:
        raise DonorError("not_a_person")
    if died_on > clock.today():
        raise DonorError("day_to_come")
    return _set_death(donor, died_on, "donor.died", by=by, reason=reason)


@transaction.atomic
def withdraw_death(*, donor_id: int, by: str, reason: str) -> bool:
    """It was a mistake: the donor lives. What had ended stays ended. False when nothing was said.

    Raises DonorError("donor_erased").
    """
    donor = lock_living_donor(donor_id)
    return _set_death(donor, None, "donor.lives", by=by, reason=reason)


def _set_death(donor: Donor, died_on: date | None, action: str, *, by: str, reason: str) -> bool:
    before = donor.died_on
    if before == died_on:
        return False
    donor.died_on = died_on
    donor.save(update_fields=["died_on"])
    announce.changed(
        donor,
        action,
        by=by,
        before={"died_on": before},
        after={"died_on": died_on},
        reason=reason,
    )
    return True


@transaction.atomic
def refuse_contact(*, donor_id: int, by: str, reason: str = "") -> bool:
    """The donor wants no contact: no mail, no letter, no appeal. False when it was so already.

    Raises DonorError("donor_erased").
    """
    donor = lock_living_donor(donor_id)
    if donor.no_contact_at is not None:
        return False
    donor.no_contact_at = clock.now()
    donor.save(update_fields=["no_contact_at"])
    announce.changed(donor, "donor.no_contact", by=by, reason=reason)
    return True


@transaction.atomic
def allow_contact(*, donor_id: int, by: str, reason: str) -> bool:
    """The donor may be written to again, by the donor's own word. False when it was so already.

    Raises DonorError("donor_erased").
    """
    donor = lock_living_donor(donor_id)
    if donor.no_contact_at is None:
        return False
    donor.no_contact_at = None
    donor.save(update_fields=["no_contact_at"])
    announce.changed(donor, "donor.contact_allowed", by=by, reason=reason)
    return True
