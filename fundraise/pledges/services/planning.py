"""What is done ahead: instalments planned, notices made in time, late periods let go.

Run by beat every day; each may run again at once and does nothing the second time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q

from fundraise import bankdays, clock, crypto
from fundraise.jobs.one_by_one import NOT_THE_ROWS, each
from fundraise.outbox import services as outbox
from fundraise.pledges import locks, queries, rules, schedule
from fundraise.pledges.models import Instalment, Notice, Pledge
from fundraise.pledges.services import moving
from fundraise.pledges.services.starting import ANNOUNCED_ONCE
from fundraise.pledges.times import times_on
from fundraise.refs import new_ref

BY = "system:pledges"
PLANNED_FOR = ["pending", "active", "paused", "halted"]
LATE_AT_MOST = timedelta(days=3)  # a card may be drawn so much later than announced, never earlier
NOTICE_MARGIN = 6  # bank days: a notice is made that much before it has to be
AT_ONCE = 500


# --- Instalments ----------------------------------------------------------------------------------
def plan(today: date) -> int:
    """Plan the periods of every live pledge for settings.PLEDGE_PLAN_DAYS ahead; how many."""
    until = today + timedelta(days=settings.PLEDGE_PLAN_DAYS)
    ids = _to_plan(until)
    planned, left = 0, list[int]()
    for at in range(0, len(ids), AT_ONCE):
        some = ids[at : at + AT_ONCE]
        try:
            planned += _plan_some(some, until)
        except NOT_THE_ROWS:
            raise
        except Exception:  # each of them alone, then: the faulty one names itself
            left += some

    def plan_one(pk: int) -> None:
        nonlocal planned
        planned += _plan_some([pk], until)

    each(left, plan_one).whole()
    return planned


def _to_plan(until: date) -> list[int]:
    """Pledges that have a period due by `until` without an instalment."""
    live = Pledge.objects.filter(state__in=PLANNED_FOR).annotate(last=Max("instalments__period"))
    return [
        pledge.pk
        for pledge in live.order_by("pk").iterator(chunk_size=2000)
        if any(_missing(pledge, pledge.last, until))
    ]


def _missing(pledge: Pledge, last: date | None, until: date) -> Iterable[date]:
    rhythm = queries.rhythm_of(pledge)
    for period in rhythm.periods(after=last):
        if _due(pledge, period) > until:
            return
        yield period


def _due(pledge: Pledge, period: date) -> date:
    if period == pledge.first_period:
        return pledge.starts_on
    return schedule.due_day(period, pledge.day)


@transaction.atomic
def _plan_some(ids: list[int], until: date) -> int:
    live = Pledge.objects.filter(pk__in=ids, state__in=PLANNED_FOR).order_by("pk")
    pledges = list(live.select_for_update(no_key=True))
    last, told = _last_periods(ids), _told(ids)
    rows = [
        _planned(pledge, period, told.get(pledge.pk, []))
        for pledge in pledges
        for period in _missing(pledge, last.get(pledge.pk), until)
    ]
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(_PLAN, [clock.now(), *columns])
    return len(rows)


# A period that has an instalment keeps it.
_PLAN = """
  INSERT INTO pledges_instalment (ref, pledge_id, period, due_on, amount_ore, state, notice_id,
                                  reason, retried, created_at)
  SELECT a.ref, a.pledge, a.period, a.due, a.ore, a.state, a.notice, '', false, %s
  FROM unnest(%s::uuid[], %s::bigint[], %s::date[], %s::date[], %s::bigint[], %s::text[],
              %s::bigint[]) AS a(ref, pledge, period, due, ore, state, notice)
  ON CONFLICT DO NOTHING"""


def _last_periods(pledge_ids: list[int]) -> dict[int, date]:
    """The last planned period of each pledge that has one."""
    planned = Instalment.objects.filter(pledge_id__in=pledge_ids).values_list("pledge_id")
    return dict(planned.annotate(last=Max("period")))


class _Told(NamedTuple):
    """A notice that holds: of which day and sum, and whether of all following days too."""

    pk: int
    first_on: date
    amount_ore: int
    covers_following: bool


def _told(pledge_ids: list[int]) -> dict[int, list[_Told]]:
    """The notices of each pledge that hold, the latest first."""
    holding = Notice.objects.filter(pledge_id__in=pledge_ids, withdrawn_at=None)
    found: dict[int, list[_Told]] = {}
    for row in holding.order_by("-made_at", "-pk").values_list(
        "pledge_id", "pk", "first_on", "amount_ore", "covers_following"
    ):
        found.setdefault(row[0], []).append(_Told._make(row[1:]))
    return found


def _planned(pledge: Pledge, period: date, told: list[_Told]) -> tuple[object, ...]:
    """The values of one instalment, in the order of `_PLAN`."""
    due_on = _due(pledge, period)
    paused = pledge.not_before is not None and due_on < pledge.not_before
    state = Instalment.State.SKIPPED if paused else Instalment.State.PLANNED
    notice = None if paused else _notice_of(pledge, due_on, told)
    return (new_ref(), pledge.pk, period, due_on, pledge.amount_ore, state.value, notice)


def _notice_of(pledge: Pledge, due_on: date, told: list[_Told]) -> int | None:
    """What announced this sum on this day: the latest for all following days when it had begun,
    else one of this very day (the sign-up tells the first day of a yearly pledge)."""
    same = [notice for notice in told if notice.amount_ore == pledge.amount_ore]
    standing = next((notice for notice in same if notice.covers_following), None)
    if standing is not None and standing.first_on <= due_on:
        return standing.pk
    return max((notice.pk for notice in same if notice.first_on == due_on), default=None)


# --- Notices --------------------------------------------------------------------------------------
def announce_due(today: date) -> int:
    """Make the notices of draws that nothing has announced yet; how many. The mail comes after."""
    notice_days = times_on(today).notice
    soonest = bankdays.add(today, notice_days)
    latest = bankdays.add(today, notice_days + NOTICE_MARGIN)
    untold = Instalment.objects.filter(
        state=Instalment.State.PLANNED,
        notice=None,
        due_on__range=(soonest, latest),
        pledge__state=Pledge.State.ACTIVE,
    )
    ids = list(untold.order_by("pledge_id", "due_on").values_list("pk", flat=True))
    return each(ids, _announce).whole()


@transaction.atomic
def _announce(instalment_id: int) -> bool:
    instalment = locks.instalment_for_change(instalment_id)
    if instalment.notice_id is not None or instalment.state != Instalment.State.PLANNED:
        return False
    pledge = instalment.pledge
    if pledge.state != Pledge.State.ACTIVE:
        return False
    withdrawn = pledge.notices.filter(withdrawn_at__isnull=False).exists()
    monthly = pledge.interval_months in ANNOUNCED_ONCE
    kind = Notice.Kind.RESUME if withdrawn and monthly else Notice.Kind.DRAW
    make_notice(pledge, kind, instalment)
    return True


def make_notice(pledge: Pledge, kind: str, first: Instalment) -> Notice:
    """A notice of a draw, and of all following where the sum is announced once; told in a mail.

    The pledge is locked. Instalments from `first` on that have the sum are tied to it.
    """
    notice, new = Notice.objects.get_or_create(
        pledge=pledge,
        kind=kind,
        first_on=first.due_on,
        amount_ore=first.amount_ore,
        withdrawn_at=None,
        defaults={
            "covers_following": pledge.interval_months in ANNOUNCED_ONCE and kind != "retry",
            "made_at": clock.now(),
        },
    )
    tied = pledge.instalments.filter(pk=first.pk)
    if notice.covers_following:
        tied = pledge.instalments.filter(
            due_on__gte=first.due_on, amount_ore=first.amount_ore, state=Instalment.State.PLANNED
        )
    tied.update(notice=notice)
    if new:
        outbox.write("NoticeDue", notice.pk)
    return notice


def soonest() -> date:
    """The first day that can still be announced in time."""
    today = clock.today()
    return bankdays.add(today, times_on(today).notice)


def announce_next(pledge: Pledge, kind: str) -> None:
    """Tell of a locked pledge's first planned draw that can be told in time, if it has one."""
    coming = pledge.instalments.filter(state=Instalment.State.PLANNED, due_on__gte=soonest())
    first = coming.order_by("due_on").first()
    if first is not None:
        make_notice(pledge, kind, first)


