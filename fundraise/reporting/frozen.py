"""What a paper says of the payee and a campaign, frozen when it is issued: both may change later.

Nothing here is a person's data.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.models import Receipt


@dataclass(frozen=True, slots=True)
class Payee:
    """Who got the money, as its papers name it."""

    name: str
    org_number: str
    phone: str
    email: str
    address: str
    statement_text: str
    tax_reduction: bool


def payee_of(entity: LegalEntity) -> Payee:
    """A legal entity as it is now."""
    return Payee(
        name=entity.name,
        org_number=entity.org_number,
        phone=entity.phone,
        email=entity.email,
        address=entity.address,
        statement_text=entity.statement_text,
        tax_reduction=entity.tax_reduction,
    )


def titles_of(campaign: Campaign) -> dict[str, str]:
    """A campaign's title in both languages."""
    return {language: campaign.title(language) for language in ("sv", "en")}


def freeze(entity: LegalEntity, campaign: Campaign) -> dict[str, object]:
    """What a receipt keeps; its fund where that is one of its own."""
    kept: dict[str, object] = {"payee": asdict(payee_of(entity)), "titles": titles_of(campaign)}
    fund = campaign.fund
    return kept if fund.is_default else {**kept, "fund": {"sv": fund.name_sv, "en": fund.name_en}}


def payee_on(receipt: Receipt) -> Payee:
    """The payee as the receipt was issued; as it is now, of one from before this was kept."""
    kept = receipt.frozen
    return Payee(**kept["payee"]) if kept else payee_of(receipt.entity)


def title_on(receipt: Receipt, language: str) -> str:
    """The campaign's title as the receipt was issued."""
    kept = receipt.frozen
    return str(kept["titles"][language]) if kept else receipt.gift.campaign.title(language)


def fund_on(receipt: Receipt, language: str) -> str:
    """What the money is for, as the receipt was issued; empty for the default fund."""
    kept = receipt.frozen
    return str(kept["fund"][language]) if kept and "fund" in kept else ""
