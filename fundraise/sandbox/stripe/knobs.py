"""What the control page can change while the process runs."""

from __future__ import annotations

from fundraise.sandbox import knobs
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.store import Store

DEFAULTS: Json = {
    # Per mille with one decimal would be enough; ten-thousandths keep 1.5 % a whole number.
    "card_fee_per_10000": 150,
    "card_fee_fixed_ore": 275,
    "swish_fee_per_10000": 100,
    "swish_fee_fixed_ore": 100,
    "dispute_fee_ore": 20000,
    "return_dispute_fee": False,
    # A charge has no balance transaction at first; it comes this much later with charge.updated.
    "fee_delay_seconds": 0.3,
    "refund_update_seconds": 0.3,
    "payout_step_seconds": 0.0,
    "available_after_days": 3,
    "swish_timeout_seconds": 180,
    # Of cards that would go through, the share that is declined all the same.
    "decline_rate": 0.0,
    # Stripe's search lags behind its lists.
    "search_lag_seconds": 0,
    "retry_delays_seconds": [1.0, 5.0],
    "delivery_timeout_seconds": 10.0,
    "delivery_paused": False,
    "clock_offset_seconds": 0,
}


class Knobs(knobs.Knobs):
    def __init__(self, store: Store) -> None:
        super().__init__(store, DEFAULTS)
