"""The ledger's own identities, each one set-based query, over all journals or those that are new.

Both read the same text: `{journals}` and `{entries}` are the tables, or what stands in them for one
entity after its place in a checkpoint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from django.db import connection

from fundraise.ledger import checkpoints
from fundraise.ledger.checkpoints import Since
from fundraise.ledger.checks import SINCE, WHOLE, Check, left

_FAULTS = {
    # The first of the span follows the one before it, when there is one.
    "ledger: numbers are contiguous from 1": """
        SELECT count(*) FROM (
          SELECT series_id, year, min(number) AS first, max(number) AS last, count(*) AS journals
            FROM {journals} j GROUP BY series_id, year) s
         WHERE last - first + 1 <> journals OR (first <> 1 AND NOT EXISTS (
           SELECT 1 FROM ledger_journal b WHERE b.series_id = s.series_id AND b.year = s.year
              AND b.number = s.first - 1))""",
    "ledger: every journal has entries": """
        SELECT count(*) FROM {journals} j
         WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.journal_id = j.id)""",
    "ledger: every entry stays within its journal's entity": """
        SELECT count(*) FROM {entries} e JOIN {journals} j ON j.id = e.journal_id
          JOIN ledger_account d ON d.id = e.debit_account_id
          JOIN ledger_account c ON c.id = e.credit_account_id
         WHERE d.entity_id <> j.entity_id OR c.entity_id <> j.entity_id""",
    # ledger_digest and ledger_chain (migration 0002) written out, so that PostgreSQL works on all
    # rows together and in parallel; a function call per row took eight times as long.
    "ledger: every journal says what it said when it was written": """
        SELECT count(*) FROM {journals} j
          LEFT JOIN (SELECT journal_id, string_agg(
                       '[' || line || ', ' || debit_account_id || ', ' || credit_account_id || ', '
                       || amount_ore || ', ' || coalesce(campaign_id::text, 'null') || ', '
                       || coalesce(district_id::text, 'null') || ']', ', ' ORDER BY line) AS said
                       FROM {entries} n GROUP BY journal_id) e ON e.journal_id = j.id
         WHERE j.digest IS DISTINCT FROM sha256(convert_to(
           '["' || j.ref || '", ' || j.entity_id || ', ' || j.series_id || ', ' || j.year || ', '
           || j.number || ', "' || to_char(j.event_date, 'YYYY-MM-DD') || '", "'
           || to_char(j.accounting_date, 'YYYY-MM-DD') || '", '
           || (extract(epoch FROM j.registered_at) * 1000000)::bigint || ', '
           || to_json(j.text) || ', ' || to_json(j.source) || ', ' || to_json(j.document) || ', '
           || to_json(j.by) || ', ' || coalesce(j.reversal_of_id::text, 'null') || ', '
           || coalesce('[' || e.said || ']', 'null') || ']', 'UTF8'))""",
    "ledger: the hash chain is unbroken": """
        SELECT count(*) FROM {journals} j
          LEFT JOIN ledger_journal before
            ON before.entity_id = j.entity_id AND before.position = j.position - 1
         WHERE (before.id IS NULL AND j.position <> 1)
            OR j.hash IS DISTINCT FROM sha256(coalesce(before.hash, decode(repeat('00', 32), 'hex'))
                                || int8send(j.position) || j.digest)""",
    "ledger: every reversal mirrors what it reverses": """
        SELECT count(*) FROM {journals} r
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
# A look at the end of an index for each counter and head: as quick over all years as over a day.
_ENDS = {
    "ledger: the last number given is the last journal's": """
        SELECT count(*) FROM ledger_seriescounter c
         WHERE c.last_number <> coalesce(
           (SELECT max(number) FROM ledger_journal j
             WHERE j.series_id = c.series_id AND j.year = c.year), 0)""",
    "ledger: the chain ends where its head says": """
        SELECT count(*) FROM ledger_chainhead h
          LEFT JOIN ledger_journal j ON j.entity_id = h.entity_id AND j.position = h.position
         WHERE (h.position = 0 AND EXISTS
                 (SELECT 1 FROM ledger_journal x WHERE x.entity_id = h.entity_id))
            OR (h.position > 0 AND (j.hash IS NULL OR j.hash <> h.hash))
            OR EXISTS (SELECT 1 FROM ledger_journal x
                        WHERE x.entity_id = h.entity_id AND x.position > h.position)""",
}
_ALL = {"journals": "ledger_journal", "entries": "ledger_entry"}
_NEW = {
    "journals": "(SELECT * FROM ledger_journal"
    " WHERE entity_id = {entity} AND position > {position})",
    "entries": "(SELECT y.* FROM ledger_entry y JOIN ledger_journal x ON x.id = y.journal_id"
    " WHERE x.entity_id = {entity} AND x.position > {position})",
}
_FITS = "ledger: checkpoints fit the chain and their seal"
_MISFITS = """
  SELECT count(*) FROM ledger_checkpointhead c
    LEFT JOIN ledger_journal j ON j.entity_id = c.entity_id AND j.position = c.position
   WHERE j.hash IS DISTINCT FROM c.hash"""
_SUMS = "ledger: all entries = the sums of the checkpoint and what came since"


def checks() -> Iterator[Check]:
    """Every rule of the ledger, as the number of rows that break it."""
    since = checkpoints.newest()
    for name, query in _FAULTS.items():
        yield _check(name, _number(query.format(**_ALL)))
    yield from _ends()
    yield _check(_FITS, _number(_MISFITS) + (since is not None and not since.fits_its_seal))
    yield _check(_SUMS, _sums_that_differ(since) if since else 0)


def checks_since(since: Since) -> Iterator[Check]:
    """The same of the journals after a checkpoint, which has to fit."""
    found: Counter[str] = Counter()
    for entity_id, head in since.now.items():
        then = since.head(entity_id)
        if head.position != then.position:
            found.update(_faults_after(entity_id, then.position))
    for name in _FAULTS:
        yield _check(name, found[name], SINCE)
    yield from _ends()
    misfits = _number(f"{_MISFITS} AND c.checkpoint_id = {since.pk}")
    yield _check(_FITS, misfits + (not since.fits_its_seal), SINCE)
    yield left(_SUMS, letter="G", source=_SUMS.removeprefix("ledger: "))


def _ends() -> Iterator[Check]:
    for name, query in _ENDS.items():
        yield _check(name, _number(query))


def _faults_after(entity_id: int, position: int) -> Mapping[str, int]:
    """Written with the numbers in it, so that the plan is made for so many rows."""
    new = {name: text.format(entity=entity_id, position=position) for name, text in _NEW.items()}
    return {name: _number(query.format(**new)) for name, query in _FAULTS.items()}


def _sums_that_differ(since: Since) -> int:
    """Pairs of accounts that hold another sum than then, and what was booked since, make up."""
    every, differ = checkpoints.booked(), 0
    for entity_id, head in since.now.items():
        there = every.get(entity_id, checkpoints.Sums())
        differ += sum(there[pair] != head.sums[pair] for pair in {*there, *head.sums})
    return differ


def _check(name: str, found: int, reach: str = WHOLE) -> Check:
    source = name.removeprefix("ledger: ")
    return Check(name, 0, found, letter="G", source=source, reach=reach)


def _number(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
