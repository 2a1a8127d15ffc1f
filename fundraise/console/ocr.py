"""OCR numbers as the pages of a donor and of a monthly gift show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest

from donors.models import Donor
from fundraise.console import access
from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import Pledge
from fundraise.reconciliation import references
from fundraise.reconciliation.models import Reference
from fundraise.staff import rights


@dataclass(frozen=True, slots=True)
class Shown:
    """A number and the bankgiro that it is written on, if there is one."""

    reference: Reference
    bankgiro: str


def of_donor(request: HttpRequest, donor_id: int) -> list[Shown]:
    """A donor's numbers for the entities whose donors may be seen."""
    rows = references.standing(donor_id=donor_id)
    return _shown(access.scope(request, rows, "donors.view"))


def of_pledge(pledge: Pledge) -> Shown | None:
    """The number of a monthly gift."""
    return next(iter(_shown(references.standing(pledge=pledge))), None)


def _shown(rows: Iterable[Reference]) -> list[Shown]:
    found = list(rows)
    giros = references.bankgiros({one.entity_id for one in found})
    return [Shown(one, giros.get(one.entity_id, "")) for one in found]


def without(request: HttpRequest, donor: Donor) -> QuerySet[LegalEntity]:
    """The entities for which the donor has no number yet and may be issued one."""
    may = rights.entities(request.user, "references.issue")
    has = references.standing(donor=donor, pledge=None, campaign=None).values("entity")
    return LegalEntity.objects.filter(pk__in=may).exclude(pk__in=has).order_by("name")
