"""How much of a payout or a deposit no line has shown yet."""

from __future__ import annotations

from django.db.models import Sum as Total

from fundraise.reconciliation.models import Match

IN = "15"  # TK15: money into the account
NEVER_CAME = ("failed", "canceled")  # what was shown of such a payout has to go back


def left_of(match: Match) -> int:
    """Öre that are left for this match, below zero when the money leaves the account."""
    others = Match.objects.filter(state=Match.State.STANDS).exclude(pk=match.pk)
    if match.payout is not None:
        whole = 0 if match.payout.state in NEVER_CAME else match.payout.amount_ore
        others = others.filter(payout=match.payout)
    elif match.deposit is not None:
        deposit = match.deposit
        whole = deposit.amount_ore if deposit.code == IN else -deposit.amount_ore
        others = others.filter(deposit=deposit)
    else:
        return 0
    return whole - (others.aggregate(ore=Total("item__amount_ore"))["ore"] or 0)
