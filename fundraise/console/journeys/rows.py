"""What the page of a journey shows: its mails, who is on the way, and what it brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.forms import BoundField
from django.urls import reverse

from fundraise.console.journeys import words
from fundraise.console.journeys.forms import WaitsForm
from fundraise.console.pledge_states import Text
from mailings.appeals.models import Appeal
from mailings.attribution import results
from mailings.attribution.results import Figures
from mailings.journeys import posting
from mailings.journeys.models import Journey, Posted, Run, Step


@dataclass(frozen=True, slots=True)
class Mail:
    """A step: when it leaves, whether its words are ready, what it brought."""

    step: Step
    waits: str
    field: BoundField | None
    is_written: bool
    figures: Figures

    @property
    def write_url(self) -> str:
        return reverse("console:appeal_write", args=[self.step.pattern.ref])


def mails(journey: Journey, form: WaitsForm | None) -> list[Mail]:
    """The mails of a journey in their order."""
    steps = list(journey.steps.select_related("pattern"))
    brought = _by_step(steps)
    return [
        Mail(
            step,
            words.waits(step.wait_days, step.number),
            form[f"step_{step.number}"] if form else None,
            posting.is_written(step.pattern),
            brought[step.pk],
        )
        for step in steps
    ]


def _by_step(steps: Iterable[Step]) -> dict[int, Figures]:
    found = {step.pk: Figures() for step in steps}
    pairs = set(Posted.objects.filter(step__in=found).values_list("step", "appeal").distinct())
    each = results.totals(sorted({appeal for _step, appeal in pairs}))
    for step, appeal in pairs:
        add(found[step], each[appeal])
    return found


def add(total: Figures, more: Figures) -> None:
    """Figures of two appeals together; who gave to both counts twice among the givers."""
    for one in fields(Figures):
        setattr(total, one.name, getattr(total, one.name) + getattr(more, one.name))


def whole(mails: Iterable[Mail]) -> Figures:
    """What all mails of a journey brought."""
    total = Figures()
    for mail in mails:
        add(total, mail.figures)
    return total


@dataclass(frozen=True, slots=True)
class Tally:
    """So many people, how they stand, and the list of them."""

    people: int
    state: str
    said: Text
    url: str


def people(journey: Journey) -> list[Tally]:
    """Who is on the way, who got every mail, and who left and why."""
    rows = journey.runs.values_list("state", "left_for").annotate(Count("pk")).order_by()
    counts = Counter({(state, why): n for state, why, n in rows})
    known = [
        (Run.State.GOING, ""),
        (Run.State.DONE, ""),
        *[(Run.State.LEFT, why) for why in words.LEFT],
    ]
    return [
        Tally(counts[key], key[0], words.LEFT.get(key[1], ""), _url(journey, *key)) for key in known
    ]


def _url(journey: Journey, state: str, why: str) -> str:
    chosen = {"journey": str(journey.ref), "state": state, **({"left": why} if why else {})}
    return f"{reverse('console:journey_people')}?{urlencode(chosen)}"


def waiting(journey: Journey) -> dict[int, int]:
    """How many wait for each mail."""
    rows = journey.runs.filter(state=Run.State.GOING).values_list("next_step")
    return dict(rows.annotate(Count("pk")).order_by())


def carried(journey: Journey) -> Any:
    """The appeals that carried its mails, the newest first."""
    sent = Posted.objects.filter(step__journey=journey).values("appeal")
    return Appeal.objects.filter(pk__in=sent).order_by("-pk")