def withdraw_notices(pledge: Pledge) -> None:
    """What was announced for following days holds no more: a pause or a halt came between."""
    pledge.notices.filter(withdrawn_at=None).update(withdrawn_at=clock.now())
    pledge.instalments.filter(state=Instalment.State.PLANNED).update(notice=None)


def notice_sent(
    notice_id: int, *, text: str, way: str = "mail", at: datetime | None = None
) -> bool:
    """The notice has left us, in these words: kept as the proof. False when it was told before.

    What was told on the page (a card's first day) keeps its time and gets the words of its mail.
    """
    notice = Notice.objects.get(pk=notice_id)
    body = text.encode()
    words = {
        "text_sealed": crypto.seal(body, context=f"notice:{notice.ref}"),
        "sha256": hashlib.sha256(body).digest(),
    }
    same = Notice.objects.filter(pk=notice_id)
    if same.filter(sent_at=None).update(way=way, sent_at=at or clock.now(), **words):
        return True
    same.filter(way="page", sha256=None).update(**words)
    return False


def by_letter(notice_id: int) -> bool:
    """The notice can't be mailed: staff print it. False when it has left, or is a letter already.

    Its way is "mail" again when the mail leaves after all.
    """
    waiting = Notice.objects.filter(pk=notice_id, sent_at=None).exclude(way="letter")
    return bool(waiting.update(way="letter"))


