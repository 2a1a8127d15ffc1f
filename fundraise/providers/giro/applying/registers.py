"""Extracts of Bankgirot's registers, compared with ours. Nothing is changed: a person adopts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fundraise import crypto
from fundraise.pledges import states
from fundraise.pledges.models import Collection, Mandate
from fundraise.providers.autogiro.kinds import Section
from fundraise.providers.autogiro.mandates import RegisterLine
from fundraise.providers.giro.applying.work import Result, Row, Work, day_of
from fundraise.providers.giro.models import Question

Kind = Question.Kind
APPROVED, ASKED = "1", "2"
# What ours may be when theirs is so.
FITS = {
    APPROVED: {"active", "retiring", "ending"},
    ASKED: {"sent", "ending"},
}
THERE = ["active", "retiring"]  # must stand in an extract, whatever else is under way


def apply_mandates(work: Work, section: Section, rows: list[Row]) -> None:
    """The mandate register against our mandates: missing, extra and different ones."""
    known = work.mandates(record.payer for _at, record in section.lines)
    for (_at, record), row in zip(section.lines, rows, strict=True):
        row.result = Result.NOTED
        row.payer, row.code, row.day = record.payer, record.status, day_of(record.created)
        _compare(work, row, record, known.get(record.payer))
    seen = {record.payer for _at, record in section.lines}
    missing = Mandate.objects.filter(
        entity_id=work.entity_id, method="autogiro", state__in=THERE
    ).order_by("pk")
    for mandate in missing:
        if mandate.payer_number not in seen:
            _missing(work, Kind.REGISTER_MISSING, str(mandate.ref), mandate=mandate)
    work.keep_others(section, rows)


def _compare(work: Work, row: Row, record: RegisterLine, mandate: Mandate | None) -> None:
    if mandate is None and not work.in_range(record.payer):
        row.result = Result.OTHER
    elif mandate is None or mandate.state in states.OVER_MANDATE:
        row.result = Result.UNKNOWN
        row.mandate_id = mandate.pk if mandate else None
        work.ask(row, Kind.REGISTER_EXTRA, subject=record.payer)
    else:
        row.mandate_id = mandate.pk
        if differs := ",".join(_differences(record, mandate)):
            row.result = Result.CONFLICT
            work.ask(row, Kind.REGISTER_DIFFERENT, subject=record.payer, differs=differs)


def _differences(record: RegisterLine, mandate: Mandate) -> Iterable[str]:
    """The payer may have moved the mandate to another account: the payee is not told of that."""
    if mandate.state not in FITS.get(record.status, set()):
        yield "state"
    if _unlike("account", record.account, mandate.account_hash):
        yield "account"
    if _unlike("mandate-identity", record.identity, mandate.identity_hash):
        yield "identity"


def _unlike(kind: str, theirs: str, ours: Any) -> bool:
    if not theirs or ours is None:
        return False
    return bytes(ours) not in crypto.lookup_hashes(kind, theirs)


def apply_watch(work: Work, section: Section, rows: list[Row]) -> None:
    """The watch register against the draws that we have out."""
    draws = work.draws(record.reference for _at, record in section.lines)
    known = work.mandates(r.payer for _at, r in section.lines if r.reference not in draws)
    for (_at, record), row in zip(section.lines, rows, strict=True):
        row.result = Result.NOTED
        row.payer, row.ore, row.day = record.payer, record.amount_ore, day_of(record.day)
        draw = draws.get(record.reference)
        if draw is not None:
            row.collection_id, row.mandate_id = draw.pk, draw.mandate_id
            if draw.state not in states.OPEN_COLLECTION:
                work.ask(row, Kind.WATCH_EXTRA, subject=draw.reference)
        elif record.payer in known or work.in_range(record.payer):
            row.result = Result.UNKNOWN
            work.ask(row, Kind.WATCH_EXTRA, subject=f"{record.payer}.{record.day}")
        else:
            row.result = Result.OTHER
    _not_waiting(work, section)
    work.keep_others(section, rows)


def _not_waiting(work: Work, section: Section) -> None:
    """Ours are out and due after the day of the extract, and Bankgirot does not have them."""
    seen = {record.reference for _at, record in section.lines}
    out = Collection.objects.filter(
        mandate__entity_id=work.entity_id,
        mandate__method="autogiro",
        state__in=["sent", "trying"],
        due_on__gt=work.written_on,
        orders__kind="draw",
        orders__day__lt=work.written_on,
    )
    for draw in out.select_related("mandate").order_by("pk"):
        if draw.reference not in seen:
            _missing(
                work, Kind.WATCH_MISSING, draw.reference, mandate=draw.mandate, collection=draw
            )


def _missing(work: Work, kind: str, subject: str, **what: Any) -> None:
    row = Row(0, "", (b"", 0), payer=str(what["mandate"].payer_number))
    row.mandate_id = what["mandate"].pk
    row.collection_id = what["collection"].pk if "collection" in what else None
    work.ask(row, kind, subject=subject)
