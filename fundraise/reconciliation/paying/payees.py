"""To which account a refund can go: the mandate's, or the one that the gift was paid from."""

from __future__ import annotations

from fundraise.gifts import giver as givers
from fundraise.gifts.models import Gift, GiverDetails, Refund
from fundraise.ledger.models import LegalEntity
from fundraise.pledges import sealing
from fundraise.pledges.models import Collection
from fundraise.reconciliation import said
from fundraise.reconciliation.models import AccountNumber, Match
from fundraise.reconciliation.paying.pain001 import Payee

IBAN_OF_SWEDEN = 24
CLEARING = 4


def of_refund(refund: Refund) -> Payee | None:
    """Whom to pay back; None when no account is known, and a person must ask the giver."""
    return _of_mandate(refund.gift) or _of_bank(refund.gift)


def _of_mandate(gift: Gift) -> Payee | None:
    draw = Collection.objects.filter(gift=gift).select_related("mandate").first()
    if draw is None or draw.mandate.account_sealed is None:
        return None
    kept = sealing.details_of(draw.mandate).account16  # clearing, then the number with zeros before
    account = kept[:CLEARING] + kept[CLEARING:].lstrip("0")
    return Payee(_name(gift), "bban", account) if account else None


def _of_bank(gift: Gift) -> Payee | None:
    match = Match.objects.filter(gift=gift, state=Match.State.STANDS).select_related("item").first()
    told = said.of([match.item]).get(match.item_id) if match else None
    if told is None or not told.account:
        return None
    is_iban = told.account[:2] == "SE" and len(told.account) == IBAN_OF_SWEDEN
    kind = "iban" if is_iban else "bban"
    if kind == "bban" and not told.account.isdigit():
        return None  # a foreign account: a person looks at it
    return Payee(told.name or _name(gift), kind, told.account)


def _name(gift: Gift) -> str:
    details = GiverDetails.objects.filter(gift=gift).exclude(sealed=None).first()
    typed = givers.unseal(bytes(details.sealed or b""), gift.ref).name if details else ""
    return typed or "Givare"


def of_entity(entity: LegalEntity) -> Payee | None:
    """Another entity's account: its bankgiro, else its IBAN."""
    rows = AccountNumber.objects.filter(account__entity=entity, account__closed_on=None)
    for kind in ("bgnr", "iban"):
        found = rows.filter(kind=kind).order_by("account_id").first()
        if found is not None:
            return Payee(entity.name, kind, found.number)
    return None
