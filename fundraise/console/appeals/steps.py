"""The five steps of an appeal: Write → To whom → Test → Check → Schedule."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from fundraise.audit.models import ChangeLine
from mailings.appeals.models import Appeal, Content
from mailings.composing.problems import WARNINGS

WRITE, PEOPLE, TEST, CHECK, SCHEDULE = "write", "people", "test", "check", "schedule"
ORDER = (WRITE, PEOPLE, TEST, CHECK, SCHEDULE)
TESTED, CHOSEN = "appeal.tested", "appeal.changed"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: where it is, whether one is there, and whether it is done."""

    name: str
    number: int
    label: str
    url: str
    is_current: bool
    is_done: bool


def of(appeal: Appeal, current: str = "") -> list[Step]:
    """The step bar of an appeal."""
    done = done_steps(appeal)
    return [
        Step(
            name,
            number,
            label(name),
            reverse(f"console:appeal_{name}", args=[appeal.ref]),
            name == current,
            name in done,
        )
        for number, name in enumerate(ORDER, 1)
    ]


def label(name: str) -> str:
    """What a step is called."""
    return {
        WRITE: _("Write"),
        PEOPLE: _("To whom"),
        TEST: _("Test"),
        CHECK: _("Check"),
        SCHEDULE: _("Schedule"),
    }[name]


def done_steps(appeal: Appeal) -> set[str]:
    """The steps that are seen to be done; checking is never done once and for all."""
    if appeal.state != Appeal.State.DRAFT:
        return set(ORDER)
    logged = set(
        ChangeLine.objects.filter(
            subject_type="appeal", subject_ref=str(appeal.ref), action__in=[TESTED, CHOSEN]
        ).values_list("action", flat=True)
    )
    found = set()
    if _is_written(appeal):
        found.add(WRITE)
    if appeal.segment_version_id or appeal.people_of_id or CHOSEN in logged:
        found.add(PEOPLE)
    if TESTED in logged:
        found.add(TEST)
    return found


def _is_written(appeal: Appeal) -> bool:
    rows = Content.objects.filter(variant__appeal=appeal)
    said = list(rows.values_list("compiled_at", "compiled_subject", "problems"))
    return bool(said) and all(
        at is not None and subject.strip() and not _hard(problems) for at, subject, problems in said
    )


def _hard(problems: list[dict[str, str]]) -> bool:
    return any(one.get("code") not in WARNINGS for one in problems)


def next_url(appeal: Appeal, current: str) -> str:
    """Where the step after this one is."""
    after = ORDER[min(ORDER.index(current) + 1, len(ORDER) - 1)]
    return reverse(f"console:appeal_{after}", args=[appeal.ref])
