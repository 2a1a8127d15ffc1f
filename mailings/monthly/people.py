"""Who gets a mail about a pledge, and who gets none."""

from __future__ import annotations

from django.db.models import F, Q

from fundraise.pledges import queries
from fundraise.pledges.models import Pledge
from fundraise.reporting import wording

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
    """Where its mails go; empty when nobody said, or nothing may be sent."""
    giver = queries.giver_of(pledge.pk)
    return "" if giver is None or is_silent(pledge) else giver.email


def name_of(pledge: Pledge) -> str:
    """The name to greet by; empty when unknown."""
    giver = queries.giver_of(pledge.pk)
    return wording.greeted(giver.name) if giver else ""
