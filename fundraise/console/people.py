"""Which donors somebody may see: all of them, or those who give or gave to an entity of theirs.

A donor belongs to no legal entity; a gift and a monthly gift do. Who holds the right for every
entity sees every donor; a district's people see the donors of the district's gifts and monthly
gifts, and those only.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest

from donors import merged
from donors.models import Donor
from fundraise.console import access
from fundraise.gifts import people
from fundraise.gifts.giver import giver_key
from fundraise.gifts.models import Gift
from fundraise.pledges.models import Pledge
from fundraise.reporting.models import YearStatement
from fundraise.staff import rights
from mailings.appeals.models import Appeal

MOST_PLEDGES = 25


def visible_donors(request: HttpRequest, permission: str = "donors.view") -> QuerySet[Donor]:
    """The donors whom the one who asks may open or, with another permission, change."""
    return people.visible_donors(rights.of(request.user), permission)


def gifts_of(request: HttpRequest, donor_id: int) -> QuerySet[Gift]:
    """A donor's gifts to the entities whose donors the one who asks may see, newest first."""
    rows = Gift.objects.filter(donor_id=donor_id).select_related("campaign").order_by("-pk")
    return access.scope(request, rows, "donors.view")


def promises_of(request: HttpRequest, donor_id: int) -> QuerySet[Pledge]:
    """A donor's monthly gifts to the entities whose donors the one who asks may see."""
    return access.scope(request, Pledge.objects.filter(donor_id=donor_id), "donors.view")


def pledges_of(request: HttpRequest, donor_id: int) -> QuerySet[Pledge]:
    """A donor's monthly gifts to the entities whose monthly gifts may be seen, newest first."""
    rows = Pledge.objects.filter(donor_id=donor_id).select_related("campaign").order_by("-pk")
    return access.scope(request, rows, "pledges.view")


def appeals_of(request: HttpRequest, permission: str = "appeals.view") -> QuerySet[Appeal]:
    """The appeals of the entities for which it may be done."""
    return access.scope(request, Appeal.objects.all(), permission, "campaign__entity")


def statements_of(request: HttpRequest, donor_id: int) -> QuerySet[YearStatement]:
    """A donor's yearly statements that hold, of the entities whose receipts may be seen."""
    records = merged.records_of(donor_id)
    rows = YearStatement.objects.filter(donor__in=records, following=None).select_related("entity")
    return access.scope(request, rows.order_by("-year", "-pk"), "receipts.view")


def pledges_by_email(request: HttpRequest, typed: str) -> QuerySet[Pledge]:
    """Monthly gifts that were signed up with this whole address, also before there is a donor."""
    rows = Pledge.objects.filter(giver_key=giver_key(typed)).select_related("campaign")
    mine = access.scope(request, rows, "pledges.view").order_by("-pk")
    return mine[:MOST_PLEDGES] if "@" in typed else mine.none()
