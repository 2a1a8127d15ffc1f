"""A party with a bank account, for what the bank says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation import accounts
from fundraise.reconciliation.models import BankAccount
from tests.people import make_campaign, make_party

IBAN = "SE4550000000058398257466"
BANKGIRO = "9912346"
SWISH = "1232223334"
OPENED = date(2026, 9, 1)
OPENING = 1_000_00
ADMIN = "staff:1"


@dataclass(frozen=True, slots=True)
class Bank:
    """Whose account it is, and where gifts go that name no campaign."""

    entity: LegalEntity
    campaign: Campaign
    account: BankAccount


def make_bank(slug: str = "party", **fields: object) -> Bank:
    """An account followed since September, with 1 000 kr on it, named by three numbers."""
    entity = make_party(slug)
    campaign = make_campaign(entity, f"valet-{slug}")
    given: dict[str, object] = {
        "entity": entity,
        "name": "Insamlingskontot",
        "numbers": [("iban", IBAN), ("bgnr", BANKGIRO), ("swish", SWISH)],
        "opened_on": OPENED,
        "opening_ore": OPENING,
        "campaign": campaign,
        **fields,
    }
    new = accounts.NewAccount(**given)  # type: ignore[arg-type]
    return Bank(entity, campaign, accounts.open_account(new, by=ADMIN))
