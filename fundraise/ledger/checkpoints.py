"""Where a limited proof begins: how far a whole one found the books in order, kept and sealed.

A checkpoint holds, for each entity, the last journal of its hash chain and what every journal up to
it adds up to. What came later is added to that, so that a balance of today costs a day's entries
and not all of them. It is trusted as far as it fits: its own seal, the chain at its place, and, in
a whole proof, the sums of all entries.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from fundraise.ledger.models import Account, Checkpoint, CheckpointHead

# A row number below a mark may have been committed after it: a file of a hundred thousand payments
# takes its numbers long before. So many rows before the mark are looked at again.
OVERLAP = 100_000
START = bytes(32)

Pair = tuple[int, int, int | None]  # debit account, credit account, campaign
Sums = Counter[Pair]


@dataclass(frozen=True, slots=True)
class Head:
    """The end of an entity's books, and the sums of every pair of accounts up to there, in öre."""

    entity_id: int
    position: int
    hash: bytes
    sums: Sums

    def said(self) -> list[object]:
        return [self.entity_id, self.position, self.hash.hex(), _rows(self.sums)]


@dataclass(frozen=True, slots=True)
class End:
    """The end of all books at one instant: what a checkpoint is made of."""

    at: datetime
    marks: Mapping[str, int]
    heads: list[Head]

    def seal(self) -> bytes:
        """SHA-256 of all that it says."""
        heads = [head.said() for head in sorted(self.heads, key=lambda head: head.entity_id)]
        said = [self.at.timestamp(), dict(sorted(self.marks.items())), heads]
        return sha256(json.dumps(said).encode()).digest()


@dataclass(frozen=True)
class Since:
    """A checkpoint that a limited proof begins at, within that proof's one view of the database."""

    pk: int
    end: End
    sealed: bytes

    def __str__(self) -> str:
        return f"{self.end.at:%Y-%m-%d %H:%M} UTC"

    @property
    def fits_its_seal(self) -> bool:
        return self.end.seal() == self.sealed

    @cached_property
    def _before(self) -> dict[int, Head]:
        return {head.entity_id: head for head in self.end.heads}

    def head(self, entity_id: int) -> Head:
        """Where an entity's books stood; at nothing when they were opened later."""
        return self._before.get(entity_id) or Head(entity_id, 0, START, Sums())

    def last(self, table: str) -> int:
        """The last row number of a table then."""
        return self.end.marks.get(table, 0)

    def after(self, table: str) -> int:
        """The row number after which a table's rows are new, or may be: some were uncommitted."""
        return max(0, self.last(table) - OVERLAP)

    @cached_property
    def now(self) -> dict[int, Head]:
        """The end of every entity's books now: what was summed then, and what came since."""
        found = {}
        for entity_id, position, digest in _ends():
            then = self.head(entity_id)
            added = _added(entity_id, then.position) if position != then.position else Sums()
            found[entity_id] = Head(entity_id, position, digest, then.sums + added)
        return found

    def balance_ore(self, entity_id: int, role: str) -> int:
        """Debit less credit of an entity's account with a role, now."""
        account = Account.objects.filter(entity=entity_id, role=role).first()
        if account is None or entity_id not in self.now:
            return 0
        sums = self.now[entity_id].sums.items()
        debit = sum(ore for (to, _from, _c), ore in sums if to == account.pk)
        return debit - sum(ore for (_to, by, _c), ore in sums if by == account.pk)

    def income_ore(self) -> Counter[int | None]:
        """Gifts less what was sent back, by the dimension of a campaign, now."""
        gifts = set(Account.objects.filter(role=Account.Role.GIFTS).values_list("pk", flat=True))
        found: Counter[int | None] = Counter()
        for head in self.now.values():
            for (debit, credit, campaign), ore in head.sums.items():
                found[campaign] += ore * ((credit in gifts) - (debit in gifts))
        return found


def newest(before: datetime | None = None) -> Since | None:
    """The newest checkpoint, or the newest that was made before an instant."""
    rows = Checkpoint.objects.order_by("-pk")
    kept = (rows.filter(made_at__lt=before) if before else rows).first()
    if kept is None:
        return None
    heads = [
        Head(head.entity_id, head.position, bytes(head.hash), _sums(head.sums))
        for head in kept.heads.order_by("entity")
    ]
    return Since(kept.pk, End(kept.made_at, kept.marks, heads), bytes(kept.seal))


def end_of_books(at: datetime) -> End:
    """Everything that a checkpoint made now would hold. What was summed before is not summed again:
    a whole proof has compared it."""
    since = newest()
    sums = {head.entity_id: head for head in since.now.values()} if since else {}
    every = {} if since else booked()
    heads = [
        sums.get(entity) or Head(entity, position, digest, every.get(entity, Sums()))
        for entity, position, digest in _ends()
    ]
    marks = {table: _last_row(table) for table in settings.PROOF_MARKS}
    return End(at, marks, [head for head in heads if head.position])


def keep(end: End) -> Checkpoint:
    """Store the end of books that were found in order."""
    with transaction.atomic():
        kept = Checkpoint.objects.create(made_at=end.at, marks=dict(end.marks), seal=end.seal())
        CheckpointHead.objects.bulk_create(
            CheckpointHead(
                checkpoint=kept,
                entity_id=head.entity_id,
                position=head.position,
                hash=head.hash,
                sums=_rows(head.sums),
            )
            for head in end.heads
        )
    return kept


def booked() -> dict[int, Sums]:
    """The sums of every pair of accounts over all entries, by entity: every row is read."""
    entity_of = dict(Account.objects.values_list("pk", "entity"))
    found: dict[int, Sums] = {}
    for debit, credit, campaign, ore in _asked(_SUMS.format(where=""), []):
        found.setdefault(entity_of[debit], Sums())[debit, credit, campaign] += ore
    return found


_SUMS = """
  SELECT e.debit_account_id, e.credit_account_id, e.campaign_id, sum(e.amount_ore)::bigint
    FROM ledger_entry e {where} GROUP BY 1, 2, 3"""
_AFTER = """JOIN ledger_journal j ON j.id = e.journal_id
   WHERE j.entity_id = %s AND j.position > %s"""


def _added(entity_id: int, position: int) -> Sums:
    rows = _asked(_SUMS.format(where=_AFTER), [entity_id, position])
    return Sums({(debit, credit, campaign): ore for debit, credit, campaign, ore in rows})


def _ends() -> list[tuple[int, int, bytes]]:
    rows = _asked("SELECT entity_id, position, hash FROM ledger_chainhead ORDER BY entity_id", [])
    return [(entity, position, bytes(digest)) for entity, position, digest in rows]


def _last_row(table: str) -> int:
    return int(_asked(f"SELECT coalesce(max(id), 0) FROM {table}", [])[0][0])  # noqa: S608


def _asked(query: str, values: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _rows(sums: Sums) -> list[list[int | None]]:
    rows = [[debit, credit, campaign, ore] for (debit, credit, campaign), ore in sums.items()]
    return sorted(rows, key=lambda row: [number or 0 for number in row])


def _sums(rows: Iterable[tuple[int, int, int | None, int]]) -> Sums:
    return Sums({(debit, credit, campaign): ore for debit, credit, campaign, ore in rows})
