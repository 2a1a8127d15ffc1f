"""A whole file: every section by its kind, its rows written, its sums kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from fundraise import clock
from fundraise.providers.autogiro.kinds import Section
from fundraise.providers.giro import delivering, passing
from fundraise.providers.giro.applying import (
    advice,
    changes,
    e_mandates,
    meaning,
    registers,
    rejected,
    specification,
)
from fundraise.providers.giro.applying.work import Result, Row, Work
from fundraise.providers.giro.models import InFile
from fundraise.providers.giro.reading import Ours
from fundraise.providers.giro.terms import bankgiro_of

Apply = Callable[[Work, Section, list[Row]], None]
BY_KIND: Mapping[str, Apply] = {
    "payment_specification": specification.apply,
    "payment_specification_old": specification.apply,
    "mandate_advice": advice.apply,
    "mandate_advice_old": advice.apply,
    "rejected_payments": rejected.apply,
    "rejected_payments_old": rejected.apply,
    "changes": changes.apply,
    "changes_old": changes.apply,
    "e_mandates": e_mandates.apply,
    "mandate_register": registers.apply_mandates,
    "mandate_register_old": registers.apply_mandates,
    "watch_register": registers.apply_watch,
}
EXTRACTS = {"mandate_register", "mandate_register_old", "watch_register"}
TYPES = {"RefundLine": "77", "MandateAdvice": "73", "EMandate": "52", "EMandateText": "53",
         "EMandateTown": "56", "RegisterLine": ""}  # fmt: skip


def apply(file: InFile, ours: Ours) -> None:
    """Work a file in, in the caller's transaction, with its row locked."""
    kind = ours.file.kind.name
    file.agreement, file.kind = ours.parts[0][0], kind
    file.written_on, file.remarks = ours.written_on, len(ours.file.remarks)
    counts: Counter[str] = Counter()
    works = []
    for agreement, section in ours.parts:
        work = Work(agreement, file, bankgiro_of(agreement.account))
        work.rows = _rows(work, section, kind)
        BY_KIND[kind](work, section, work.rows)
        counts += work.write()
        delivering.answered(work.answered_files)
        works.append(work)
    _close(file, counts, works)
    passing.keep(file, ours.file.kind, [pair for work in works for pair in work.others])


def _rows(work: Work, section: Section, kind: str) -> list[Row]:
    """A row for every line; those of a meaning that a file before had are known."""
    opening = section.opening
    written_on = opening.written_on if opening is not None else ""
    name = kind.removesuffix("_old")
    if kind in EXTRACTS:  # the same again is a new comparison
        name += str(work.file.ref)
    keys = meaning.keys_of(name, work.bankgiro, written_on, section.lines)
    known = meaning.known(keys)
    return [
        Row(at, _code(record), key, result=Result.ALREADY if key in known else Result.NOTED)
        for (at, record), key in zip(section.lines, keys, strict=True)
    ]


def _code(record: Any) -> str:
    name = type(record).__name__
    if name in TYPES:
        return TYPES[name]
    return str(getattr(record, "code", "") or record.direction)


def _close(file: InFile, counts: Counter[str], works: list[Work]) -> None:
    file.state, file.applied_at = InFile.State.APPLIED, clock.now()
    file.rows_number, file.counts, file.error = counts.total(), dict(counts), ""
    file.ours_ore = sum(work.sums["ours"] for work in works)
    file.unknown_ore = sum(work.sums["unknown"] for work in works)
    file.other_ore = sum(work.sums["other"] for work in works)
    file.save()
