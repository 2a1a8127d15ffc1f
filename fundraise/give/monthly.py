"""What the donation page says and asks about giving every month, as plain values.

Days are worked out here, on the server, for every choice that the page offers: the page only shows
the ones that belong to what is chosen, so no calendar is kept twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.pledges import schedule, words
from fundraise.pledges.models import MandateWording, Pledge
from fundraise.pledges.schedule import Rhythm
from fundraise.pledges.services.starting import first_day
from fundraise.providers import recurring
from fundraise.providers import signing as signers
from fundraise.providers.papers import wording
from fundraise.providers.papers.wording import Block

AUTOGIRO, CARD = "autogiro", "card"
AT_THE_BANK = "internet_bank"  # by autogiro too, but the mandate is given in the Internet bank
PERSON, ORGANISATION, BANKGIRO = "person", "organisation", "bankgiro"
VARIANTS = (PERSON, ORGANISATION, BANKGIRO)
INTERVALS = tuple(int(value) for value in Pledge.Interval.values)
FOLLOWING = 2


@dataclass(frozen=True)
class DayChoice:
    """A day of the month to choose."""

    number: int
    label: str


@dataclass(frozen=True)
class When:
    """What is said of one day and interval: the first day and those that follow."""

    day: int
    every: int
    first: str
    following: str
    rhythm: str
    after_now: str = ""  # the next day when the first gift is given now, by card


@dataclass(frozen=True)
class Text:
    """The mandate's text. Its variants differ in one paragraph, which is there once for each."""

    ids: tuple[tuple[str, int], ...]
    blocks: tuple[Block, ...]
    for_bankgiro: tuple[Block, ...]

    def id_of(self, variant: str) -> int | None:
        """The wording that a payer of this kind agrees to."""
        return dict(self.ids).get(variant)

    @property
    def parts(self) -> list[tuple[Block, Block | None]]:
        """Each paragraph, with the one for a bankgiro number where that is another."""
        pairs = zip(self.blocks, self.for_bankgiro, strict=True)
        return [(block, other if other != block else None) for block, other in pairs]


@dataclass(frozen=True)
class Monthly:
    """Monthly giving of a campaign in one language on one day."""

    ways: tuple[str, ...]
    days: tuple[DayChoice, ...]
    day: int
    whens: tuple[When, ...]
    everies: tuple[tuple[int, str], ...]
    text: Text | None
    signing: str

    @property
    def by_account(self) -> bool:
        """Whether autogiro is open."""
        return AUTOGIRO in self.ways

    @property
    def by_card(self) -> bool:
        """Whether a card is open."""
        return CARD in self.ways

    @property
    def variants(self) -> tuple[str, ...]:
        """The kinds of payer that can sign here; the others do it on paper."""
        return signers.variants(self.signing)

    @property
    def tick_signs(self) -> bool:
        """Whether the mandate is agreed to by a tick (and, with a mailed link, confirmed)."""
        return self.signing != "bankid"


def monthly_of(campaign: Campaign, language: str, on: date) -> Monthly | None:
    """Monthly giving as the campaign has it; None when it is shut or no way is open."""
    if not campaign.monthly_open:
        return None
    text = text_of(campaign.entity, language, on)
    ways = [way for way in recurring.ways(campaign.entity_id) if text or way != AUTOGIRO]
    if not ways:
        return None
    days = sorted({*settings.PLEDGE_DAYS, settings.PLEDGE_DAY})
    return Monthly(
        ways=tuple(ways),
        days=tuple(DayChoice(day, _label(day)) for day in days),
        day=settings.PLEDGE_DAY,
        whens=tuple(when(day, every, on) for day in days for every in INTERVALS),
        everies=tuple((every, words.every(every)) for every in INTERVALS),
        text=text,
        signing=settings.MANDATE_SIGNING,
    )


def _label(day: int) -> str:
    said = words.which_day(day)
    return said[0].upper() + said[1:]


def when(day: int, every: int, today: date) -> When:
    """The days of a pledge that is made today."""
    first = first_day(day, today)
    rhythm = Rhythm(every, day, schedule.period_of_due(day, first))
    following = schedule.following_days(rhythm, rhythm.first_period, FOLLOWING)
    paid = Rhythm(every, day, schedule.period_paid_at_once(day, today, every))
    [next_one] = schedule.following_days(paid, paid.first_period, 1)
    said = words.listed(following)
    return When(day, every, words.on(first), said, words.rhythm(day, every), words.on(next_one))


def text_of(entity: LegalEntity, language: str, on: date) -> Text | None:
    """The text in the page's language; None when a variant is missing."""
    found = {variant: wording.current(variant, language, on) for variant in VARIANTS}
    by_account, by_bankgiro = found[PERSON], found[BANKGIRO]
    if by_account is None or by_bankgiro is None or found[ORGANISATION] is None:
        return None
    return Text(
        ids=tuple((variant, one.pk) for variant, one in found.items() if one is not None),
        blocks=_blocks(by_account, entity),
        for_bankgiro=_blocks(by_bankgiro, entity),
    )


def _blocks(text: MandateWording, entity: LegalEntity) -> tuple[Block, ...]:
    return wording.blocks(wording.filled(text, entity))


def variant_words(variant: str) -> str:
    """How a kind of payer is named on the form."""
    return {
        PERSON: _("A private person"),
        ORGANISATION: _("An organisation with a bank account"),
        BANKGIRO: _("An organisation with a bankgiro number"),
    }[variant]
