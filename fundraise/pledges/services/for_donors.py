"""What a donor's death, a wish for no contact and the right to be forgotten mean for pledges."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from donors.models import Donor
from fundraise.pledges import states
from fundraise.pledges.models import (
    Collection,
    Mandate,
    Notice,
    Pledge,
    PledgeChange,
    PledgeDetails,
    Signature,
)
from fundraise.pledges.services import ending

BY = "system:pledges"
DECEASED, NO_CONTACT, FORGOTTEN = "deceased", "do_not_contact", "forgotten"


def end_for_donor(donor_id: int, *, reason: str, by: str, on: date | None = None) -> int:
    """End every pledge of a donor with its mandate and unsent draws; how many ended.

    `on` is the day of death: draws after it are listed to be given back
    (queries.draws_after_death). A day that is corrected later is put right in what had ended.
    """
    told = {} if on is None else {"died_on": on.isoformat()}
    live = Pledge.objects.filter(donor_id=donor_id, state__in=states.LIVE_PLEDGE)
    ended = sum(
        ending.end(pk, reason=reason, by=by, channel="register", told=told)
        for pk in list(live.order_by("pk").values_list("pk", flat=True))
    )
    if on is not None:
        _correct_day(donor_id, on)
    return ended


def _correct_day(donor_id: int, on: date) -> None:
    theirs = PledgeChange.objects.filter(
        pledge__donor_id=donor_id, pledge__end_reason=DECEASED, kind=PledgeChange.Kind.STOP
    )
    for change in theirs.exclude(after__died_on=on.isoformat()):
        change.after = {**change.after, "died_on": on.isoformat()}
        change.save(update_fields=["after"])


def follow(donor_id: int) -> int:
    """What the register says of a donor, carried out here; how many pledges ended.

    A pledge that was begun after the donor had asked for no contact is the donor's new wish.
    """
    donor = Donor.objects.get(pk=donor_id)
    if donor.status == Donor.Status.ERASED:
        return forget_for_donor(donor_id)
    if donor.died_on is not None:
        return end_for_donor(donor_id, reason=DECEASED, by=BY, on=donor.died_on)
    if donor.no_contact_at is None:
        return 0
    live = Pledge.objects.filter(
        donor=donor, state__in=states.LIVE_PLEDGE, created_at__lte=donor.no_contact_at
    )
    return sum(
        ending.end(pk, reason=NO_CONTACT, by=BY, channel="register")
        for pk in list(live.order_by("pk").values_list("pk", flat=True))
    )


def forget_for_donor(donor_id: int) -> int:
    """End a forgotten donor's pledges, and forget what no law wants kept; how many ended.

    Who gave, and the mandate of what was drawn, are kept for the books, the party-finance act and
    a bank's question; a pledge that brought nothing and was never at a bank keeps nobody.
    """
    ended = end_for_donor(donor_id, reason=FORGOTTEN, by=BY)
    for pledge in _of_no_use_to_the_law(donor_id):
        _forget(pledge)
    return ended


def _of_no_use_to_the_law(donor_id: int) -> QuerySet[Pledge]:
    drawn = Collection.objects.filter(instalment__pledge=OuterRef("pk")).exclude(
        state__in=[Collection.State.QUEUED, Collection.State.CANCELLED], sent_at=None
    )
    at_the_bank = Mandate.objects.filter(pledge=OuterRef("pk")).filter(
        Q(sent_at__isnull=False) | Q(decided_at__isnull=False)
    )
    return Pledge.objects.filter(~Exists(drawn), ~Exists(at_the_bank), donor_id=donor_id)


@transaction.atomic
def _forget(pledge: Pledge) -> None:
    PledgeDetails.objects.filter(pledge=pledge).update(sealed=None)
    Notice.objects.filter(pledge=pledge).update(text_sealed=None)
    mandates = Mandate.objects.filter(pledge=pledge)
    Signature.objects.filter(mandate__in=mandates).update(evidence_sealed=None, scan_sealed=None)
    mandates.update(
        account_sealed=None,
        account_hash=None,
        account_hint="",
        identity_sealed=None,
        identity_hash=None,
    )
    Pledge.objects.filter(pk=pledge.pk).update(giver_key=None)
