"""What left the books against the books (identity G): files are whole, sums and counts agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.db import connection

from fundraise.ledger.checkpoints import Since
from fundraise.ledger.checks import SINCE, Check, left

_FAULTS = {
    "books: every file is to the byte what was made": """
        SELECT count(*) FROM {files} f
         WHERE encode(sha256(content), 'hex') <> sha256 OR octet_length(content) <> size""",
    "books: the journals of each 4I file are as many and as much as it says": """
        SELECT count(*) FROM {files} b
          LEFT JOIN (SELECT x.export_id, count(DISTINCT x.journal_id) AS journals,
                            count(DISTINCT x.voucher) AS vouchers, sum(e.amount_ore) AS ore,
                            min(j.position) AS first, max(j.position) AS last
                       FROM {rows} x
                       JOIN ledger_journal j ON j.id = x.journal_id
                       JOIN ledger_entry e ON e.journal_id = x.journal_id
                      GROUP BY x.export_id) m ON m.export_id = b.id
         WHERE b.kind = 'sie4i' AND
               (b.journals, b.vouchers, b.sum_ore, b.first_position, b.last_position)
               IS DISTINCT FROM (m.journals, m.vouchers, m.ore, m.first, m.last)""",
    "books: no file holds another entity's journal, another day's or one from before the start": """
        SELECT count(*) FROM {rows} x
          JOIN books_bookexport b ON b.id = x.export_id
          JOIN ledger_journal j ON j.id = x.journal_id
          JOIN ledger_series s ON s.id = j.series_id
         WHERE b.kind <> 'sie4i' OR j.entity_id <> b.entity_id OR s.already_exported
            OR j.accounting_date NOT BETWEEN b.from_day AND b.to_day""",
    "books: nothing is left to hand over in a locked month": """
        SELECT count(*) FROM ledger_period p
          JOIN ledger_journal j ON j.entity_id = p.entity_id
           AND j.accounting_date >= p.first_day
           AND j.accounting_date < (p.first_day + interval '1 month')::date
          JOIN ledger_series s ON s.id = j.series_id
         WHERE p.state = 'locked' AND NOT s.already_exported
           AND NOT EXISTS (SELECT 1 FROM books_exportedjournal x WHERE x.journal_id = j.id)""",
}
_SOURCES = dict(zip(_FAULTS, ("files", "files:sums", "files:whose", "files:left"), strict=True))
_ALL = {"files": "books_bookexport", "rows": "books_exportedjournal"}
_NEW = {
    "files": "(SELECT * FROM books_bookexport WHERE id > {after})",
    "rows": "(SELECT * FROM books_exportedjournal WHERE export_id > {after})",
}


def checks() -> Iterator[Check]:
    """Each rule as the number of rows that break it."""
    for name, query in _FAULTS.items():
        yield _check(name, _number(query.format(**_ALL)))


def checks_since(since: Since) -> Iterator[Check]:
    """Files made after a checkpoint; what locked months hold over all years is left."""
    after = since.last("books_bookexport")
    new = {name: text.format(after=after) for name, text in _NEW.items()}
    for name, query in _FAULTS.items():
        if _SOURCES[name] == "files:left":
            yield left(name, letter="G", source=_SOURCES[name])
        else:
            yield replace(_check(name, _number(query.format(**new))), reach=SINCE)


def _check(name: str, found: int) -> Check:
    return Check(name, 0, found, letter="G", source=_SOURCES[name])


def _number(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
