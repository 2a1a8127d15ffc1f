"""A plain Swish number: the giver sends the money in the app; only the bank's report books it.

For organisations that Stripe's Swish refuses. The payment link and the QR text are drawn by
fundraise/give; nothing here talks to anybody.
"""

from __future__ import annotations

from fundraise.providers.base import Way
from fundraise.providers.models import Account
from fundraise.providers.offline import OfflineProvider


class SwishNumberProvider(OfflineProvider):
    """Link and QR on our own page; "we thank you when the bank reports it"."""

    name = "swish_number"

    def way(self, account: Account) -> Way | None:
        return Way("swish_number", has_swish=True, number=account.external_id)
