"""Givers told that their year's statement is there: by mail, or on paper where there is no mail.

Once a giver, entity and year, which the database holds. Staff begin it, from a day in January on;
who gave and can be reached neither way is counted and shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from donors.models import ContactPoint, Donor
from fundraise import clock
from fundraise.audit import services as audit
from fundraise.gifts.queries import STANDS
from fundraise.jobs import services as jobs
from fundraise.jobs.work import Pace, WorkError
from fundraise.ledger.models import LegalEntity
from fundraise.outbox import services as outbox
from fundraise.reporting.models import YearTelling
from fundraise.reporting.yearly import lines, services, work
from fundraise.reporting.yearly.lines import Holder

ALARM = "year-statements-wait"
LAST = (3, 31)  # after that nobody is reminded of it
MOST_TIMES = 20
Way = YearTelling.Way


class TellingError(Exception):
    """Why a statement is not told of; `code` says which reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reach:
    """The givers of a year who have not been told: by way, and those whom nothing reaches."""

    mail: list[Holder] = field(repr=False)
    paper: list[Holder] = field(repr=False)
    nowhere: int = 0


def opens_on(year: int) -> date:
    """From which day on the statements of a year may be told of: its gifts are booked by then."""
    return date(year + 1, 1, settings.YEAR_STATEMENTS_DAY)


def reach(entity_id: int, year: int) -> Reach:
    """Whom a sending now would reach, and how."""
    told = _told(entity_id, year)
    gifts = lines.gifts_of_year(entity_id, year).filter(STANDS)
    people = Donor.objects.filter(pk__in=gifts.exclude(donor=None).values("donor")).order_by("pk")
    living = people.filter(status=Donor.Status.ACTIVE, died_on=None, no_contact_at=None).annotate(
        mails=_has("email"), lives=_has("postal")
    )
    mail: list[Holder] = []
    paper: list[Holder] = []
    for pk, mails, lives in living.values_list("pk", "mails", "lives"):
        if (one := Holder(pk)) not in told and (mails or lives):
            (mail if mails else paper).append(one)
    typed = gifts.filter(donor=None, giver_key__isnull=False, giver_details__sealed__isnull=False)
    keys = typed.order_by("giver_key").values_list("giver_key", flat=True).distinct()
    mail += [one for key in keys if (one := lines.holder_of(None, key)) not in told]
    everybody = people.count() + len(keys)
    return Reach(mail, paper, max(everybody - len(mail) - len(paper) - len(told), 0))


def _has(kind: str) -> Exists:
    points = ContactPoint.objects.filter(donor=OuterRef("pk"), kind=kind)
    return Exists(points.exclude(state=ContactPoint.State.BOUNCING))


def _told(entity_id: int, year: int) -> set[Holder]:
    rows = YearTelling.objects.filter(entity_id=entity_id, year=year)
    return {lines.holder_of(*row) for row in rows.values_list("donor_id", "giver_key")}


@transaction.atomic
def tell_many(
    entity: LegalEntity, year: int, holders: Sequence[Holder], way: str, *, by: str
) -> int:
    """Issue what is missing and tell of it; how many had not been told before.

    The counter's row, locked by the issuing, lets one tell at a time.
    """
    services.issue_many(entity, year, holders, by=by)
    told, now = _told(entity.pk, year), clock.now()
    rows = [
        YearTelling(
            entity=entity, year=year, donor_id=one.donor_id, giver_key=one.giver_key, way=way,
            told_at=now, by=by,
        )
        for one in holders if one not in told
    ]  # fmt: skip
    YearTelling.objects.bulk_create(rows)
    if way == Way.MAIL:
        outbox.write_many("YearStatementTold", [row.pk for row in rows])
    return len(rows)


@transaction.atomic
def tell_again(ref: UUID, *, by: str) -> YearTelling:
    """Mail one giver once more, also one who had no address the first time.

    Raises TellingError: no_email, too_often.
    """
    row = YearTelling.objects.select_for_update(of=("self",)).select_related("entity").get(ref=ref)
    if row.donor_id is not None and not _mailable(row.donor_id):
        raise TellingError("no_email")
    if row.times >= MOST_TIMES:
        raise TellingError("too_often")
    row.times, row.way = row.times + 1, Way.MAIL
    row.told_at, row.by = clock.now(), by
    row.save(update_fields=["times", "way", "told_at", "by"])
    outbox.write("YearStatementTold", row.pk)
    audit.log_change(
        by=by, action="year_statement.told_again", subject_type="year_telling",
        subject_ref=row.ref, after={"year": row.year},
    )  # fmt: skip
    return row


def _mailable(donor_id: int) -> bool:
    living = Donor.objects.filter(
        pk=donor_id, status=Donor.Status.ACTIVE, died_on=None, no_contact_at=None
    )
    return living.annotate(mails=_has("email")).filter(mails=True).exists()


def run(arguments: dict[str, Any], pace: Pace) -> None:
    """settings.WORK["year_mails"]: everybody of a year, a chunk at a time. Raises WorkError.

    A second run tells those whom the first one left, and nobody twice.
    """
    entity, year = LegalEntity.objects.get(pk=arguments["entity"]), int(arguments["year"])
    work.check(pace.asked_by, entity)
    if clock.today() < opens_on(year):
        raise WorkError("too_early")
    found, done = reach(entity.pk, year), 0
    pace.step(0, len(found.mail) + len(found.paper))
    for way, holders in ((Way.MAIL, found.mail), (Way.PAPER, found.paper)):
        for start in range(0, len(holders), work.CHUNK):
            chunk = holders[start : start + work.CHUNK]
            tell_many(entity, year, chunk, way, by=pace.asked_by)
            done += len(chunk)
            pace.step(done)
    jobs.resolve_alarms(ALARM, subject=entity.slug)


def watch() -> int:
    """Ring for each entity whose givers of last year wait to be told; how many entities do."""
    today = clock.today()
    year = today.year - 1
    waiting = set()
    if opens_on(year) <= today <= date(today.year, *LAST):
        for entity in LegalEntity.objects.order_by("pk"):
            begun = YearTelling.objects.filter(entity=entity, year=year).exists()
            if not begun and lines.gifts_of_year(entity.pk, year).exists():
                waiting.add(entity.slug)
    for slug in sorted(waiting):
        jobs.raise_alarm(ALARM, slug, f"The statements of {year} can be sent to their givers.")
    jobs.resolve_alarms(ALARM, but=waiting)
    return len(waiting)
