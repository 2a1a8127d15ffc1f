"""Long work: asked for once, done by a worker with progress, taken up again when a process dies.

`settings.WORK` names what does each kind: a function of the row's arguments and a Pace. It calls
`pace.step` now and then, which shows progress, renews the lease and breaks off when somebody asked
to stop or another worker has taken over. It may run again from the beginning after a lost process,
so its effect must be one that a second run replaces.
"""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.module_loading import import_string

from fundraise import clock
from fundraise.jobs.models import Work
from fundraise.logs import describe

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
MOST_TRIES = 3
STEP_SECONDS = 1.0  # progress is written no more often
KEPT_FOR = timedelta(days=30)
SHOWN_FOR = timedelta(days=1)

UNENDED = [Work.State.WAITING, Work.State.RUNNING]


class WorkError(Exception):
    """Work that can't be done; `code` says why and is shown in words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Stopped(Exception):
    """Somebody asked to stop."""


class TakenOver(Exception):
    """The lease ran out and another worker has the work."""


class Pace:
    """How the one who does the work tells how far it has come."""

    def __init__(self, work: Work) -> None:
        self.asked_by = work.asked_by
        self._pk, self._try = work.pk, work.tries
        self._written_at = float("-inf")

    def step(self, done: int, total: int | None = None) -> None:
        """Show progress. Raises Stopped or TakenOver: leave at once and keep nothing."""
        if total is None and time.monotonic() - self._written_at < STEP_SECONDS:
            return
        self._written_at = time.monotonic()
        values: dict[str, Any] = {"done": done, "leased_until": clock.real_now() + LEASE}
        if total is not None:
            values["total"] = total
        if not self._mine().update(**values):
            raise TakenOver
        if self._mine().filter(stop_asked=True).exists():
            raise Stopped

    def renew(self) -> None:
        """Keep the lease without progress; fundraise/jobs/holding.py does it."""
        self._mine().update(leased_until=clock.real_now() + LEASE)

    def end(self, state: str, code: str = "") -> bool:
        """Write how it ended; False when the work is another worker's by now."""
        values: dict[str, Any] = {"state": state, "code": code, "ended_at": clock.real_now()}
        if state == Work.State.DONE:
            values["done"] = F("total")
        rows = self._mine()
        if state == Work.State.DONE and rows.filter(total=None).exists():
            values.pop("done")
        return bool(rows.update(**values, leased_until=None))

    def _mine(self) -> Any:
        return Work.objects.filter(pk=self._pk, tries=self._try, state=Work.State.RUNNING)


def begin(kind: str, *, by: str, arguments: dict[str, Any], place: str, once: bool = False) -> Work:
    """Ask for work; a worker takes it up after the commit, or the sweeper when none was told."""
    if kind not in settings.WORK:
        raise ValueError(f"no such work: {kind}")
    now = clock.real_now()
    row = Work.objects.create(
        kind=kind,
        asked_by=by,
        arguments=arguments,
        place=place,
        once=once,
        created_at=now,
        leased_until=now + LEASE,
    )
    transaction.on_commit(lambda: queue(row.pk), robust=True)
    return row


def begin_once(kind: str, *, by: str, arguments: dict[str, Any], place: str) -> Work | None:
    """Ask for work, unless the same is under way: the database lets one be. None then.

    When nobody has that one, because its worker died or was never told, a worker is told again.
    """
    try:
        with transaction.atomic():
            return begin(kind, by=by, arguments=arguments, place=place, once=True)
    except IntegrityError:
        same = Work.objects.filter(kind=kind, arguments=arguments, once=True, ended_at=None)
        nobodys = Q(state=Work.State.WAITING) | Q(leased_until__lt=clock.real_now())
        for pk in same.filter(nobodys).values_list("pk", flat=True):
            transaction.on_commit(partial(queue, pk), robust=True)
        return None


def queue(work_id: int) -> None:
    """Tell the workers; the sweeper does when the broker is away."""
    from fundraise.jobs.tasks import do_work

    do_work.delay(work_id)


def run(work_id: int) -> None:
    """Do the work if it waits, or if the worker that had it is gone."""
    row = _claim(work_id)
    if row is None:
        return
    pace = Pace(row)
    state, code = Work.State.DONE, ""
    try:
        import_string(settings.WORK[row.kind])(row.arguments, pace)
    except TakenOver:
        return
    except Stopped:
        state = Work.State.STOPPED
    except WorkError as error:
        state, code = Work.State.FAILED, error.code
    except Exception as error:
        log.exception("work_failed", kind=row.kind, work=row.pk, error=describe(error))
        state, code = Work.State.FAILED, "broken"
    pace.end(state, code)


def _claim(work_id: int) -> Work | None:
    now = clock.real_now()
    with transaction.atomic():
        row = Work.objects.select_for_update(skip_locked=True).filter(pk=work_id).first()
        if row is None or row.is_ended:
            return None
        if row.state == Work.State.RUNNING and row.leased_until and row.leased_until > now:
            return None
        row.state, row.tries, row.leased_until = Work.State.RUNNING, row.tries + 1, now + LEASE
        row.started_at, row.done = row.started_at or now, 0
        row.save(update_fields=["state", "tries", "leased_until", "started_at", "done"])
    return row


def ask_to_stop(work: Work, *, by: str) -> bool:
    """Stop at the next step; what waits is stopped at once. False when it has ended, or is not
    `by`'s."""
    rows = Work.objects.filter(pk=work.pk, asked_by=by, state__in=UNENDED)
    waiting = rows.filter(state=Work.State.WAITING)
    if waiting.update(state=Work.State.STOPPED, ended_at=clock.real_now(), leased_until=None):
        return True
    return bool(rows.update(stop_asked=True))


def to_show(by: str) -> list[Work]:
    """What somebody asked for: not ended yet, or ended within a day and not seen to."""
    recent = Q(ended_at=None) | Q(ended_at__gt=clock.real_now() - SHOWN_FOR)
    return list(Work.objects.filter(recent, asked_by=by, seen_at=None).order_by("-pk")[:20])


def see(work: Work, *, by: str) -> None:
    """Who asked has been shown how it ended: it leaves the first page."""
    Work.objects.filter(pk=work.pk, asked_by=by, seen_at=None).exclude(ended_at=None).update(
        seen_at=clock.real_now()
    )


def sweep() -> dict[str, int]:
    """Take up what lost its worker, give up what lost it too often, forget what is old."""
    now = clock.real_now()
    lost = Work.objects.filter(state__in=UNENDED, leased_until__lt=now)
    given_up = lost.filter(tries__gte=MOST_TRIES).update(
        state=Work.State.FAILED, code="lost", ended_at=now, leased_until=None
    )
    again = list(lost.values_list("pk", flat=True))
    for pk in again:
        queue(pk)
    old = Work.objects.filter(ended_at__lt=now - KEPT_FOR)
    return {"again": len(again), "given_up": given_up, "pruned": old.delete()[0]}
