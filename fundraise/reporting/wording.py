"""The sentences of a receipt, in the language that is active."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.gifts import queries as gifts
from fundraise.gifts.models import Channel, Gift
from fundraise.money import format_kronor
from fundraise.reporting import frozen
from fundraise.reporting.charity import words as tax_words
from fundraise.reporting.frozen import Payee
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

    def as_text(self, link: str) -> str:
        """The text part of the mail; `link` is the receipt's page."""
        where = f"{button()}:\n{link}"
        facts = "\n".join(f"{name}: {value}" for name, value in self.facts)
        parts = [self.heading, self.lead, facts, where, *self.notes, "-- \n" + "\n".join(self.foot)]
        return "\n\n".join(parts) + "\n"


def button() -> str:
    """What leads from the mail to the receipt's own page."""
    return _("See the receipt on My pages and save it as PDF")


def of(receipt: Receipt) -> Words:
    """What the receipt says."""
    gift, payee = receipt.gift, frozen.payee_on(receipt)
    giver = gifts.giver_of(gift.pk)
    name = greeted(giver.name) if giver else ""
    return Words(
        subject=_("Thank you for your gift"),
        heading=_("Thank you, %(name)s!") % {"name": name} if name else _("Thank you!"),
        lead=_("Your gift of %(sum)s to “%(campaign)s” has arrived.")
        % {
            "sum": format_kronor(gift.amount_ore),
            "campaign": frozen.title_on(receipt, receipt.language),
        },
        facts=facts_of(receipt, gift, payee),
        notes=notes_of(gift, payee),
        foot=_foot(payee),
    )


def greeted(typed: str) -> str:
    """The name to greet by; none when the field was used to send an address to somebody."""
    name = " ".join(typed.split())
    return "" if len(name) > LONGEST_NAME or _ADDRESS.search(name) else name


def facts_of(receipt: Receipt, gift: Gift, payee: Payee) -> list[tuple[str, str]]:
    """The lines of a receipt, in its language."""
    day = clock.local_date(gift.received_at or receipt.issued_at)
    fund = frozen.fund_on(receipt, receipt.language)
    facts = [
        (_("Gift"), format_kronor(gift.amount_ore)),
        (_("Date"), date_format(day, "j F Y")),
        (_("Campaign"), frozen.title_on(receipt, receipt.language)),
        *([(_("The money goes to"), fund)] if fund else []),
        (_("Way of giving"), str(gift.get_channel_display())),
        (_("Receipt number"), str(receipt)),
        (_("Payee"), payee.name),
        (_("Organisation number"), payee.org_number),
        (_("Phone"), payee.phone),
    ]
    if gift.channel in ON_STATEMENT:
        facts.append((_("On your bank statement"), payee.statement_text))
    return facts


def notes_of(gift: Gift, payee: Payee) -> list[str]:
    """What follows after the lines."""
    year = clock.local_date(gift.received_at or gift.created_at).year
    tax = tax_words.of_gift(gift.amount_ore, year, lowers_tax=payee.tax_reduction)
    wrong = _(
        "Is something wrong? Write to %(email)s or call %(phone)s and tell us the receipt number,"
        " and we will put it right."
    ) % {"email": payee.email, "phone": payee.phone}
    return [tax, wrong]


def _foot(payee: Payee) -> list[str]:
    return [
        _("%(payee)s, organisation number %(number)s")
        % {"payee": payee.name, "number": payee.org_number},
        _("You get this mail because you gave a gift."),
        _("It is a receipt and comes once, so there is nothing to stop."),
    ]
