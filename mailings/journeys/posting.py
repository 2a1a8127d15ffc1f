"""A step's mails as an appeal of their own: the words of its pattern, to named people, at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from fundraise import clock
from mailings.appeals import looks, preflight, versions, wall_clock
from mailings.appeals.models import Appeal, Content
from mailings.appeals.moving import move
from mailings.appeals.services import drafting, freezing
from mailings.composing.problems import WARNINGS
from mailings.journeys.models import Journey, Step

SYSTEM = "system:journeys"
ZONE = "Europe/Stockholm"


def new_pattern(journey: Journey, number: int, *, by: str) -> Appeal:
    """The draft that holds a step's words; it is never sent itself."""
    return drafting.new_appeal(
        campaign=journey.campaign,
        title=f"{journey.name} {number}",
        by=by,
        kind=Appeal.Kind.JOURNEY,
        first_wave=0,
        without_recent_days=0,
        without_monthly=False,
        drop_givers=journey.exit_on_gift,
    )


def is_written(pattern: Appeal) -> bool:
    """Whether its words can be sent: compiled in Swedish, nothing to mend in any language, and no
    version without any."""
    if versions.without_words(pattern):
        return False
    contents = list(Content.objects.filter(variant__appeal=pattern))
    written = [content for content in contents if content.compiled_at is not None]
    return any(one.language == Content.Language.SWEDISH for one in written) and not any(
        problem.get("code") not in WARNINGS for content in written for problem in content.problems
    )


def has_sender(pattern: Appeal) -> bool:
    """Whether it comes from whom it may: what the checks of an appeal would stop it for."""
    return not preflight.blocking(list(looks.addresses(pattern)))


def is_quiet(now: datetime) -> bool:
    """Whether people should not be mailed now."""
    return wall_clock.is_quiet(now, ZONE, settings.APPEAL_QUIET_FROM, settings.APPEAL_QUIET_UNTIL)


def post(step: Step, donor_ids: Sequence[int], now: datetime) -> Appeal:
    """Hand the step's mails to these people over to the outbox, in the caller's transaction.

    Caps, suppressions and legal bases are the outbox's own; who is left out there is named there.
    """
    day = clock.local_date(now)
    title = f"{step.pattern.title} {day}"
    made = drafting.copy_of_pattern(step.pattern.ref, by=SYSTEM, title=title)
    changes = {
        "send_at": now,
        "scheduled_at": now,
        "cool_off_until": now,
        "local_time": wall_clock.local_of(now, ZONE),
    }
    if not move(made, Appeal.State.SCHEDULED, by=SYSTEM, changes=changes):
        raise AssertionError("a copy made here is a draft")
    move(made, Appeal.State.PREPARING, by=SYSTEM)
    freezing.freeze(made.pk, people=list(donor_ids))
    return made
