"""What follows a charge on certain test cards."""

from __future__ import annotations

from fundraise.sandbox.stripe.objects import disputes
from fundraise.sandbox.stripe.world import World


def follow(world: World, charge_id: str, name: str) -> None:
    if name == "early_fraud_warning":
        disputes.warn_of_fraud(world, charge_id)
    elif name == "inquiry":
        disputes.open_dispute(world, charge_id, inquiry=True)
    else:
        disputes.open_dispute(world, charge_id, reason=name.removeprefix("dispute_"))
