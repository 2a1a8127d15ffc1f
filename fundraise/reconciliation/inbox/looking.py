"""What a file would do, before anything is booked: accounts, days, balances, checks and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from fundraise.reconciliation.inbox import chain
from fundraise.reconciliation.models import Item, Line, Statement, StatementFile


@dataclass(frozen=True, slots=True)
class Part:
    """One statement of a file. `gap_ore` is what its opening balance is off; none when it fits."""

    statement_id: int
    account: str
    account_ref: str
    from_day: date
    to_day: date
    opening_ore: int | None
    closing_ore: int | None
    details_only: bool
    lines: int
    gap_ore: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it was read. A refused one has `reason` and `at`, and nothing else."""

    file: StatementFile
    parts: tuple[Part, ...] = ()
    new_lines: int = 0
    known_lines: int = 0
    new_items: int = 0
    known_items: int = 0
    in_ore: int = 0
    out_ore: int = 0
    matched: int = 0
    suggested: int = 0
    unknown: int = 0
    waiting: int = 0  # batches whose payers come in a file of their own
    matched_ore: int = 0
    suggested_ore: int = 0
    unknown_ore: int = 0

    @property
    def gaps(self) -> tuple[Part, ...]:
        """The statements behind a gap."""
        return tuple(part for part in self.parts if part.gap_ore)


def look(file: StatementFile) -> Preview:
    """What is there to see of a file."""
    parts = tuple(_part(row) for row in _statements(file))
    rows = Item.objects.filter(statement__file=file, part_of=None).values_list("state")
    told: dict[str, tuple[int, int]] = {
        state: (number, ore)
        for state, number, ore in rows.annotate(n=Count("pk"), ore=Sum("amount_ore")).order_by()
    }

    def number(state: str) -> int:
        return told.get(state, (0, 0))[0]

    def ore(state: str) -> int:
        return told.get(state, (0, 0))[1]

    state = Item.State
    return Preview(
        file,
        parts,
        file.new_lines,
        file.known_lines,
        file.new_items,
        file.known_items,
        file.in_ore,
        file.out_ore,
        number(state.MATCHED),
        number(state.SUGGESTED),
        number(state.UNKNOWN),
        number(state.NEW),
        ore(state.MATCHED),
        ore(state.SUGGESTED),
        ore(state.UNKNOWN),
    )


def _statements(file: StatementFile) -> list[Statement]:
    return list(
        Statement.objects.filter(file=file)
        .select_related("account")
        .annotate(number=Count("lines"))
        .order_by("pk")
    )


def _part(row: Statement) -> Part:
    return Part(
        row.pk,
        row.account.name,
        str(row.account.ref),
        row.from_day,
        row.to_day,
        row.opening_ore,
        row.closing_ore,
        row.details_only,
        Line.objects.filter(statement=row).count(),
        chain.gap_of(row),
    )
