"""All that a donation page depends on, as plain values.

The rendered page is kept in memory under these values (`shell.py`), so it can never be older than
what staff have saved: another value is another page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from donors import queries as donors
from donors.models import ConsentWording
from fundraise import seal
from fundraise.campaigns.models import Campaign
from fundraise.gifts import identity
from fundraise.give.monthly import Monthly, monthly_of
from fundraise.give.presets import MONTHLY
from fundraise.language import ENGLISH
from fundraise.ledger.models import LegalEntity
from fundraise.providers import defence
from fundraise.providers import queries as providers
from fundraise.providers.base import Way
from fundraise.providers.queries import Number
from fundraise.reporting.charity import words as tax_words


@dataclass(frozen=True)
class Payee:
    """Who receives the gift."""

    name: str
    org_number: str
    phone: str
    email: str
    statement_text: str
    tax_note: str  # in the page's language
    lowers_tax: bool
    is_party: bool


@dataclass(frozen=True)
class Wording:
    """The words of a consent as shown, and their id for the proof."""

    id: int
    text: str


@dataclass(frozen=True)
class Terms:
    """A campaign's page in one language on one day."""

    language: str
    slug: str
    status: str
    title: str
    purpose: str
    colour: str
    picture_url: str
    picture_alt: str
    amounts_once: tuple[int, ...]
    amounts_monthly: tuple[int, ...]
    first_frequency: str
    monthly: Monthly | None
    minimum_ore: int
    maximum_ore: int
    ends_on: date | None
    payee: Payee
    ways: tuple[Way, ...]
    opens_later: bool  # the house takes no live gifts yet, and has no number to send one to
    register: Wording | None
    register_required: bool
    member_enough: bool
    appeals: Wording | None
    targeting: Wording | None
    threshold_ore: int | None
    named_above_ore: int | None
    refuses_foreign: bool = False
    proof_asked: bool = False  # the breaker is open: a card gift needs a proof of work
    cards_closed: bool = False  # by staff
    numbers: tuple[Number, ...] = ()
    fund: str = ""  # what the money is for, where that is a fund of its own
    fund_purpose: str = ""

    @property
    def is_open(self) -> bool:
        """Whether gifts are taken."""
        return self.status == Campaign.Status.LIVE and not self.opens_later

    @property
    def takes_monthly(self) -> bool:
        """Whether a monthly gift can be started."""
        return self.monthly is not None

    @property
    def stripe_swish(self) -> bool:
        """Whether Swish goes through Stripe, which then owns the claim."""
        return any(way.method == "stripe" and way.has_swish for way in self.ways)

    def ladder(self, frequency: str) -> list[int]:
        """The suggested sums of a frequency, in öre."""
        return list(self.amounts_monthly if frequency == MONTHLY else self.amounts_once)

    def asks_identity(self, amount_ore: int) -> bool:
        """Whether a gift of this sum asks who gives, as `identity.Asked` says."""
        return self.threshold_ore is not None and amount_ore > self.threshold_ore


def terms_of(campaign: Campaign, language: str, on: date) -> Terms:
    """The values of a campaign's page; two or three small queries."""
    asked = identity.asked_on(campaign.entity, on)
    bases = settings.LEGAL_BASES["register"]
    ways = tuple(providers.ways(campaign.entity_id))
    register = _wording("register", language, on) if "consent" in bases else None
    return Terms(
        language=language,
        slug=campaign.slug,
        status=campaign.status,
        title=campaign.title(language),
        purpose=campaign.purpose(language),
        colour=campaign.theme_colour,
        picture_url=campaign.picture.url if campaign.picture else "",
        picture_alt=campaign.picture_alt(language),
        amounts_once=tuple(campaign.amounts_once),
        amounts_monthly=tuple(campaign.amounts_monthly),
        first_frequency=campaign.first_frequency,
        monthly=monthly_of(campaign, language, on),
        minimum_ore=campaign.minimum_ore,
        maximum_ore=campaign.maximum_ore,
        ends_on=campaign.ends_on,
        payee=payee_of(campaign.entity, on),
        ways=ways,
        opens_later=not ways and not seal.is_open(),
        register=register,
        register_required=register is not None,
        member_enough="membership" in bases,
        appeals=_wording("appeals", language, on),
        targeting=_targeting(campaign.entity, language, on),
        threshold_ore=asked.threshold_ore,
        refuses_foreign=asked.refuses_foreign,
        named_above_ore=identity.named_above_ore(campaign.entity, on),
        proof_asked=defence.proof_asked(campaign.entity_id),
        cards_closed=defence.cards_closed(campaign.entity_id),
        numbers=tuple(providers.numbers(campaign.entity_id)),
        fund="" if campaign.fund.is_default else campaign.fund.name(language),
        fund_purpose="" if campaign.fund.is_default else campaign.fund.purpose(language),
    )


def payee_of(entity: LegalEntity, on: date) -> Payee:
    """What the pages say of the receiver, in the language that is active."""
    return Payee(
        name=entity.name,
        org_number=entity.org_number,
        phone=entity.phone,
        email=entity.email,
        statement_text=entity.statement_text,
        tax_note=tax_words.of_year(on.year, lowers_tax=entity.tax_reduction),
        lowers_tax=entity.tax_reduction,
        is_party=entity.kind == LegalEntity.Kind.PARTY,
    )


def _targeting(entity: LegalEntity, language: str, on: date) -> Wording | None:
    """Only a party's mails are political messages that may not be targeted without a consent."""
    if entity.kind != LegalEntity.Kind.PARTY or "consent" not in _bases("targeting"):
        return None
    return _wording("targeting", language, on)


def _bases(purpose: str) -> list[str]:
    found: list[str] = settings.LEGAL_BASES.get(purpose, [])
    return found


def _wording(purpose: str, language: str, on: date) -> Wording | None:
    wording: ConsentWording | None = donors.current_wording(purpose, on)
    if wording is None:
        return None
    return Wording(wording.pk, wording.text_en if language == ENGLISH else wording.text_sv)
