"""The sentences of a receipt, in the language that is active."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.gifts import queries as gifts
from fundraise.gifts.models import Channel, Gift
from fundraise.ledger.models import LegalEntity
from fundraise.money import format_kronor
from fundraise.reporting.models import Receipt

# Only what goes through the card network or Swish shows our words on the giver's statement.
ON_STATEMENT = frozenset({Channel.CARD, Channel.SWISH})
LONGEST_NAME = 80
_ADDRESS = re.compile(r"[/\\@]|\w\.\w{2,}")


@dataclass(frozen=True)
class Words:
    """A receipt as sentences; the subject holds nothing about the giver."""

    subject: str
    heading: str = field(repr=False)
    lead: str = field(repr=False)
    facts: list[tuple[str, str]] = field(repr=False)
    notes: list[str] = field(repr=False)
    foot: list[str] = field(repr=False)

    def as_text(self) -> str:
        """The text part of the mail."""
        facts = "\n".join(f"{name}: {value}" for name, value in self.facts)
        parts = [self.heading, self.lead, facts, *self.notes, "-- \n" + "\n".join(self.foot)]
        return "\n\n".join(parts) + "\n"


def of(receipt: Receipt) -> Words:
    """What the receipt says."""
    gift, entity = receipt.gift, receipt.entity
    giver = gifts.giver_of(gift.pk)
    name = greeted(giver.name) if giver else ""
    return Words(
        subject=_("Thank you for your gift"),
        heading=_("Thank you, %(name)s!") % {"name": name} if name else _("Thank you!"),
        lead=_("Your gift of %(sum)s to “%(campaign)s” has arrived.")
        % {
            "sum": format_kronor(gift.amount_ore),
            "campaign": gift.campaign.title(receipt.language),
        },
        facts=_facts(receipt, gift, entity),
        notes=_notes(entity),
        foot=_foot(entity),
    )


def greeted(typed: str) -> str:
    """The name to greet by; none when the field was used to send an address to somebody."""
    name = " ".join(typed.split())
    return "" if len(name) > LONGEST_NAME or _ADDRESS.search(name) else name


def _facts(receipt: Receipt, gift: Gift, entity: LegalEntity) -> list[tuple[str, str]]:
    day = clock.local_date(gift.received_at or receipt.issued_at)
    facts = [
        (_("Gift"), format_kronor(gift.amount_ore)),
        (_("Date"), date_format(day, "j F Y")),
        (_("Campaign"), gift.campaign.title(receipt.language)),
        (_("Way of giving"), str(gift.get_channel_display())),
        (_("Receipt number"), str(receipt)),
        (_("Payee"), entity.name),
        (_("Organisation number"), entity.org_number),
        (_("Phone"), entity.phone),
    ]
    if gift.channel in ON_STATEMENT:
        facts.append((_("On your bank statement"), entity.statement_text))
    return facts


def _notes(entity: LegalEntity) -> list[str]:
    tax = (
        _("This gift can count towards the tax reduction for gifts.")
        if entity.tax_reduction
        else _("This gift gives no tax reduction.")
    )
    wrong = _(
        "Is something wrong? Write to %(email)s or call %(phone)s and tell us the receipt number,"
        " and we will put it right."
    ) % {"email": entity.email, "phone": entity.phone}
    return [tax, wrong]


def _foot(entity: LegalEntity) -> list[str]:
    return [
        _("%(payee)s, organisation number %(number)s")
        % {"payee": entity.name, "number": entity.org_number},
        _("You get this mail because you gave a gift."),
        _("It is a receipt and comes once, so there is nothing to stop."),
    ]
