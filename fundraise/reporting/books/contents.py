"""The books of some days as rows of a SIE file, straight from the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db import connection

from fundraise import VERSION, clock
from fundraise.ledger.models import Account as LedgerAccount
from fundraise.ledger.models import Dimension, LegalEntity
from fundraise.ledger.sie.grouping import Group, JournalRow, Movement
from fundraise.ledger.sie.rows import Account, Balance, Company, Contents, Object, Year

PROGRAM = "fundraise"

_ROWS = """
  SELECT j.id, s.code, s.name, j.year, j.number, j.accounting_date, j.text, j.position,
         d.number, c.number, e.amount_ore, coalesce(campaign.code, ''), coalesce(district.code, '')
    FROM ledger_journal j
    JOIN ledger_series s ON s.id = j.series_id
    JOIN ledger_entry e ON e.journal_id = j.id
    JOIN ledger_account d ON d.id = e.debit_account_id
    JOIN ledger_account c ON c.id = e.credit_account_id
    LEFT JOIN ledger_dimension campaign ON campaign.id = e.campaign_id
    LEFT JOIN ledger_dimension district ON district.id = e.district_id
   WHERE j.entity_id = %s AND j.accounting_date BETWEEN %s AND %s"""
# What a feeder still has to hand over: nothing from before the start, and nothing twice.
_LEFT = """
     AND NOT s.already_exported
     AND NOT EXISTS (SELECT 1 FROM books_exportedjournal x WHERE x.journal_id = j.id)"""
_ORDER = " ORDER BY j.accounting_date, j.id, e.line"


def journals(
    entity: LegalEntity, from_day: date, to_day: date, *, left_only: bool
) -> Iterator[tuple[int, JournalRow]]:
    """Each journal with its place in the chain; with `left_only` those of no 4I file yet."""
    query = _ROWS + (_LEFT if left_only else "") + _ORDER
    with connection.cursor() as cursor:
        cursor.execute(query, [entity.pk, from_day, to_day])
        for _key, rows in groupby(cursor, key=lambda row: row[0]):
            yield _journal(list(rows))


def _journal(rows: Sequence[tuple[Any, ...]]) -> tuple[int, JournalRow]:
    key, series, name, year, number, day, text, position = rows[0][:8]
    moves = tuple(Movement(*row[8:]) for row in rows)
    return position, JournalRow(key, series, name, year, number, day, text, moves)


def contents(
    entity: LegalEntity,
    groups: Sequence[Group],
    years: tuple[Year, ...],
    balances: tuple[Balance, ...] = (),
) -> Contents:
    """A file of these vouchers, with what they use declared."""
    lines = [line for one in groups for line in one.voucher.lines]
    numbers = {line.account for line in lines} | {row.account for row in balances}
    used = {pair for line in lines for pair in line.objects}
    return Contents(
        company=Company(entity.name, entity.org_number, PROGRAM, VERSION),
        made=clock.today(),
        years=years,
        accounts=_accounts(entity, numbers),
        objects=_objects(entity, used),
        vouchers=tuple(one.voucher for one in groups),
        balances=balances,
    )


def year_of(day: date, number: int = 0) -> Year:
    """The financial year that holds a day: the calendar's."""
    year = day.year + number
    return Year(number, date(year, 1, 1), date(year, 12, 31))


def _accounts(entity: LegalEntity, numbers: set[int]) -> tuple[Account, ...]:
    rows = LedgerAccount.objects.filter(entity=entity, number__in=numbers).order_by("number")
    return tuple(Account(row.number, row.name) for row in rows)


def _objects(entity: LegalEntity, used: set[tuple[int, str]]) -> tuple[Object, ...]:
    rows = Dimension.objects.filter(entity=entity).order_by("kind", "code")
    return tuple(
        Object(row.kind, row.code, row.name) for row in rows if (row.kind, row.code) in used
    )
