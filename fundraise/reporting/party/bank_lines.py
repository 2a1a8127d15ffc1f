"""Lines of the bank that end something of the party's: notes paid in, money to Kammarkollegiet.

A line is decided together with the slips or holds that it ends, so that their sum is the line's.
Undone at the bank, it ends nothing any more, and another line can be tied.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from fundraise.reconciliation import deciding, queries
from fundraise.reconciliation.deciding import Choice, DecideError
from fundraise.reconciliation.models import BankAccount, Item, Match
from fundraise.reporting.party.errors import PartyError


def followed(entity_id: int) -> bool:
    """Whether a bank account of the entity is followed here."""
    return BankAccount.objects.filter(entity_id=entity_id).exists()


def open_lines(entity_id: int, *, paid_in: bool) -> QuerySet[Item]:
    """What came in, or went out, and nobody has said what it is; the newest first."""
    way = Q(amount_ore__gt=0) if paid_in else Q(amount_ore__lt=0)
    return queries.open_items([entity_id]).filter(way).order_by("-booked_on", "-pk")


def shown_by(match: str) -> Q:
    """Rows whose field `match` names a line that says so still."""
    return Q(**{f"{match}__state": Match.State.STANDS})


def decide(item: Item, kind: str, ore: int, ends: Collection[UUID], *, by: str) -> Match:
    """The line is this, and its sum is theirs. Raises PartyError: line_sum, line_gone."""
    if item.amount_ore != ore:
        raise PartyError("line_sum")
    try:
        return deciding.decide(item.pk, Choice(kind, ends=tuple(ends)), by=by)
    except DecideError:
        raise PartyError("line_gone") from None
