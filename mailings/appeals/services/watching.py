"""What the beat does for appeals, every few seconds. Each act is done once, whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import structlog

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.jobs.services import Counts
from fundraise.logs import describe
from mailings.appeals import gates
from mailings.appeals.models import Appeal, Wave
from mailings.appeals.services import (
    closing,
    finishing,
    freezing,
    noting,
    pausing,
    preparing,
    scheduling,
    settling,
    waves,
)

log = structlog.get_logger(__name__)

FAILED, OLD_DOUBT = "appeal-failed", "appeal-old-doubt"
State = Appeal.State


def watch() -> Counts:
    """Move every appeal on as far as it goes without sending."""
    now = clock.real_now()
    counts: Counts = {"leases_ended": settling.end_leases(now)}
    counts["proved"] = settling.settle_by_fates(now)
    counts["recalled"] = settling.settle_by_recall(now)
    counts["cancelled"] = pausing.watch_cancelled(now)
    failed = set[str]()
    counts["campaign_over"] = _each(closing.late(), closing.stop, failed)
    counts["begun"] = len(scheduling.claim_due(clock.now()))
    under_way = Appeal.objects.filter(state__in=[State.PREPARING, State.SENDING])
    _each(under_way, _move_on, failed)
    jobs.resolve_alarms(FAILED, but=failed)
    closing.ring_no_more()
    _ring_no_more()
    counts["noted"] = noting.note_mailed()
    counts["open"] = Appeal.objects.filter(state__in=[State.PREPARING, State.SENDING]).count()
    counts["stuck"] = finishing.watch_for_stuck(now)
    counts["doubts"] = _ring_for_doubts()
    return counts


def _each(rows: Iterable[Appeal], act: Callable[[Appeal], object], failed: set[str]) -> int:
    """One appeal that can't go on holds no other up. How many something was done for."""
    done = 0
    for appeal in rows:
        try:
            done += bool(act(appeal))
        except Exception as error:
            log.exception("appeal_failed", appeal=appeal.pk, error=describe(error))
            jobs.raise_alarm(FAILED, str(appeal.ref), "An appeal can't go on: the log says why.")
            failed.add(str(appeal.ref))
    return done


def _move_on(appeal: Appeal) -> None:
    if appeal.state == State.PREPARING:
        freezing.freeze(appeal.pk)
        preparing.prepared(appeal.pk)
    waves.watch_gate(appeal.pk)
    waves.release_next(appeal.pk)
    finishing.finish(appeal.pk)


def _ring_no_more() -> None:
    """What the gate rang for ends with the appeal, or with the wave that waited."""
    going = Appeal.objects.filter(state__in=[State.SENDING, State.PAUSED])
    jobs.resolve_alarms(gates.ALARM, but=set(map(str, going.values_list("ref", flat=True))))
    waits = going.filter(waves__state=Wave.State.HELD)
    jobs.resolve_alarms(gates.DEAF, but=set(map(str, waits.values_list("ref", flat=True))))


def _ring_for_doubts() -> int:
    old = settling.old_doubts(clock.real_now())
    if old:
        jobs.raise_alarm(
            OLD_DOUBT, "appeals", "Mails of an appeal have been in doubt for hours: settle them."
        )
    else:
        jobs.resolve_alarms(OLD_DOUBT)
    return old
