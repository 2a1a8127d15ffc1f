"""Cards, wallets and Swish through Stripe Checkout (hosted page)."""

from __future__ import annotations

from fundraise.providers.stripe.provider import StripeProvider

__all__ = ["StripeProvider"]
