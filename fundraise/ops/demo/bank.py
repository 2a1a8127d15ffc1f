"""The accounts of the demo's bank (docs/bank-stand-in.md), followed from the day it begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation import accounts
from fundraise.reconciliation.models import AccountNumber

BY = "system:demo"


@dataclass(frozen=True, slots=True)
class AtBank:
    """An account as the bank's stand-in has it. `ledger` 0: the books' own bank account."""

    name: str
    bank: str
    numbers: tuple[tuple[str, str], ...]
    opening_ore: int
    is_shared: bool
    details_follow: bool = False
    ledger: int = 0


GIFTS = AtBank(
    "Insamlingskontot", "Swedbank",
    (("iban", "SE8580000083279712345678"), ("bgnr", "9912346"), ("swish", "1230000026")),
    125_000_00, is_shared=False, details_follow=True,
)  # fmt: skip
HOUSE = AtBank("Föreningskontot", "Handelsbanken", (("iban", "SE2260000006000123456789"),),
               480_000_00, is_shared=True, ledger=1940)  # fmt: skip
SKANE = AtBank("Distriktets konto", "Nordea", (("bban", "30001234567"), ("swish", "1230000018")),
               240_000_00, is_shared=True)  # fmt: skip


def is_followed() -> bool:
    """Whether its accounts are there: what the bank did before them is nobody's."""
    return AccountNumber.objects.filter(number=GIFTS.numbers[0][1]).exists()


def ensure(party: LegalEntity, district: LegalEntity, since: date | None) -> None:
    """The party's two accounts and the district's, where missing; followed since then, or today."""
    for entity, found in ((party, GIFTS), (party, HOUSE), (district, SKANE)):
        kind, number = found.numbers[0]
        if not AccountNumber.objects.filter(kind=kind, number=number).exists():
            _open(entity, found, since or clock.today())


def _open(entity: LegalEntity, found: AtBank, since: date) -> None:
    live = Campaign.objects.filter(entity=entity, status=Campaign.Status.LIVE)
    new = accounts.NewAccount(
        entity=entity,
        name=found.name,
        numbers=found.numbers,
        opened_on=since,
        opening_ore=found.opening_ore,
        ledger_number=found.ledger,
        bank=found.bank,
        is_shared=found.is_shared,
        details_follow=found.details_follow,
        campaign=live.order_by("pk").first(),
    )
    accounts.open_account(new, by=BY)
