"""Lines of the provider's balance that lie in suspense: refunds and disputes of money that nobody
could place yet. Once it is known whose they are they are booked there, and leave suspense.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q, QuerySet

from fundraise.ledger.models import Journal
from fundraise.ledger.queries import is_booked
from fundraise.ledger.services import post_journals, reversal_of
from fundraise.providers import balance
from fundraise.providers.facts import LineSeen
from fundraise.providers.models import Account

SUSPENSE = "suspense"


def book(account: Account, lines: Iterable[LineSeen]) -> None:
    """Each line against suspense, once."""
    for line in lines:
        balance.book_line(account, line, SUSPENSE, f"{line.kind} {line.source_ref}"[:120])
        balance.keep_line(account, line)


def book_of_charge(account: Account, charge_ref: str, lines: Sequence[LineSeen]) -> None:
    """What came of money in suspense (refund, dispute) goes against suspense, line by line.

    Raises LookupError while the charge itself is not booked: its event or line is still to come.
    """
    if not is_booked(account.entity_id, balance.charge_source(account, charge_ref)):
        raise LookupError("of a charge that is not booked")
    book(account, lines)


def waited(account: Account, lines: Iterable[LineSeen]) -> frozenset[str]:
    """The names of those that lie in suspense, or once lay there."""
    lines = list(lines)
    booked = set(_journals(account, lines).values_list("source", flat=True))
    return frozenset(line.ref for line in lines if balance.source(account, line.ref) in booked)


def release(account: Account, lines: Iterable[LineSeen]) -> None:
    """What was booked where it belongs leaves suspense, by linked reversals, once."""
    journals = _journals(account, list(lines)).select_related("series")
    post_journals(
        [
            reversal_of(
                journal,
                event_date=journal.event_date,
                text=f"Placerad {journal.text}"[:120],
                by=f"system:{account.provider}",
            )
            for journal in journals
        ]
    )


def _journals(account: Account, lines: Collection[LineSeen]) -> QuerySet[Journal]:
    sources = [balance.source(account, line.ref) for line in lines]
    against = Q(entries__debit_account__role=SUSPENSE) | Q(entries__credit_account__role=SUSPENSE)
    return Journal.objects.filter(against, entity=account.entity_id, source__in=sources).distinct()
