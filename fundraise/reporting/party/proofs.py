"""Identities F and H: filed reports against the ledger, and what is held against its account."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import Sum

from fundraise import clock
from fundraise.ledger.checks import DIFFERS, OK, WAITING, Check
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.party import bank_lines, figures, filing, paying_over, sums
from fundraise.reporting.party.models import Hold, PartyReport

# What the account of gifts to be repaid holds, credit less debit.
_HELD = """
  SELECT coalesce(sum(CASE WHEN e.credit_account_id = a.id THEN e.amount_ore
                           ELSE -e.amount_ore END), 0)
    FROM ledger_account a JOIN ledger_entry e ON a.id IN (e.credit_account_id, e.debit_account_id)
    JOIN ledger_journal j ON j.id = e.journal_id
    LEFT JOIN ledger_journal o ON o.id = j.reversal_of_id
   WHERE a.entity_id = %s AND a.role = 'repay'
     AND (j.source LIKE 'hold:%%' OR o.source LIKE 'hold:%%')"""


def checks() -> Iterator[Check]:
    """What is held per entity; every version of every report that was filed."""
    for entity in LegalEntity.objects.filter(pk__in=Hold.objects.values("entity_id")):
        yield _held(entity)
        if bank_lines.followed(entity.pk):
            yield _paid_over(entity)
    for report in PartyReport.objects.select_related("entity").order_by(
        "entity", "year", "version"
    ):
        yield from _filed(report)


def _held(entity: LegalEntity) -> Check:
    rows = Hold.objects.filter(entity=entity, state=Hold.State.HELD)
    listed = rows.aggregate(ore=Sum("amount_ore"))["ore"] or 0
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [entity.pk])
        booked = int(cursor.fetchone()[0])
    first = rows.order_by("repay_by").first()
    note = ""
    if first is not None:
        left = (first.repay_by - clock.today()).days
        note = f"{rows.count()} gifts to be repaid, {left} days left for the first"
    return Check(f"party {entity.slug}: gifts to be repaid = their account", listed, booked,
                 note=note)  # fmt: skip


def _paid_over(entity: LegalEntity) -> Check:
    """What Kammarkollegiet was paid, against the lines that show it; their files may be to come."""
    paid = Hold.objects.filter(entity=entity, state=Hold.State.AUTHORITY)
    waiting = paying_over.without_line().filter(entity=entity)
    ore, without = (rows.aggregate(ore=Sum("amount_ore"))["ore"] or 0 for rows in (paid, waiting))
    return Check(
        f"party {entity.slug}: paid to Kammarkollegiet = lines of the bank", ore, ore - without,
        status=WAITING if without else OK,
        note=f"{waiting.count()} wait for their line" if without else "",
    )  # fmt: skip


def _filed(report: PartyReport) -> Iterator[Check]:
    name = f"party {report.entity.slug} {report.year} version {report.version}"
    lines, givers = filing.kept_rows(report)
    yield Check(
        f"{name}: says what it said when it was filed",
        bytes(report.sha256).hex(),
        filing.digest(report, lines, givers).hex(),
    )
    yield Check(
        f"{name}: gifts of the year in the ledger then",
        report.ledger_ore,
        sums.gifts_in_books(report.entity_id, report.year, report.last_journal),
    )
    if report == filing.latest(report.entity, report.year):
        yield _today(name, report)


def _today(name: str, report: PartyReport) -> Check:
    """The report against the books of today: what came later wants an amendment.

    Gifts change with a journal only: where there is none since, somebody changed a row.
    """
    found = figures.of(report.entity, report.year)
    same_gifts = found.gifts_ore == report.gifts_ore
    is_same = same_gifts and found.total_ore == report.total_ore
    went_on = report.last_journal < filing.last_position(report.entity_id)
    return Check(
        f"{name}: total = total by gifts and books of today",
        report.total_ore,
        found.total_ore,
        status=OK if is_same else WAITING if same_gifts or went_on else DIFFERS,
        note="" if is_same else "changed after it was filed: file an amendment",
    )
