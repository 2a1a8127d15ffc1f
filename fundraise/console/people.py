"""Which donors somebody may see: all of them, or those who gave to an entity of theirs.

A donor belongs to no legal entity; a gift does. Who holds the right for every entity sees every
donor; a district's people see the donors of the district's gifts, and those gifts only.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from donors.models import Donor
from fundraise.console import access
from fundraise.gifts.models import Gift
from fundraise.staff import rights


def visible_donors(request: HttpRequest, permission: str = "donors.view") -> QuerySet[Donor]:
    """The donors whom the one who asks may open or, with another permission, change."""
    held = rights.of(request.user)
    if held.whole(permission):
        return Donor.objects.all()
    theirs = Gift.objects.filter(donor=OuterRef("pk"), entity__in=held.entities(permission))
    return Donor.objects.filter(Exists(theirs))


def gifts_of(request: HttpRequest, donor_id: int) -> QuerySet[Gift]:
    """A donor's gifts to the entities whose donors the one who asks may see, newest first."""
    rows = Gift.objects.filter(donor_id=donor_id).select_related("campaign").order_by("-pk")
    return access.scope(request, rows, "donors.view")
