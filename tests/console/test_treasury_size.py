"""The treasurer's lists with many entities and rows: one bounded page, and no question per row."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation.models import BankAccount, Item, QueueItem
from tests import servers
from tests.console.conftest import LogIn
from tests.reconciliation.house import Bank, make_bank

FULL = os.environ.get("SCALE") == "full"
EXCEPTIONS, ITEMS, PARTIES = "/staff/bank/exceptions/", "/staff/bank/items/", "/staff/party/"
_DISTRICTS = """
  INSERT INTO ledger_legalentity (ref, slug, name, parent_id, org_number, kind, phone, email,
                                  address, statement_text, tax_reduction)
  SELECT gen_random_uuid(), 'd' || n, 'Distrikt ' || n, id, org_number, kind, phone, email,
         address, statement_text, tax_reduction
    FROM ledger_legalentity, generate_series(1, %s) n WHERE slug = 'party'"""
_EXCEPTIONS = """
  INSERT INTO reconciliation_queueitem (ref, entity_id, code, subject, facts, state, opened_at,
                                        due_on, note, settled_by, how, settled_at)
  SELECT gen_random_uuid(), e.id, 'unknown_payer', 'item:' || n, '{{}}', 'open', now(),
         current_date - n %% 100, '', '', '', NULL
    FROM generate_series(1, %s) n
    JOIN (SELECT id, row_number() OVER (ORDER BY id) AS r, count(*) OVER () AS t
            FROM ledger_legalentity) e ON e.r = 1 + n %% e.t"""
_FILE = """
  INSERT INTO reconciliation_statementfile (ref, kind, importer, name, media_type, sha256, sealed,
    size, via, taken_by, received_at, keep_until, state, reason, at, facts, new_lines, known_lines,
    new_items, known_items, in_ore, out_ore, booked_at, booked_by)
  VALUES (gen_random_uuid(), 'camt.053', '', '', '', '\\x01', '\\x01', 1, 'page', 'x', now(),
    '2033-01-01', 'booked', '', '', '{{}}', 0, 0, 0, 0, 0, 0, now(), 'x')
  RETURNING id"""
_STATEMENT = """
  INSERT INTO reconciliation_statement (file_id, account_id, external_id, from_day, to_day,
                                        details_only)
  VALUES (%s, %s, '', '2026-09-01', '2026-09-01', true) RETURNING id"""
_ITEMS = """
  INSERT INTO reconciliation_item (ref, account_id, statement_id, batch_ref, at, booked_on,
    amount_ore, bank_ref, reference, code, channel, is_return, payer_country, account_country,
    fingerprint, nth, state, parked, note)
  SELECT gen_random_uuid(), %s, %s, '', 'x', date '2026-09-01' + n %% 80, 100 + n, '', '', '',
         'bank', false, '', '', decode(md5(n::text), 'hex'), 0,
         CASE WHEN n %% 50 = 0 THEN 'unknown' ELSE 'matched' END, 0, ''
    FROM generate_series(1, %s) n"""


def sql(query: str, *values: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query.replace("{{}}", "{}"), list(values) or None)
        return cursor.fetchone()[0] if cursor.description else None


def fill(bank: Bank, districts: int, rows: int) -> None:
    sql(_DISTRICTS, districts)
    sql(_EXCEPTIONS, rows)
    of = sql(_STATEMENT, sql(_FILE), bank.account.pk)
    sql(_ITEMS, bank.account.pk, of, rows)


def asked(staff: Client, url: str) -> tuple[int, str]:
    """How many questions a page puts to the database, and its text."""
    staff.get(url)  # what is asked once and remembered
    with CaptureQueriesContext(connection) as seen:
        answer = staff.get(url)
    assert answer.status_code == 200
    return len(seen), answer.content.decode()


@pytest.mark.django_db
def test_lists_put_as_many_questions_for_a_page_of_many_as_for_one(log_in: LogIn) -> None:
    staff, bank = log_in("boss"), make_bank("district")
    few = {url: asked(staff, url)[0] for url in (EXCEPTIONS, ITEMS, PARTIES)}
    fill(bank, districts=30, rows=120)
    for url in (EXCEPTIONS, ITEMS):
        number, text = asked(staff, url)
        assert text.count("<tr") == 50 + 2, "head, fifty rows, foot"
        assert number <= few[url] + 1, "whose name stands in a filter"
    number, text = asked(staff, PARTIES)
    assert (text.count("Distrikt "), text.count('id="e')) == (2 * 18, 20)
    assert number <= few[PARTIES]
    _number, last = asked(staff, f"{PARTIES}?page=2")
    assert last.count('id="e') == 12


@pytest.mark.serial
@pytest.mark.skipif(not FULL, reason="a hundred thousand rows")
@pytest.mark.django_db(transaction=True)
def test_a_hundred_thousand_rows_are_read_by_an_index_a_page_at_a_time(log_in: LogIn) -> None:
    staff, bank = log_in("boss"), make_bank("district")
    fill(bank, districts=300, rows=100_000)
    with servers.superuser(servers.DATABASE) as admin:
        admin.execute("VACUUM ANALYZE")
    assert (QueueItem.objects.count(), Item.objects.count()) == (100_000, 100_000)
    assert LegalEntity.objects.count() > 300
    for url in (EXCEPTIONS, f"{EXCEPTIONS}?due=passed", ITEMS, f"{ITEMS}?state=unknown"):
        with CaptureQueriesContext(connection) as seen:
            assert staff.get(url).status_code == 200
        (page,) = [one["sql"] for one in seen if "LIMIT 51" in one["sql"]]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {page}")
            plan = str(cursor.fetchone()[0])
        big = ("reconciliation_queueitem", "reconciliation_item")
        for table in big:
            assert f"'Seq Scan', 'Parallel Aware': False, 'Async Capable': False, "\
                   f"'Relation Name': '{table}'" not in plan, (url, plan)  # fmt: skip
        assert "'Sort Key'" not in plan, (url, "the newest fifty are not found by sorting all")
    assert BankAccount.objects.count() == 1
