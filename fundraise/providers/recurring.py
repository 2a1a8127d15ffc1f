"""Which ways of giving again and again an entity has open, and the door that begins a pledge.

A pledge's method is a slot (settings.RECURRING): autogiro and cards stand in it now, others may
come. The page, the API and the staff pages ask here; nobody lists methods by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.utils.module_loading import import_string

from fundraise.pledges import sealing
from fundraise.pledges.models import Pledge
from fundraise.pledges.services import ending
from fundraise.pledges.services.starting import NewAccount, NewPledge
from fundraise.providers.base import ProviderUnavailable

NOT_BEGUN = {Pledge.State.UNCONFIRMED, Pledge.State.PENDING}


@dataclass(frozen=True, slots=True)
class StartedPledge:
    """Where the donor goes: the provider's page; an empty `redirect_url`: the pledge's own."""

    pledge_id: int
    pledge_ref: UUID
    redirect_url: str = ""


class Recurring(Protocol):
    """One way to give again and again."""

    method: ClassVar[str]
    asks_account: ClassVar[bool]  # the donor's account is typed on our own page

    def missing(self, entity_id: int) -> list[str]:
        """What an entity lacks before it can open, as codes (`recurring_words`); empty: open."""

    def start(
        self, new: NewPledge, account: NewAccount | None, standing: Pledge | None
    ) -> StartedPledge:
        """Begin a pledge, or go on with the one that the same form has begun with the same words.

        Raises ProviderUnavailable when nothing could be begun, and PledgeError
        (pledges.errors.OF_THE_ACCOUNT) when another account is needed.
        """


def methods() -> list[Recurring]:
    """Every way there is, in the order in which it is offered."""
    return [import_string(path)() for path in settings.RECURRING.values()]


def ways(entity_id: int) -> list[str]:
    """The methods that an entity has open, the first one to be offered first."""
    return [way.method for way in methods() if not way.missing(entity_id)]


def missing(entity_id: int) -> dict[str, list[str]]:
    """Per method what is not set up yet; a method that is open is left out."""
    lacks = {way.method: way.missing(entity_id) for way in methods()}
    return {method: codes for method, codes in lacks.items() if codes}


def start(new: NewPledge, account: NewAccount | None = None) -> StartedPledge:
    """Begin a pledge, or go on with the one that the same form began.

    The same form with other words ends what it began, as long as no money has come of it. Raises
    ProviderUnavailable when the method is not open, and PledgeError when the account can't be used.
    """
    entity_id = new.campaign.entity_id
    way = next((way for way in methods() if way.method == new.method), None)
    if way is None or way.missing(entity_id):
        raise ProviderUnavailable(new.method)
    standing = _of_form(new)
    if standing is not None and not _same(standing, new, account):
        if standing.state not in NOT_BEGUN:
            return StartedPledge(standing.pk, standing.ref)
        ending.end(standing.pk, reason="changed", by="donor", channel="page")
        standing = None
    try:
        return way.start(new, account, standing)
    except IntegrityError:  # the double click: its twin was a moment earlier
        twin = _of_form(new)
        if twin is None:
            raise
        return way.start(new, account, twin)


def _of_form(new: NewPledge) -> Pledge | None:
    if new.submission is None:
        return None
    begun = Pledge.objects.filter(submission=new.submission).exclude(state=Pledge.State.ENDED)
    return begun.first()


def _same(pledge: Pledge, new: NewPledge, account: NewAccount | None) -> bool:
    key = bytes(pledge.giver_key) if pledge.giver_key else None
    begun = (pledge.amount_ore, pledge.day, pledge.interval_months, pledge.method, key)
    asked = (new.amount_ore, new.day, new.interval_months, new.method, new.giver.key())
    return begun == asked and _same_account(pledge, account)


def _same_account(pledge: Pledge, account: NewAccount | None) -> bool:
    if account is None:
        return True
    if not account.details.account16:  # the Internet bank tells it later
        return pledge.mandates.filter(origin=account.origin).exists()
    hashes = {
        "account_hash": sealing.account_hash(account.details.account16),
        "identity_hash": sealing.identity_hash(account.details.identity12),
    }
    return pledge.mandates.filter(variant=account.variant, **hashes).exists()
