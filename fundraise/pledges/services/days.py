"""What every hour of every day does for pledges: one bad row never stops the others."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.jobs.one_by_one import RowsFailed
from fundraise.logs import describe
from fundraise.pledges.models import Instalment
from fundraise.pledges.services import ending, planning, unsigned

log = structlog.get_logger(__name__)

FAILED, NOT_DRAWN = "pledge-work-failed", "pledge-not-drawn"


def work() -> dict[str, int]:
    """Plan, wake, announce and let go; how many of each. A step that failed rings."""
    today = clock.today()
    steps: dict[str, Callable[[], int]] = {
        "planned": lambda: planning.plan(today),
        "resumed": lambda: planning.resume_due(today),
        "announced": lambda: planning.announce_due(today),
        "let_go": lambda: planning.let_go_late(clock.now()),
        "reminded": lambda: unsigned.remind(clock.now()),
        "unsigned_ended": ending.end_unsigned,
        "forgotten": ending.forget_details,
    }
    counts = {name: _step(name, step) for name, step in steps.items()}
    _ring_for_what_was_not_drawn()
    return counts


def _step(name: str, step: Callable[[], int]) -> int:
    try:
        done = step()
    except RowsFailed as some:
        jobs.raise_alarm(FAILED, name, str(some))
        return some.done
    except Exception as error:
        log.exception("pledge_work_failed", step=name)
        jobs.raise_alarm(FAILED, name, describe(error))
        return 0
    jobs.resolve_alarms(FAILED, subject=name)
    return done


def _ring_for_what_was_not_drawn() -> None:
    """Draws of an active pledge that were let go for no reason of the donor's or the bank's."""
    for reason in ("late", "not_told"):
        lost = Instalment.objects.filter(
            state=Instalment.State.CANCELLED,
            reason=reason,
            due_on__gte=clock.today(),
            pledge__state="active",
        ).count()
        if lost:
            jobs.raise_alarm(NOT_DRAWN, reason, f"{lost} draws were let go: {reason}")
        else:
            jobs.resolve_alarms(NOT_DRAWN, subject=reason)
