"""Reads of providers: which ways to give an entity has open."""

from __future__ import annotations

from fundraise.providers.base import Way, provider_of
from fundraise.providers.models import Account


def ways(entity_id: int) -> list[Way]:
    """The ways to give that the page may offer, the provider's own page first."""
    accounts = Account.objects.filter(entity_id=entity_id, is_active=True).order_by("pk")
    found = [provider_of(account).way(account) for account in accounts]
    return sorted((way for way in found if way is not None), key=lambda way: way.method)
