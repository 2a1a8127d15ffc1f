"""The doors of journeys: made, switched on and off, entered, walked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from fundraise import clock
from fundraise.audit.services import log_change
from fundraise.campaigns.models import Campaign
from fundraise.jobs.one_by_one import each
from mailings.appeals import asking
from mailings.appeals.models import Appeal
from mailings.appeals.moving import move
from mailings.journeys import closing, holding, posting, triggers
from mailings.journeys.models import Journey, Posted, Run, Step
from mailings.journeys.triggers import Span

LOOKED_BACK = timedelta(days=3)  # what a stopped worker missed is entered when it is back
AT_ONCE = 5000
CLOSED = "closed"  # the mail asks for a campaign that is over


class JourneyError(ValueError):
    """The journey can't be changed so; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# --- Made and switched ----------------------------------------------------------------------------
def new_journey(
    campaign: Campaign, trigger: str, name: str, *, by: str, months: int = 12
) -> Journey:
    """A journey without steps, switched off."""
    with transaction.atomic():
        journey = Journey.objects.create(
            campaign=campaign,
            trigger=Journey.Trigger(trigger),
            name=name,
            months=months,
            exit_on_gift=trigger not in {Journey.Trigger.THANKS, Journey.Trigger.WELCOME},
            created_at=clock.now(),
            created_by=by,
        )
        _log(journey, "journey.made", by, after={"trigger": trigger})
    return journey


def add_step(journey: Journey, wait_days: int, *, by: str) -> Step:
    """One more mail at the end, with words to write. Raises JourneyError(on, ended)."""
    with transaction.atomic():
        journey = _locked(journey)
        number = journey.steps.count() + 1
        pattern = posting.new_pattern(journey, number, by=by)
        return Step.objects.create(
            journey=journey, number=number, wait_days=wait_days, pattern=pattern
        )


def set_waits(journey: Journey, waits: Sequence[int], *, by: str) -> None:
    """How many days each step waits. Raises JourneyError(on, ended)."""
    with transaction.atomic():
        journey = _locked(journey)
        steps = list(journey.steps.all())
        before = [step.wait_days for step in steps]
        for step, days in zip(steps, waits, strict=True):
            Step.objects.filter(pk=step.pk).update(wait_days=days)
        _log(journey, "journey.changed", by, {"waits": before}, {"waits": list(waits)})


def drop_step(journey: Journey, *, by: str) -> None:
    """Take the last mail away, which nobody has got and nobody waits for.

    Raises JourneyError(on, no_steps, used).
    """
    with transaction.atomic():
        journey = _locked(journey)
        step = journey.steps.select_related("pattern").last()
        if step is None:
            raise JourneyError("no_steps")
        waiting = journey.runs.filter(state=Run.State.GOING, next_step=step.number)
        if step.posted.exists() or waiting.exists():
            raise JourneyError("used")
        step.delete()
        over = {"ended_at": clock.now()}
        move(step.pattern, Appeal.State.CANCELLED, by=by, reason="step taken away", changes=over)
        _log(journey, "journey.changed", by, {"steps": step.number}, {"steps": step.number - 1})


def _locked(journey: Journey) -> Journey:
    """The journey for a change: only while it is switched off."""
    locked = Journey.objects.select_for_update().get(pk=journey.pk)
    if locked.state != Journey.State.OFF:
        raise JourneyError("ended" if locked.state == Journey.State.ENDED else "on")
    return locked


def switch_on(journey: Journey, *, by: str) -> None:
    """From now on whoever it happens to enters.

    Raises JourneyError(no_steps, words:<n>, sender:<n>, closed:<n>, ended).
    """
    with transaction.atomic():
        journey = Journey.objects.select_for_update().get(pk=journey.pk)
        steps = list(journey.steps.select_related("pattern__campaign__entity"))
        if not steps:
            raise JourneyError("no_steps")
        for step in steps:
            if not posting.is_written(step.pattern):
                raise JourneyError(f"words:{step.number}")
            if not posting.has_sender(step.pattern):
                raise JourneyError(f"sender:{step.number}")
            if asking.too_late(step.pattern, clock.today()):
                raise JourneyError(f"{CLOSED}:{step.number}")
        _switch(journey, Journey.State.ON, by, since=clock.now())


def switch_off(journey: Journey, *, by: str) -> None:
    """Nobody enters and nobody is mailed until it is switched on again; those on the way stay."""
    with transaction.atomic():
        _switch(Journey.objects.select_for_update().get(pk=journey.pk), Journey.State.OFF, by)


def end(journey: Journey, *, by: str) -> None:
    """Over for good: those on the way leave."""
    with transaction.atomic():
        journey = Journey.objects.select_for_update().get(pk=journey.pk)
        _switch(journey, Journey.State.ENDED, by)
        _leave(journey.runs.filter(state=Run.State.GOING), "stopped")


def stand_still(*, by: str, now: datetime) -> int:
    """After a restore from a backup, whose mails may have left since: every journey is switched
    off, and who was due leaves rather than get a mail twice. How many journeys."""
    on = list(Journey.objects.filter(state=Journey.State.ON).order_by("pk"))
    for journey in on:
        with transaction.atomic():
            switch_off(journey, by=by)
            _leave(journey.runs.filter(state=Run.State.GOING, next_at__lte=now), "stopped")
    return len(on)


