"""Whether what set a journey off still holds: asked again before each of its mails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db.models import Q

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.gifts.queries import STANDS
from fundraise.pledges import upgrading
from fundraise.pledges.models import Instalment, Mandate, Pledge
from mailings.journeys.models import Journey, Run
from mailings.journeys.triggers import CARD_WARNED_DAYS, LIVE

Trigger = Journey.Trigger


def still(journey: Journey, runs: Iterable[Run]) -> set[int]:
    """The runs whose reason still holds now, by id."""
    rows = list(runs)
    holds = STILL.get(Trigger(journey.trigger))
    return {run.pk for run in rows} if holds is None else holds(rows)


def _named(runs: list[Run]) -> dict[int, list[int]]:
    """The runs by the id of the thing that their occasion names."""
    named: dict[int, list[int]] = {}
    for run in runs:
        named.setdefault(int(run.occasion.split(":")[1]), []).append(run.pk)
    return named


def _still_missed(runs: list[Run]) -> set[int]:
    named = _named(runs)
    rows = Instalment.objects.filter(pk__in=named, state=Instalment.State.MISSED)
    open_ones = rows.exclude(pledge__state=Pledge.State.ENDED).values_list("pk", flat=True)
    return {run for pk in open_ones for run in named[pk]}


def _still_ending(runs: list[Run]) -> set[int]:
    named = _named(runs)
    halted = Q(pledge__state=Pledge.State.HALTED)
    running_out = Q(state=Mandate.State.ACTIVE, card_expires_on__isnull=False)
    soon = Q(card_expires_on__lte=clock.today() + timedelta(days=CARD_WARNED_DAYS))
    rows = Mandate.objects.filter(halted | running_out & soon, pk__in=named)
    return {run for pk in rows.values_list("pk", flat=True) for run in named[pk]}


def _still_given(runs: list[Run]) -> set[int]:
    """Nobody is thanked for a gift that was wholly given back."""
    named = _named(runs)
    rows = Gift.objects.filter(STANDS, pk__in=named)
    return {run for pk in rows.values_list("pk", flat=True) for run in named[pk]}


def _still_once(runs: list[Run]) -> set[int]:
    return _still_given(runs) & _still_without_monthly(runs)


def _still_without_monthly(runs: list[Run]) -> set[int]:
    giving = set(
        Pledge.objects.filter(donor__in={run.donor_id for run in runs}, state__in=LIVE).values_list(
            "donor_id", flat=True
        )
    )
    return {run.pk for run in runs if run.donor_id not in giving}


def _still_upgradable(runs: list[Run]) -> set[int]:
    named = _named(runs)
    rows = upgrading.ripe(Pledge.objects.filter(pk__in=named))
    return {run for pk in rows.values_list("pk", flat=True) for run in named[pk]}


STILL: dict[Trigger, Callable[[list[Run]], set[int]]] = {
    Trigger.MISSED: _still_missed,
    Trigger.ENDING: _still_ending,
    Trigger.LAPSED: _still_without_monthly,
    Trigger.MONTHLY: _still_once,
    Trigger.THANKS: _still_given,
    Trigger.WELCOME: _still_given,
    Trigger.UPGRADE: _still_upgradable,
}
