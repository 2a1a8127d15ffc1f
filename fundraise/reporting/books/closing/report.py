"""What the pack of a closed month says: balances, movements, vouchers, what is open and how old."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from fundraise import clock
from fundraise.ledger.models import LegalEntity
from fundraise.ledger.sie.grouping import Group, group
from fundraise.reconciliation.models import Item, QueueItem, RuleVersion
from fundraise.reporting.books import balances, contents
from fundraise.reporting.books.exporting import last_day
from fundraise.reporting.books.models import BookExport, Closing


@dataclass(frozen=True, slots=True)
class Movement:
    """Journals of one series between the same accounts."""

    series: str
    debit: int
    credit: int
    number: int
    ore: int


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something unsettled on the month's last day. `what`: an item's state or a queue's code."""

    what: str
    since: date
    ore: int | None
    age_days: int
    ref: str


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule of matching that changed."""

    at: datetime
    name: str
    number: int
    mode: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """The whole of it."""

    closing: Closing
    last: date
    balances: list[balances.Balance]
    movements: list[Movement]
    vouchers: list[Group]
    open_items: list[OpenItem]
    rule_changes: list[RuleChange]
    files: list[BookExport]


def report_of(closing: Closing) -> Report:
    """Everything that the pack says of a month, in few statements."""
    entity, first, last = closing.entity, closing.first_day, last_day(closing.first_day)
    journals = (row for _at, row in contents.journals(entity, first, last, left_only=False))
    files = BookExport.objects.filter(
        members__journal__accounting_date__range=(first, last), entity=entity
    )
    return Report(
        closing=closing,
        last=last,
        balances=balances.of_days(entity, first, last),
        movements=[Movement(*row) for row in _rows(_MOVEMENTS, [entity.pk, first, last])],
        vouchers=group(journals),
        open_items=sorted(_open(entity, last), key=lambda one: one.since),
        rule_changes=list(_rules(entity, first, last)),
        files=list(files.defer("content").distinct().order_by("number")),
    )


_MOVEMENTS = """
  SELECT s.code, d.number, c.number, count(*)::bigint, sum(e.amount_ore)::bigint
    FROM ledger_journal j
    JOIN ledger_series s ON s.id = j.series_id
    JOIN ledger_entry e ON e.journal_id = j.id
    JOIN ledger_account d ON d.id = e.debit_account_id
    JOIN ledger_account c ON c.id = e.credit_account_id
   WHERE j.entity_id = %s AND j.accounting_date BETWEEN %s AND %s
   GROUP BY s.code, d.number, c.number ORDER BY s.code, d.number, c.number"""


def _rows(query: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _open(entity: LegalEntity, last: date) -> Iterator[OpenItem]:
    waiting = ["new", "suggested", "unknown"]
    items = Item.objects.filter(account__entity=entity, state__in=waiting, booked_on__lte=last)
    for item in items.order_by("booked_on", "pk"):
        age = (last - item.booked_on).days
        yield OpenItem(item.state, item.booked_on, item.amount_ore, age, str(item.ref))
    queued = QueueItem.objects.filter(entity=entity, state="open", opened_at__date__lte=last)
    for row in queued.order_by("opened_at", "pk"):
        since = clock.local_date(row.opened_at)
        yield OpenItem(row.code, since, row.amount_ore, (last - since).days, str(row.ref))


def _rules(entity: LegalEntity, first: date, last: date) -> Iterator[RuleChange]:
    begin = datetime.combine(first, time(), tzinfo=clock.STOCKHOLM)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=clock.STOCKHOLM)
    rows = RuleVersion.objects.filter(
        rule__entity=entity, valid_from__gte=begin, valid_from__lt=end
    )
    for row in rows.select_related("rule").order_by("valid_from", "pk"):
        yield RuleChange(row.valid_from, row.rule.name, row.number, row.mode, row.made_by, row.why)
