"""The newest run, as the page shows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from fundraise.reconciliation.models import ProofLine, ProofRun

ORDER = ["differs", "waiting", "ok", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Day:
    """One run, its lines for some entities, the worst first within each letter."""

    run: ProofRun
    lines: list[ProofLine]

    def with_status(self, status: str) -> list[ProofLine]:
        return [line for line in self.lines if line.status == status]

    @property
    def is_green(self) -> bool:
        """Nothing differs; a wait is no difference."""
        return not self.with_status(ProofLine.Status.DIFFERS)


def newest(entities: Collection[int]) -> Day | None:
    """The last run that came to its end; None before the first."""
    run = ProofRun.objects.exclude(ended_at=None).order_by("-began_at", "-pk").first()
    return day_of(run, entities) if run else None


def day_of(run: ProofRun, entities: Collection[int]) -> Day:
    """A run's lines for these entities, and those of the whole house."""
    mine = run.lines.filter(Q(entity__in=entities) | Q(entity=None)).select_related("entity")
    lines = sorted(mine, key=lambda line: (line.letter, ORDER.index(line.status), line.source))
    return Day(run, lines)