def _switch(
    journey: Journey, state: Journey.State, by: str, *, since: datetime | None = None
) -> None:
    if journey.state == Journey.State.ENDED:
        raise JourneyError("ended")
    if journey.state == state:
        return  # pressed twice: what it is counted from stays
    before = journey.state
    journey.state = state
    journey.since = since or journey.since
    journey.save(update_fields=["state", "since"])
    _log(journey, "journey.changed", by, {"state": before}, {"state": str(state)})


def _log(
    journey: Journey,
    action: str,
    by: str,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    log_change(
        by=by,
        action=action,
        subject_type="journey",
        subject_ref=journey.ref,
        before=before,
        after=after,
    )


# --- Entered and walked ---------------------------------------------------------------------------
def work(now: datetime) -> dict[str, int]:
    """Let people in and send what is due, for every journey that runs."""
    counts = {"entered": 0, "posted": 0, "left": 0}

    def look(journey: Journey) -> None:
        counts["entered"] += enter(journey, now)
        if posting.is_quiet(now):
            return
        posted, left = walk(journey, now)
        counts["posted"] += posted
        counts["left"] += left

    on = list(Journey.objects.filter(state=Journey.State.ON).select_related("campaign__entity"))
    closing.watch(on)
    each(on, look).whole()
    return counts


def enter(journey: Journey, now: datetime) -> int:
    """Let in whom it happened to since the last look; harmless when run twice. Returns how many."""
    if journey.since is None:
        return 0
    first = journey.steps.order_by("number").first()
    if first is None:
        return 0
    before = journey.runs.count()
    span = Span(max(journey.since, now - LOOKED_BACK), now)
    Run.objects.bulk_create(
        [
            Run(
                journey=journey,
                donor_id=event.donor_id,
                occasion=event.occasion,
                entered_at=event.at,
                next_at=due_at(event.at, first.wait_days),
            )
            for event in triggers.found(journey, span)
        ],
        ignore_conflicts=True,
        batch_size=AT_ONCE,
    )
    return journey.runs.count() - before


def due_at(since: datetime, wait_days: int) -> datetime:
    """When a mail leaves that waits so many days: at once, or at the house's hour of that day."""
    if wait_days == 0:
        return since
    hour, minute = map(int, settings.JOURNEY_TIME.split(":"))
    day = clock.local_date(since) + timedelta(days=wait_days)
    return datetime.combine(day, time(hour, minute), clock.STOCKHOLM)


def walk(journey: Journey, now: datetime) -> tuple[int, int]:
    """Send what is due to those whose reason still holds. Returns how many were sent and left.

    One transaction: the appeal that carries the mails, what each run has got and where it goes
    next stand or fall together, so nobody gets a step twice.
    """
    with transaction.atomic():
        due = (
            journey.runs.filter(state=Run.State.GOING, next_at__lte=now)
            .select_for_update(skip_locked=True)
            .order_by("pk")[:AT_ONCE]
        )
        runs = list(due)
        staying, left = _stay(journey, runs)
        posted = 0
        for step in journey.steps.select_related("pattern__campaign__entity"):
            mine = [run for run in staying if run.next_step == step.number]
            if mine and asking.too_late(step.pattern, clock.local_date(now)):
                _leave(journey.runs.filter(pk__in=[run.pk for run in mine]), CLOSED)
                left += len(mine)
            else:
                _post(step, mine, now)
                posted += len(mine)
    return posted, left


def _stay(journey: Journey, runs: list[Run]) -> tuple[list[Run], int]:
    """Those who stay, after looking again at everything; how many left."""
    reasons = {
        "gift": _who_gave(runs) if journey.exit_on_gift else set[int](),
        "over": {run.pk for run in runs} - holding.still(journey, runs),
    }
    gone: set[int] = set()
    for reason, who in reasons.items():
        _leave(journey.runs.filter(pk__in=who - gone), reason)
        gone |= who
    return [run for run in runs if run.pk not in gone], len(gone)


def _who_gave(runs: list[Run]) -> set[int]:
    """Runs whose donor has given since they entered."""
    first = min((run.entered_at for run in runs), default=clock.now())
    given = triggers.gifts_after((run.donor_id for run in runs), first)
    return {
        run.pk for run in runs if any(at > run.entered_at for at in given.get(run.donor_id, ()))
    }


def _leave(runs: QuerySet[Run], reason: str) -> None:
    runs.update(state=Run.State.LEFT, left_for=reason)


def _post(step: Step, runs: list[Run], now: datetime) -> None:
    if not runs:
        return
    appeal = posting.post(step, [run.donor_id for run in runs], now)
    Posted.objects.bulk_create([Posted(run=run, step=step, appeal=appeal, at=now) for run in runs])
    _go_on(step, [run.pk for run in runs], now)


def _go_on(step: Step, ids: list[int], now: datetime) -> None:
    following = Step.objects.filter(journey=step.journey, number__gt=step.number).first()
    rows = Run.objects.filter(pk__in=ids)
    if following is None:
        rows.update(state=Run.State.DONE)
    else:
        rows.update(next_step=following.number, next_at=due_at(now, following.wait_days))
