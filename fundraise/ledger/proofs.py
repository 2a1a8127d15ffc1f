"""The ledger's own identities, each one set-based query."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from fundraise.ledger.checks import Check

_FAULTS = {
    "ledger: numbers are contiguous from 1": """
        SELECT count(*) FROM (
          SELECT series_id, year FROM ledger_journal GROUP BY series_id, year
          HAVING min(number) <> 1 OR max(number) <> count(*)) gaps""",
    "ledger: the last number given is the last journal's": """
        SELECT count(*) FROM ledger_seriescounter c
          LEFT JOIN (SELECT series_id, year, max(number) AS last FROM ledger_journal
                      GROUP BY series_id, year) j USING (series_id, year)
         WHERE c.last_number <> coalesce(j.last, 0)""",
    "ledger: every journal has entries": """
        SELECT count(*) FROM ledger_journal j
         WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.journal_id = j.id)""",
    "ledger: every entry stays within its journal's entity": """
        SELECT count(*) FROM ledger_entry e JOIN ledger_journal j ON j.id = e.journal_id
          JOIN ledger_account d ON d.id = e.debit_account_id
          JOIN ledger_account c ON c.id = e.credit_account_id
         WHERE d.entity_id <> j.entity_id OR c.entity_id <> j.entity_id""",
    "ledger: every journal says what it said when it was written": """
        SELECT count(*) FROM ledger_journal j WHERE j.digest <> ledger_digest(j)""",
    "ledger: the hash chain is unbroken": """
        SELECT count(*) FROM (
          SELECT position, hash, digest,
                 lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER w AS before,
                 lag(position, 1, 0::bigint) OVER w AS place_before
            FROM ledger_journal WINDOW w AS (PARTITION BY entity_id ORDER BY position)) chain
         WHERE position <> place_before + 1 OR hash <> ledger_chain(before, position, digest)""",
    "ledger: the chain ends where its head says": """
        SELECT count(*) FROM ledger_chainhead h
          LEFT JOIN ledger_journal j ON j.entity_id = h.entity_id AND j.position = h.position
         WHERE (h.position = 0 AND EXISTS
                 (SELECT 1 FROM ledger_journal x WHERE x.entity_id = h.entity_id))
            OR (h.position > 0 AND (j.hash IS NULL OR j.hash <> h.hash))
            OR EXISTS (SELECT 1 FROM ledger_journal x
                        WHERE x.entity_id = h.entity_id AND x.position > h.position)""",
    "ledger: every reversal mirrors what it reverses": """
        SELECT count(*) FROM ledger_journal r
         WHERE r.reversal_of_id IS NOT NULL AND EXISTS (
           (SELECT debit_account_id, credit_account_id, amount_ore, campaign_id, district_id
              FROM ledger_entry WHERE journal_id = r.id)
           EXCEPT ALL
           (SELECT credit_account_id, debit_account_id, amount_ore, campaign_id, district_id
              FROM ledger_entry WHERE journal_id = r.reversal_of_id))""",
}


def checks() -> Iterator[Check]:
    """Every rule of the ledger, as the number of rows that break it."""
    with connection.cursor() as cursor:
        for name, query in _FAULTS.items():
            cursor.execute(query)
            yield Check(name, 0, cursor.fetchone()[0])
