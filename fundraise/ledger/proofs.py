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
    # ledger_digest and ledger_chain (migration 0002) written out, so that PostgreSQL works on all
    # rows together and in parallel; a function call per row took eight times as long.
    "ledger: every journal says what it said when it was written": """
        SELECT count(*) FROM ledger_journal j
          LEFT JOIN (SELECT journal_id, string_agg(
                       '[' || line || ', ' || debit_account_id || ', ' || credit_account_id || ', '
                       || amount_ore || ', ' || coalesce(campaign_id::text, 'null') || ', '
                       || coalesce(district_id::text, 'null') || ']', ', ' ORDER BY line) AS said
                       FROM ledger_entry GROUP BY journal_id) e ON e.journal_id = j.id
         WHERE j.digest IS DISTINCT FROM sha256(convert_to(
           '["' || j.ref || '", ' || j.entity_id || ', ' || j.series_id || ', ' || j.year || ', '
           || j.number || ', "' || to_char(j.event_date, 'YYYY-MM-DD') || '", "'
           || to_char(j.accounting_date, 'YYYY-MM-DD') || '", '
           || (extract(epoch FROM j.registered_at) * 1000000)::bigint || ', '
           || to_json(j.text) || ', ' || to_json(j.source) || ', ' || to_json(j.document) || ', '
           || to_json(j.by) || ', ' || coalesce(j.reversal_of_id::text, 'null') || ', '
           || coalesce('[' || e.said || ']', 'null') || ']', 'UTF8'))""",
    "ledger: the hash chain is unbroken": """
        SELECT count(*) FROM ledger_journal j
          LEFT JOIN ledger_journal before
            ON before.entity_id = j.entity_id AND before.position = j.position - 1
         WHERE (before.id IS NULL AND j.position <> 1)
            OR j.hash IS DISTINCT FROM sha256(coalesce(before.hash, decode(repeat('00', 32), 'hex'))
                                || int8send(j.position) || j.digest)""",
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
         WHERE r.reversal_of_id IS NOT NULL AND (
           (SELECT count(*) FROM ledger_entry WHERE journal_id = r.id)
             <> (SELECT count(*) FROM ledger_entry WHERE journal_id = r.reversal_of_id)
           OR EXISTS (
           (SELECT debit_account_id, credit_account_id, amount_ore, campaign_id, district_id
              FROM ledger_entry WHERE journal_id = r.id)
           EXCEPT ALL
           (SELECT credit_account_id, debit_account_id, amount_ore, campaign_id, district_id
              FROM ledger_entry WHERE journal_id = r.reversal_of_id)))""",
}


def checks() -> Iterator[Check]:
    """Every rule of the ledger, as the number of rows that break it."""
    with connection.cursor() as cursor:
        for name, query in _FAULTS.items():
            cursor.execute(query)
            source = name.removeprefix("ledger: ")
            yield Check(name, 0, cursor.fetchone()[0], letter="G", source=source)
