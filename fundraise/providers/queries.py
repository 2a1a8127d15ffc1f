"""Reads of providers: which ways to give an entity has open."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fundraise.providers import pausing
from fundraise.providers.autogiro.numbers import clean_bankgiro
from fundraise.providers.base import Way, provider_of
from fundraise.providers.models import Account

BANKGIRO = re.compile(r"\d{3,4}-\d{4}")


def account_for(entity_id: int, method: str) -> Account | None:
    """The account that takes an entity's new gifts of a method."""
    active = Account.objects.filter(entity_id=entity_id, provider=method, is_active=True)
    return active.order_by("pk").first()


def bankgiro(entity_id: int) -> str:
    """The digits of the bankgiro number that an entity draws to; empty when it has none."""
    account = account_for(entity_id, "autogiro")
    try:
        return clean_bankgiro(account.external_id) if account else ""
    except ValueError:
        return ""


def ways(entity_id: int) -> list[Way]:
    """The ways to give that the page may offer, the provider's own page first."""
    accounts = Account.objects.filter(entity_id=entity_id, is_active=True).order_by("pk")
    open_ = [account for account in accounts if not pausing.is_paused(account)]
    found = [provider_of(account).way(account) for account in open_]
    return sorted((way for way in found if way is not None), key=lambda way: way.method)


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a gift can be sent to from the giver's own bank: bankgiro, plusgiro, swish."""

    kind: str
    number: str


def numbers(entity_id: int) -> list[Number]:
    """The giro and Swish numbers of an entity, for when nothing else can be offered."""
    accounts = Account.objects.filter(entity_id=entity_id, is_active=True).exclude(external_id="")
    found = accounts.filter(provider__in=["manual", "swish_number"]).order_by("provider", "pk")
    return [Number(_kind(account), account.external_id) for account in found]


def _kind(account: Account) -> str:
    if account.provider == "swish_number":
        return "swish"
    return "bankgiro" if BANKGIRO.fullmatch(account.external_id) else "plusgiro"
