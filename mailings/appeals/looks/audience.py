"""Whom and when: how many, compared with last time, who was mailed just now, quiet hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from fundraise import clock
from fundraise.campaigns.models import Campaign
from mailings.appeals import asking, audience, quiet
from mailings.appeals.audience import Audience, Size
from mailings.appeals.models import Appeal
from mailings.appeals.preflight import BLOCK, OK, WARN, Check

MAILED_HOURS = 24
DIFFERS_PERCENT = 30

_MAILED = """
SELECT count(DISTINCT a.donor_id) FROM ({people}) a
  JOIN appeals_message m ON m.donor_id = a.donor_id AND m.appeal_id = ANY(%s) AND m.outcome = ''"""

_CAPPED = """
SELECT count(*) FROM (
  SELECT a.donor_id FROM ({people}) a
    JOIN appeals_message m ON m.donor_id = a.donor_id AND m.appeal_id = ANY(%s) AND m.outcome = ''
   GROUP BY a.donor_id HAVING count(*) >= %s) n"""


def people(appeal: Appeal) -> Iterator[Check]:
    """The people as they are now; who is frozen is chosen when it is sent."""
    chosen = audience.of(appeal)
    size = audience.size(chosen)
    limit = settings.TWO_PERSON_APPEAL_PEOPLE
    yield Check("people", OK if size.people else BLOCK, {"people": size.people})
    yield _compared(appeal, size)
    yield Check(
        "consent",
        WARN if size.untargeted else OK,
        {"targeted": size.people - size.untargeted, "untargeted": size.untargeted},
    )
    mailed = _mailed(appeal, chosen)
    yield Check("mailed", WARN if mailed else OK, {"people": mailed, "hours": MAILED_HOURS})
    yield from _capped(appeal, chosen)
    second = size.people > limit or limit == 0
    yield Check("second_person", WARN if second else OK, {"above": limit})


def _compared(appeal: Appeal, size: Size) -> Check:
    """With the last appeal to the same segment; the first has nothing to be compared with."""
    same = Appeal.objects.filter(
        segment_version_id=appeal.segment_version_id,
        people_of=appeal.people_of_id,
        frozen_at__isnull=False,
    )
    last = same.exclude(pk=appeal.pk).order_by("-frozen_at").first()
    if last is None or not last.frozen:
        return Check("size", OK, {"people": size.people, "last": None})
    apart = abs(size.people - last.frozen) * 100
    state = WARN if apart > DIFFERS_PERCENT * last.frozen else OK
    return Check("size", state, {"people": size.people, "last": last.frozen})


def _mailed(appeal: Appeal, chosen: Audience) -> int:
    since = clock.now() - timedelta(hours=MAILED_HOURS)
    recent = Appeal.objects.filter(started_at__gte=since).exclude(pk=appeal.pk)
    numbers = list(recent.values_list("pk", flat=True))
    if not numbers:
        return 0
    return _counted(_MAILED, chosen, numbers)


def _capped(appeal: Appeal, chosen: Audience) -> Iterator[Check]:
    """Who has got as many appeals lately as one person may get, and so will be left out."""
    most, days = settings.APPEAL_CAP_MAILS, settings.APPEAL_CAP_DAYS
    if not most or appeal.ignores_cap:
        return
    others = Appeal.objects.exclude(pk=appeal.pk).exclude(kind=Appeal.Kind.LETTER)
    lately = others.filter(frozen_at__gte=clock.now() - timedelta(days=days))
    numbers = list(lately.values_list("pk", flat=True))
    people = _counted(_CAPPED, chosen, numbers, most) if numbers else 0
    said = {"people": people, "mails": most, "days": days}
    yield Check("capped", WARN if people else OK, said)


def _counted(statement: str, chosen: Audience, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(people=chosen.sql), [*chosen.params, *values])
        return int(cursor.fetchone()[0])


def time(appeal: Appeal, send_at: datetime | None, zone: str, reason: str) -> Iterator[Check]:
    """Whether the campaign takes gifts then, and quiet hours, where a time is chosen."""
    at = send_at or appeal.send_at
    yield _campaign(appeal, at or clock.now())
    if at is None:
        return
    at_night = quiet.at(at, zone)
    excused = bool((reason or appeal.quiet_reason).strip())
    state = OK if not at_night else WARN if excused else BLOCK
    hours = {"from": settings.APPEAL_QUIET_FROM, "until": settings.APPEAL_QUIET_UNTIL}
    yield Check("quiet_hours", state, hours)


def _campaign(appeal: Appeal, at: datetime) -> Check:
    """Nobody is asked for a campaign that is over by then; a mail that asks for nothing may give
    thanks. Of a draft's page the look at the links says that nobody sees it."""
    campaign = appeal.campaign
    over = campaign.is_over(clock.local_date(at))
    closed = over or campaign.status != Campaign.Status.LIVE
    state = BLOCK if over and asking.asks(appeal) else WARN if closed else OK
    ends = campaign.ends_on
    said = {"status": campaign.status, "ends_on": ends.isoformat() if ends else None}
    return Check("campaign", state, said)
