"""The suppression table follows the register: the dead, the forgotten, and those who came back.

An address is kept away for a death or an erasure only while no other donor has it: a widow goes on
hearing from us. It is let in again when its owner answered from it afterwards (a bounce), or said
yes to appeals afterwards and has shown that the address is hers (a no, an erasure).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from donors.models import ContactPoint, Donor, ForgottenAddress, LegalBasis
from donors.models.basis import ACTIVE
from mailings.suppressions import services, wishes
from mailings.suppressions.models import Suppression

Reason = Suppression.Reason
BY = "system:suppressions"
ANSWERED = (Reason.BOUNCE, Reason.INVALID, Reason.BLOCKED)
SAID_NO = (Reason.UNSUBSCRIBED, Reason.ERASED)


def follow(donor: Donor) -> None:
    """Bring the table in line with one donor as the register has it now. Twice is harmless."""
    if donor.status == Donor.Status.ERASED:
        wishes.forget(donor.pk)
        keep_forgotten_away()
        return
    points = ContactPoint.objects.filter(donor=donor, kind=ContactPoint.Kind.EMAIL)
    if donor.died_on is not None:
        _keep_away([bytes(key) for key in points.values_list("value_hash", flat=True)])
        return
    keys = [bytes(key) for key in points.values_list("value_hash", flat=True)]
    services.lift_many(keys, reasons=[Reason.DECEASED], why="lives", by=BY)
    said_yes_at = _said_yes_at(donor)
    for point in points.filter(state=ContactPoint.State.CONFIRMED):
        key = [bytes(point.value_hash)]
        services.lift_many(key, reasons=ANSWERED, why="answered", by=BY, before=point.confirmed_at)
        if said_yes_at is not None:
            services.lift_many(key, reasons=SAID_NO, why="said_yes", by=BY, before=said_yes_at)


def _said_yes_at(donor: Donor) -> datetime | None:
    bases = LegalBasis.objects.filter(ACTIVE, donor=donor, purpose=LegalBasis.Purpose.APPEALS)
    last = bases.exclude(given_at=None).order_by("given_at").last()
    return last.given_at if last else None


def _keep_away(keys: list[bytes]) -> None:
    """Somebody died: her addresses, but for those that another living donor has too."""
    living = Donor.objects.exclude(status=Donor.Status.ERASED).filter(died_on=None)
    shared = ContactPoint.objects.filter(
        kind=ContactPoint.Kind.EMAIL, value_hash__in=keys, donor__in=living
    )
    held = {bytes(key) for key in shared.values_list("value_hash", flat=True)}
    new = [services.New(key, Reason.DECEASED, "register") for key in keys if key not in held]
    services.suppress_many(new, by=BY)


def keep_forgotten_away() -> int:
    """Every forgotten address that no donor has and that does not stand there; how many."""
    standing = Suppression.objects.filter(
        email_key=OuterRef("value_hash"), reason=Reason.ERASED, lifted_at=None
    )
    held = ContactPoint.objects.filter(
        kind=ContactPoint.Kind.EMAIL, value_hash=OuterRef("value_hash")
    )
    rows = ForgottenAddress.objects.filter(~Exists(standing), ~Exists(held)).order_by("pk")
    keys = [bytes(key) for key in rows.values_list("value_hash", flat=True)]
    return services.suppress_many(
        [services.New(key, Reason.ERASED, "register") for key in keys], by=BY
    )
