"""settings.WORK["year_statements"]: the statements of everybody of a year, a chunk at a time.

A second run issues what the first one left: what has not changed is passed over.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.contrib.auth.models import User

from fundraise.jobs.work import Pace, WorkError
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.yearly import queries, services
from fundraise.staff import rights

CHUNK = 500
RIGHT = "receipts.make"


def run(arguments: dict[str, Any], pace: Pace) -> None:
    """Issue them all. Raises WorkError when who asked may not any more."""
    entity = LegalEntity.objects.get(pk=arguments["entity"])
    check(pace.asked_by, entity)
    year, done = int(arguments["year"]), 0
    holders = list(queries.holders_of_year(entity.pk, year))
    pace.step(0, len(holders))
    waiting = iter(holders)
    while chunk := list(islice(waiting, CHUNK)):
        services.issue_many(entity, year, chunk, by=pace.asked_by)
        done += len(chunk)
        pace.step(done)


def check(by: str, entity: LegalEntity, right: str = RIGHT) -> None:
    """Raises WorkError when who asked may not any more."""
    key = by.partition(":")[2]
    user = User.objects.filter(pk=int(key), is_active=True).first() if key.isdigit() else None
    if user is None or not rights.may(user, right, entity.pk):
        raise WorkError("no_right")
