"""Who gets a mail about a pledge, and who gets none."""

from __future__ import annotations

from django.db.models import F, Q

from donors import services as donors
from donors.models import ContactPoint, Donor
from fundraise.pledges import queries
from fundraise.pledges.models import Pledge
from fundraise.reporting import wording

BOUNCING = ContactPoint.State.BOUNCING
# Ends that no mail tells of: death, no contact, forgotten; what was never begun.
UNTOLD_ENDS = frozenset(
    {"deceased", "do_not_contact", "forgotten", "unsigned", "not_paid", "replaced", "finished"}
)


def silent(prefix: str = "") -> Q:
    """The pledges whose giver is sent nothing: died, wants no contact, or was forgotten.

    What somebody begins after having asked for no contact is a new wish, and is answered. `prefix`
    leads to the pledge from another table ("pledge__").
    """
    return (
        Q(**{f"{prefix}donor__died_on__isnull": False})
        | Q(**{f"{prefix}donor__status": "erased"})
        | Q(**{f"{prefix}donor__no_contact_at__gte": F(f"{prefix}created_at")})
        | Q(**{f"{prefix}end_reason__in": ["deceased", "do_not_contact", "forgotten"]})
    )


def is_silent(pledge: Pledge) -> bool:
    """Whether its giver is sent nothing."""
    return Pledge.objects.filter(silent(), pk=pledge.pk).exists()


def address_of(pledge: Pledge) -> str:
    """Where its mails go: as typed with it, else as the register has it; empty when nowhere."""
    if is_silent(pledge):
        return ""
    giver = queries.giver_of(pledge.pk)
    if giver is not None and giver.email:
        return giver.email
    return email_of(pledge.donor) if pledge.donor is not None else ""


def email_of(donor: Donor) -> str:
    """A donor's own address, the first one before others; empty when none works.

    The look is written down. Nobody who died, wants no contact or was forgotten has one.
    """
    gone = donor.status == Donor.Status.ERASED or donor.died_on is not None
    working = donor.contact_points.filter(kind=ContactPoint.Kind.EMAIL)
    if gone or donor.no_contact_at is not None or not working.exclude(state=BOUNCING).exists():
        return ""
    by = "system:mailings"
    card = donors.read_card(donor_ref=donor.ref, by=by, purpose="mail.monthly")
    points = [point for point in card.contact_points if point.kind == ContactPoint.Kind.EMAIL]
    points = [point for point in points if point.state != BOUNCING]
    points.sort(key=lambda point: not point.is_primary)
    return str(points[0].value) if points else ""


def name_of(pledge: Pledge) -> str:
    """The name to greet by; empty when unknown."""
    giver = queries.giver_of(pledge.pk)
    return wording.greeted(giver.name) if giver else ""
