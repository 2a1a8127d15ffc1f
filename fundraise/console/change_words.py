"""What the lines of the change log say, in plain words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fundraise.console import (
    appeal_words,
    books_words,
    giro_words,
    mail_words,
    party_words,
    segment_words,
    treasury_words,
)
from fundraise.console.log_words import HOUSE

CHANGES: dict[str, str | Promise] = {
    **HOUSE,
    **giro_words.CHANGES,
    **party_words.CHANGES,
    **appeal_words.CHANGES,
    **mail_words.CHANGES,
    **segment_words.CHANGES,
    **treasury_words.CHANGES,
    **books_words.CHANGES,
    "receipt.issued": _("A receipt was made because somebody asked for it"),
    "year_statements.told": _("Givers were told of their yearly statements"),
    "year_statement.told_again": _("A giver was told of the yearly statement again"),
    "year_statements.asked": _("The yearly statements of a year were asked for"),
    "donor.registered": _("Came into the register"),
    "donor.merged": _("Another record of the donor was merged into this one"),
    "donor.told_apart": _("Was said to be another donor than one whose record is alike"),
    "donor.apart_taken_back": _(
        "May be one with another record again: that they are two was taken back"
    ),
    "donor.merged_away": _("Was merged into another record of the donor"),
    "pledge.donor.merged": _("A monthly gift followed its donor, whose records were merged"),
    "donor.renamed": _("The name was corrected"),
    "donor.restricted": _("Is kept and not used any more"),
    "donor.active": _("May be used again"),
    "donor.forgotten": _("Was forgotten for good"),
    "donor.language": _("The language was changed"),
    "donor.mail.less_often": _("Chose how often to be written to"),
    "donor.died": _("Has died"),
    "donor.lives": _("Lives: that the donor had died was a mistake"),
    "donor.no_contact": _("Wants no contact at all"),
    "donor.contact_allowed": _("May be written to again"),
    "donor.contact_point.added": _("A contact point was added"),
    "donor.contact_point.removed": _("A contact point was taken away"),
    "donor.contact_point.primary": _("Another contact point is used first"),
    "donor.contact_point.confirmed": _("A contact point was confirmed"),
    "donor.contact_point.bouncing": _("What is sent to a contact point comes back"),
    "donor.consent.given": _("Said yes"),
    "donor.consent.withdrawn": _("Took a yes back"),
    "donor.objected": _("Said no"),
    "donor.membership.recorded": _("Is noted as a member"),
    "donor.membership.ended": _("Is a member no more"),
    "donor.regular_contact.recorded": _("Is noted as somebody in regular contact"),
    "donor.asked.copy": _("The donor asked for a copy of everything"),
    "donor.asked.correct": _("The donor asked to have something put right"),
    "donor.asked.erase": _("The donor asked to be forgotten"),
    "donor.exported": _("Everything was taken out, for the donor"),
    "donor.tagged": _("Got a tag"),
    "donor.untagged": _("Lost a tag"),
    "pledge.donor.chosen": _("A monthly gift was tied to its donor"),
    "pledge.link.sent": _("A link to change a monthly gift was sent to its donor"),
    "payer_range.set": _("The payer numbers that are ours were set"),
    "mandate.keyed_in": _("A mandate on paper was keyed in"),
    "pledge.moved": _("A pledge came into another state"),
    "mandate.card_renewed": _("The bank replaced a saved card"),
    "mandate.renumbered": _("A mandate got another payer number at the bank"),
    "donor.identity.recorded": _("An identity number was kept"),
    "donor.identity.removed": _("The identity number was taken away"),
}


def change(action: str) -> str:
    """A change in words; one that has none is shown by its code."""
    return str(CHANGES.get(action, action))
