"""How much of a payout or a deposit no line has shown yet."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.db.models import Sum as Total

from fundraise.reconciliation.models import Match

IN = "15"  # TK15: money into the account
NEVER_CAME = ("failed", "canceled")


def left_of(match: Match) -> int:
    """Öre that are left for this match, below zero when the money leaves the account."""
    others = Match.objects.filter(state=Match.State.STANDS).exclude(pk=match.pk)
    if match.payout is not None:
        shown, lines = _shown(others.filter(payout=match.payout))
        failed = match.payout.state in NEVER_CAME
        is_in = match.item.amount_ore > 0
        return left_of_payout(match.payout.amount_ore, shown, lines, failed=failed, is_in=is_in)
    if match.deposit is not None:
        deposit = match.deposit
        whole = deposit.amount_ore if deposit.code == IN else -deposit.amount_ore
        return whole - _shown(others.filter(deposit=deposit))[0]
    return 0


def left_of_payout(ore: int, shown: int, lines: int, *, failed: bool, is_in: bool) -> int:
    """Of a payout of so many öre, for one more line that way.

    A failed one may have come to the account before it went back; then nothing is left of it.
    """
    if not failed:
        return ore - shown
    if (ore > 0) != is_in:
        return -shown
    return 0 if lines and not shown else ore - shown


def _shown(matches: QuerySet[Match]) -> tuple[int, int]:
    found = matches.aggregate(ore=Total("item__amount_ore"), lines=Count("pk"))
    return found["ore"] or 0, found["lines"]
