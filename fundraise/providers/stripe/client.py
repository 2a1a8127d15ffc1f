"""The Stripe client of an account, and its exceptions in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import stripe
from django.conf import settings

from fundraise.env import env_str
from fundraise.providers.base import ProviderError, UnknownOutcome
from fundraise.providers.models import Account

stripe.enable_telemetry = False  # no timings, no file in the home folder

TIMEOUT_SECONDS = (5, 30)


def client_of(account: Account) -> stripe.StripeClient:
    """A client with the account's key, the pinned API version and short time-outs.

    Raises ProviderError when the key is missing or of the wrong mode.
    """
    key = secret(account, "SECRET_KEY")
    if not key:
        raise ProviderError("no_key", permanent=False)
    if ("_live_" in key) != settings.LIVE:
        raise ProviderError("key_of_another_mode", permanent=False)
    return _client(key, settings.STRIPE_API_BASE)


def secret(account: Account, name: str) -> str:
    """A secret of the account: PREFIX_SECRET_KEY, PREFIX_WEBHOOK_SECRET; never in the database."""
    prefix = account.settings_prefix
    if prefix == "STRIPE":
        return str(getattr(settings, f"STRIPE_{name}"))
    return env_str(f"{prefix}_{name}")


@lru_cache(maxsize=32)
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=settings.STRIPE_API_VERSION,
        base_addresses={"api": base},
        max_network_retries=1,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


@contextmanager
def our_errors() -> Iterator[None]:
    """Stripe's exceptions as ours: an answer that says no, or none at all.

    https://docs.stripe.com/api/errors; a 409 (key in use) and a 429 are to be asked again.
    """
    try:
        yield
    except stripe.IdempotencyError as error:
        raise UnknownOutcome(error.code or "idempotency") from None
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise UnknownOutcome(error.code or type(error).__name__) from None
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise ProviderError(error.code or type(error).__name__, permanent=False) from None
    except stripe.StripeError as error:
        status = error.http_status or 0
        if status >= 500 or status in {0, 409}:
            raise UnknownOutcome(f"http_{status}") from None
        raise ProviderError(error.code or f"http_{status}", permanent=True) from None
