"""A report as it is shown, printed and put into a sheet: as it would be now, or as it was filed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from donors.cards import open_lines
from donors.models import Donor
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.party import figures, filing, rules, words
from fundraise.reporting.party.figures import Figures
from fundraise.reporting.party.models import PartyReport, ReportDonor
from fundraise.reporting.party.rules import Band

AT_ONCE = 500
HIDDEN = "••••"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line: its words, sum, number, and whether it is a part of the one above."""

    code: str
    text: str
    amount_ore: int
    number: int | None
    is_sub: bool


@dataclass(frozen=True, slots=True)
class ShownGiver:
    """One giver's year. `name` and `identity` are empty for whoever may not see them."""

    position: int
    giver: str
    kind: str
    band: str
    amount_ore: int
    in_kind_ore: int
    gifts: int
    identified: bool
    donor_id: int | None
    name: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A report with its head. `version` 0: not filed."""

    entity: LegalEntity
    year: int
    version: int
    base_ore: int
    anonymous_ore: int
    total_ore: int
    is_freed: bool
    filed_at: datetime | None
    reason: str
    sha256: str
    lines: tuple[ShownLine, ...]
    givers: tuple[ShownGiver, ...] = field(repr=False)
    report: PartyReport | None = None

    @property
    def due_on(self) -> date:
        return rules.due_on(self.year)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 in groups of eight, to compare by eye and to break on a narrow page."""
        return " ".join(self.sha256[at : at + 8] for at in range(0, len(self.sha256), 8))

    @property
    def named(self) -> list[ShownGiver]:
        return [row for row in self.givers if row.band == Band.NAMED]


def live(entity: LegalEntity, found: Figures) -> Shown:
    """As it would be filed now."""
    lines = [(r.code, dict(r.detail), r.amount_ore, r.number) for r in found.rows]
    rows = [ShownGiver(at, giver, kind, band, ore, in_kind, gifts, known, pk)
            for at, giver, pk, kind, band, ore, in_kind, gifts, known
            in filing.donor_rows(found)]  # fmt: skip
    return Shown(
        entity, found.year, 0, found.limits.base_ore, found.limits.anonymous_ore,
        found.total_ore, found.freed.is_freed, None, "", "", _lines(lines), tuple(rows),
    )  # fmt: skip


def filed(report: PartyReport) -> Shown:
    """As it was filed."""
    lines, givers = filing.kept_rows(report)
    rows = [ShownGiver(at, giver, kind, band, ore, in_kind, gifts, known, pk)
            for at, giver, pk, kind, band, ore, in_kind, gifts, known in givers]  # fmt: skip
    return Shown(
        report.entity, report.year, report.version, report.base_ore, report.anonymous_ore,
        report.total_ore, report.is_freed, report.filed_at, report.reason,
        bytes(report.sha256).hex(),
        _lines((code, detail, ore, number) for _at, code, ore, number, detail in lines),
        tuple(rows), report,
    )  # fmt: skip


def _lines(
    rows: Iterable[tuple[str, dict[str, str | int], int, int | None]],
) -> tuple[ShownLine, ...]:
    return tuple(
        ShownLine(code, words.line(code, detail), ore, number, code in figures.SUB)
        for code, detail, ore, number in rows
    )


def with_names(
    shown: Shown, rows: Sequence[ShownGiver], *, by: str, whole: bool
) -> Iterator[ShownGiver]:
    """Givers with their names, each look written down; `whole`: identity numbers too.

    What was filed of a named giver is shown as it was filed, also when the donor is forgotten.
    """
    kept = _kept(shown)
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        ids = [row.donor_id for row in some if row.donor_id is not None]
        found = list(Donor.objects.filter(pk__in=ids))
        names = {one.pk: one.name for one in open_lines(found, by=by, purpose=filing.PURPOSE)}
        for row in some:
            yield _named(row, names, kept.get(row.position), whole=whole)


def _kept(shown: Shown) -> dict[int, dict[str, str]]:
    if shown.report is None:
        return {}
    rows = ReportDonor.objects.filter(report=shown.report, identity__isnull=False)
    related = rows.select_related("identity", "report")
    return {row.position: filing.named(row) for row in related}


def _named(
    row: ShownGiver, names: dict[int, str], said: dict[str, str] | None, *, whole: bool
) -> ShownGiver:
    name, identity = names.get(row.donor_id or 0, ""), ""
    if said is not None:
        name = said["name"] or name
        number = said["number"] if whole or not said["number"] else f"{said['number'][:-4]}{HIDDEN}"
        identity = number or said["address"]
    return ShownGiver(
        row.position, row.giver, row.kind, row.band, row.amount_ore, row.in_kind_ore, row.gifts,
        row.identified, row.donor_id, name, identity,
    )  # fmt: skip