# --- Late -----------------------------------------------------------------------------------------
def let_go_late(now: datetime) -> int:
    """Give up periods whose last file has closed without a draw; how many.

    A pledge that still waits for the bank's yes moves to its next day, with a notice in time.
    """
    day = rules.next_file_day(now, times_on(clock.local_date(now)).until)
    late = Instalment.objects.filter(state=Instalment.State.PLANNED).filter(
        Q(pledge__method="autogiro", due_on__lte=day)
        | Q(due_on__lt=clock.local_date(now) - LATE_AT_MOST) & ~Q(pledge__method="autogiro")
    )
    ids = list(late.order_by("pledge_id").values_list("pk", flat=True))
    return each(ids, _let_go).whole()


@transaction.atomic
def _let_go(instalment_id: int) -> bool:
    instalment = locks.instalment_for_change(instalment_id)
    if instalment.state != Instalment.State.PLANNED:
        return False
    pledge = instalment.pledge
    reason = {"pending": "late_mandate", "halted": "halted"}.get(pledge.state, "late")
    if pledge.state == Pledge.State.ACTIVE and _untold(instalment):
        reason = "not_told"
    elif pledge.state == Pledge.State.ACTIVE and _yes_came_late(instalment):
        reason = "late_mandate"
    moving.instalment(instalment, "cancelled", by=BY, reason=reason)
    if reason == "late_mandate":
        announce_next(pledge, Notice.Kind.MOVED)
    return True


def _yes_came_late(instalment: Instalment) -> bool:
    """Whether the bank's yes came when the last file was closing, or after it."""
    closing = schedule.file_day(instalment.due_on)
    yes = instalment.pledge.mandates.filter(state="active", method="autogiro")
    decided = yes.values_list("decided_at", flat=True).first()
    return decided is not None and clock.local_date(decided) >= closing


def _untold(instalment: Instalment) -> bool:
    return instalment.notice is None or instalment.notice.sent_at is None


def resume_due(today: date) -> int:
    """Wake pledges whose pause ends soon: in time for a notice before their first draw."""
    times = times_on(today)
    by = bankdays.add(today, times.notice + NOTICE_MARGIN)
    paused = Pledge.objects.filter(state=Pledge.State.PAUSED, paused_until__lte=by)
    return each(list(paused.values_list("pk", flat=True)), _resume).whole()


@transaction.atomic
def _resume(pledge_id: int) -> bool:
    pledge = locks.pledge_for_change(pledge_id)
    if pledge.state != Pledge.State.PAUSED:
        return False
    return moving.pledge(pledge, "active", by=BY, reason="pause_over")
