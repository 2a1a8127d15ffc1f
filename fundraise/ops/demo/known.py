"""Mandates of the demo's past, made known to the bank's stand-in, so that they can be drawn on."""

from __future__ import annotations

from fundraise import clock
from fundraise.ops.demo import days
from fundraise.pledges import sealing
from fundraise.pledges.models import Mandate


def tell_bank(bank: str) -> int:
    """Every mandate that is drawn on; how many. Raises days.BankAway."""
    days.await_bank(bank, "sweep")
    rows = Mandate.objects.filter(state=Mandate.State.ACTIVE, method="autogiro").order_by("pk")
    for mandate in rows:
        details = sealing.details_of(mandate)
        since = clock.local_date(mandate.decided_at or mandate.created_at)
        body: dict[str, object] = {
            "payer": mandate.payer_number,
            "account": details.account16,
            "identity": details.identity12,
            "since": since.isoformat(),
        }
        days.ask_bank(bank, "know-mandate", body)
    return len(rows)
