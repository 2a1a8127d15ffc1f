"""settings.WORK["year_papers"]: one PDF to print of all statements that go by post.

Each begins on a page of its own, with the giver's address where a window envelope shows it. The
file is a file taken out like any other: in the register, encrypted, gone when it has expired.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from donors.cards import open_lines
from donors.models import Donor
from donors.values import PostalAddress
from fundraise import clock
from fundraise.jobs.work import Pace, WorkError
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.exports import services as exports
from fundraise.reporting.exports.models import ExportRecord
from fundraise.reporting.exports.services import Made
from fundraise.reporting.models import YearTelling
from fundraise.reporting.papers import pdf
from fundraise.reporting.yearly import queries, work
from fundraise.reporting.yearly import words as yearly
from fundraise.reporting.yearly.lines import Holder

MOST = 2000  # papers of a file: more make several
RIGHT = "donors.export"


def run(arguments: dict[str, Any], pace: Pace) -> None:
    """Make the file that a record asks for. Raises WorkError: no_right, no_papers."""
    record = ExportRecord.objects.filter(pk=arguments["export"]).first()
    if record is None or record.made_at is not None:
        return  # taken away, or made by a worker whose last word was lost
    entity = LegalEntity.objects.get(slug=record.chosen["entity"])
    work.check(record.by, entity, RIGHT)
    year, part = int(record.chosen["year"]), int(record.chosen["part"])
    papers = papers_of(entity, year, part, by=record.by, pace=pace)
    if not papers:
        raise WorkError("no_papers")
    content = pdf.render("statements", pdf.NOW["statements"], {"papers": papers}, clock.now())
    file = io.BytesIO(content)
    made = Made(len(papers), {}, len(content), hashlib.sha256(content).digest())
    exports.finish(record, made, key=exports.keep(record, file))


def parts(entity_id: int, year: int) -> int:
    """How many files the papers of a year make."""
    return -(-_by_post(entity_id, year).count() // MOST)


def _by_post(entity_id: int, year: int) -> QuerySet[YearTelling]:
    told = YearTelling.objects.filter(entity_id=entity_id, year=year, way=YearTelling.Way.PAPER)
    return told.order_by("donor_id")


def papers_of(
    entity: LegalEntity, year: int, part: int, *, by: str, pace: Pace
) -> list[dict[str, object]]:
    """A part of the papers of all who are told by post, by their numbers."""
    told = _by_post(entity.pk, year).values_list("donor_id", flat=True)
    ids = list(told[(part - 1) * MOST : part * MOST])
    rows = queries.newest(entity.pk, year, [Holder(pk) for pk in ids])
    living = Donor.objects.filter(pk__in=ids, status=Donor.Status.ACTIVE, died_on=None)
    people = {line.pk: line for line in open_lines(list(living), by=by, purpose="year_papers")}
    pace.step(0, len(people))
    found: list[dict[str, object]] = []
    for row in sorted(rows.values(), key=lambda one: one.number):
        if row.donor_id not in people:
            continue
        who = people[row.donor_id]
        language = "en" if who.language == "en" else "sv"
        with translation.override(language):
            values = yearly.of_statement(row, language)
        found.append({**values, "address": [who.name, *_lines(who.address)]})
        pace.step(len(found))
    return found


def _lines(address: PostalAddress | None) -> list[str]:
    """An address as an envelope has it."""
    if address is None:
        return []
    town = f"{address.postcode} {address.city}".strip()
    return [*address.lines, town, *([address.country] if address.country != "SE" else [])]
