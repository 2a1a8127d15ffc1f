"""Reads: which addresses an entity's appeals may come from and be answered to."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet

from mailings.verified.models import VerifiedSender


def usable(entity_id: int) -> QuerySet[VerifiedSender]:
    """The verified addresses of an entity, for a form's choices."""
    rows = VerifiedSender.objects.filter(entity=entity_id, ended_at=None)
    return rows.exclude(verified_at=None).order_by("address")


def may_come_from(entity_id: int, address: str) -> bool:
    """Whether an appeal of an entity may come from an address."""
    return usable(entity_id).filter(address__iexact=address).exists()


def may_be_answered_to(entity_id: int, address: str) -> bool:
    """Whether answers may be led there: a verified address, or mail that comes to us anyway."""
    domain: str = settings.MAIL_INBOUND_DOMAIN
    if not address or (domain and address.casefold().endswith(f"@{domain}")):
        return True
    return may_come_from(entity_id, address)
