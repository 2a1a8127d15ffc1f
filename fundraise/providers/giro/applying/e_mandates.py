"""Mandates that payers gave in their Internet bank, to be answered within 18 bank days."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from fundraise.pledges.errors import PledgeError
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services import e_mandates
from fundraise.providers.autogiro.accounts import bank_of
from fundraise.providers.autogiro.kinds import Section
from fundraise.providers.autogiro.mandates import EMandate
from fundraise.providers.giro.applying.work import Result, Row, Work
from fundraise.providers.giro.models import Question

NEW = "0"
LINES = 5  # TK52-56


def apply(work: Work, section: Section, rows: list[Row]) -> None:
    """Work one section in: each mandate is five lines, and its first one has the result."""
    for (_at, record), row in zip(section.lines, rows, strict=True):
        if isinstance(record, EMandate) and row.result != Result.ALREADY:
            _one(work, row, record)
    _others(work, section, rows)


def _one(work: Work, row: Row, record: EMandate) -> None:
    row.payer, row.code = record.payer, record.message
    known = work.mandates([record.payer])
    if not known and not _may_be_ours(work, record.payer):
        row.result = Result.OTHER
        return
    seen = e_mandates.EMandate(
        entity_id=work.entity_id,
        payer_number=record.payer,
        details=AccountDetails(record.account, record.identity),
        hint=hint_of(record.account),
        variant=_variant(record),
        event_id=row.event_id,
    )
    try:
        with transaction.atomic():
            mandate = e_mandates.receive_e_mandate(seen)
    except (PledgeError, IntegrityError):  # the number is another mandate's, now or once
        row.result, row.mandate_id = Result.CONFLICT, known[record.payer].pk if known else None
        work.ask(row, Question.Kind.E_MANDATE)
        return
    row.mandate_id = mandate.pk
    row.result = Result.APPLIED if record.message == NEW else Result.NOTED


def _may_be_ours(work: Work, payer: str) -> bool:
    """A number of our range, or one of ours whose last digit was lost on the way."""
    if work.in_range(payer):
        return True
    return bool(payer) and any(work.mandates(f"{payer}{digit}" for digit in range(10)))


def hint_of(account16: str) -> str:
    """The bank's name and the last digits, never more."""
    bank = bank_of(account16[:4])
    return f"{bank.name if bank else account16[:4]} …{account16[-4:]}" if account16 else ""


def _variant(record: EMandate) -> str:
    return "organisation" if record.identity.startswith(("00", "99")) else "person"


def _others(work: Work, section: Section, rows: list[Row]) -> None:
    """All five lines of a mandate that is another system's."""
    for first in range(0, len(rows), LINES):
        five = rows[first : first + LINES]
        for row in five[1:]:
            row.result = five[0].result if five[0].result == Result.OTHER else row.result
    work.keep_others(section, rows)
