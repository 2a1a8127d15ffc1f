"""What the change log and the read log say, in plain words: acts, subjects, values, purposes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fundraise.audit import queries as audit
from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Fund
from fundraise.console import (
    books_words,
    giro_words,
    log_fields,
    mail_words,
    party_words,
    segment_words,
    treasury_words,
)
from fundraise.console.days import day
from fundraise.language import SWEDISH
from fundraise.ledger.models import LegalEntity
from fundraise.money import format_kronor

Text = str | Promise

HOUSE: dict[str, Text] = {
    "gift.entered": _("A gift was entered by hand"),
    "gift.confirmed_by_hand": _("A gift was confirmed by the bank's report"),
    "gift.donor.merged": _("A gift followed its donor, whose records were merged"),
    "gift.donor.chosen": _("A gift was tied to its donor"),
    "gift.refund.requested": _("A refund was asked for"),
    "gift.refund.approved": _("A second person agreed to a refund"),
    "gift.refund.refused": _("A second person refused a refund"),
    "gift.refund.confirmed_by_hand": _("A refund by hand was confirmed"),
    "campaign.created": _("A campaign was made"),
    "campaign.changed": _("A campaign was changed"),
    "fund.created": _("A fund was made"),
    "fund.changed": _("A fund got new words"),
    "fund.put_away": _("A fund was put away"),
    "fund.taken_out": _("A fund was taken out again"),
    "entity.changed": _("A legal entity's contact details were changed"),
    "entity.created": _("A legal entity was made"),
    "consent_wording.published": _("New words of consent were published"),
    "provider_event.replayed": _("A provider's message was worked on again"),
    "appeal.link.mended": _("A link of an appeal was mended"),
    "reply.closed": _("A reply was closed"),
    "reply.donor.chosen": _("It was said whom a reply is from"),
    "letters.frozen": _("It was frozen who gets a letter"),
    "campaign.watched": _("It was said who is told of a campaign"),
    "source_code.made": _("Made a code for print"),
    "source_code.closed": _("Closed a code for print"),
    "sender.added": _("An address for appeals was named"),
    "sender.verified": _("An address for appeals was verified"),
    "sender.ended": _("An address for appeals is not used any more"),
    "suppression.made": _("An address is not mailed any more"),
    "suppression.lifted": _("An address may be mailed again"),
    "alarm.closed": _("An alarm was closed"),
    "giving.paused": _("Card gifts were closed"),
    "giving.resumed": _("Card gifts were opened"),
    "donor_import.uploaded": _("A member list was uploaded"),
    "donor_import.sheet_chosen": _("A sheet of a member list was chosen"),
    "donor_import.check_asked": _("A member list was sent to be checked"),
    "donor_import.checked": _("A member list was checked"),
    "donor_import.opened_again": _("A member list was opened again"),
    "donor_import.begun": _("A member list began to be brought in"),
    "donor_import.done": _("A member list was brought in"),
    "donor_import.failed": _("A member list could not be brought in"),
    "donor_import.cancelled": _("A member list was stopped"),
    "go_live.asked": _("A line of the go-live page was tested"),
    "go_live.answered": _("A line of the go-live page answered"),
    "go_live.confirmed": _("A line of the go-live page was confirmed"),
    "go_live.signed": _("A line of the go-live page was signed"),
    "go_live.opened": _("The house was opened for live gifts"),
    "key.made": _("A key of the API was made"),
    "key.ended": _("A key of the API was ended"),
    "webhook.made": _("An address for facts was added"),
    "webhook.paused": _("Facts to an address were paused"),
    "webhook.resumed": _("Facts to an address go out again"),
    "webhook.replayed": _("Facts were sent again"),
    "webhook.tried": _("A trial fact was sent"),
    "webhook.secret_changed": _("An address for facts got a new secret"),
    "export.asked": _("A file was asked for"),
    "export.made": _("A file was made"),
    "export.fetched": _("A file was fetched"),
    "export.damaged": _("A kept file was damaged and is made again"),
    "staff.role.given": _("A role was given"),
    "staff.role.ended": _("A role was ended"),
    "staff.account.invited": _("Somebody was invited"),
    "staff.account.invited_again": _("Somebody was invited again"),
    "staff.account.ended": _("An account was ended"),
    "staff.account.taken_up": _("An account was taken up again"),
    "staff.login": _("Logged in"),
    "staff.login_failed": _("Tried to log in and could not"),
    "staff.sudo": _("Showed once more who they are"),
    "staff.password.set": _("A password was set"),
    "staff.password.link_sent": _("A link for a new password was sent"),
    "staff.factor.added": _("A second factor was added"),
    "staff.factor.removed": _("A second factor was removed"),
    "staff.factors.reset": _("A log-in was reset"),
    "staff.recovery_code.used": _("Logged in with a recovery code"),
    "staff.recovery_codes.made": _("New recovery codes were made"),
    "staff.sessions.ended": _("Sessions were ended"),
}
SUBJECTS: dict[str, Text] = {
    **giro_words.SUBJECTS,
    **party_words.SUBJECTS,
    **treasury_words.SUBJECTS,
    **books_words.SUBJECTS,
    **mail_words.SUBJECTS,
    **segment_words.SUBJECTS,
    "gift": _("Gift"),
    "refund": _("Refund"),
    "donor": _("Donor"),
    "pledge": _("Monthly gift"),
    "mandate": _("Mandate"),
    "campaign": _("Campaign"),
    "fund": _("Fund"),
    "staff": _("Staff"),
    "donor_import": _("Member list"),
    "provider_event": _("Provider message"),
    "alarm": _("Alarm"),
    "legal_entity": _("Legal entity"),
    "consent_wording": _("Words of consent"),
    "giving": _("Card gifts"),
    "go_live": _("Going live"),
    "api_key": _("Key of the API"),
    "webhook": _("Address for facts"),
    "export": _("File taken out"),
    "year_statement": _("Yearly statement"),
    "source_code": _("Code for print"),
    "suppression": _("Address that is not mailed"),
    "reply": _("Reply"),
    "sender": _("Address of appeals"),
    "appeal": _("Appeal"),
    "journey": _("Journey"),
}
LOOKS: dict[str, Text] = {
    "staff.card": _("Opened the donor's card"),
    "staff.match": _("Stood beside a line of the bank that was matched"),
    "staff.doubt": _("Stood in a list of mails in doubt"),
    "staff.mail_preview": _("Looked at a mail as the donor gets it"),
    "staff.gift": _("Opened who gave"),
    "staff.receipt": _("Took out a receipt"),
    "staff.statement": _("Took out a yearly statement"),
    "receipt": _("Was named on a receipt"),
    "year_statement": _("Was named on a yearly statement"),
    "staff.paper": _("Was filled in for a mandate on paper"),
    "staff.proof": _("Took out the proof of a mandate"),
    "staff.giver": _("Opened who gives every month"),
    "staff.address": _("Looked whether an address is mailed"),
    "staff.reply": _("Read what was written to us"),
    "staff.letter": _("Printed a letter to who gives"),
    "mail.monthly": _("Addressed a mail about a monthly gift"),
    "staff.search": _("Was shown in a search"),
    **segment_words.PURPOSES,
    **party_words.PURPOSES,
    "api.card": _("Read through the API"),
    "api.giver": _("Read who gave through the API"),
    "api.segment_sample": _("Was shown in a segment's sample through the API"),
    "api.address": _("Looked through the API whether an address is mailed"),
    "api.search": _("Was shown in a search through the API"),
    "export.donor": _("Took out everything, for the donor"),
    "staff.columns": _("Looked into a bank's list to say which column is which"),
    "import.sample": _("Looked into a member list"),
    "earlier.sample": _("Looked into a list of gifts from before the start"),
    "giro.download": _("Fetched an autogiro file"),
    "giro.pass_on": _("Fetched another system's rows"),
    "import.error_file": _("Fetched the rows of a member list that failed"),
}
PAGES = {"gift": "console:gift", "refund": "console:refund", "donor": "console:donor"}
PAGES |= {"pledge": "console:pledge", "mandate": "console:mandate"}
PAGES |= {"campaign": "console:campaign", "appeal": "console:appeal"}
PAGES |= {"fund": "console:fund"}
PAGES["journey"] = "console:journey"
MOST = 20  # lines on a record's own page
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
REF = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass(frozen=True, slots=True)
class Changes:
    """The newest lines of one record, for its page."""

    ref: str
    lines: list[ChangeLine]


def changes_of(kind: str, ref: UUID) -> Changes:
    """What was changed of a record, the newest first."""
    return Changes(str(ref), list(audit.changes_of(kind, ref)[:MOST]))


def subject(kind: str) -> str:
    """What a line is about; a kind without a word is shown by its code."""
    return str(SUBJECTS.get(kind, kind))


def look(purpose: str) -> str:
    """Why somebody looked."""
    return str(LOOKS.get(purpose, purpose))


def address(kind: str, ref: str) -> str:
    """The page of a line's subject; empty when it has none."""
    return reverse(PAGES[kind], args=[ref]) if kind in PAGES and REF.fullmatch(ref) else ""


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """Each field that changed: "Goal: 1 000 kr → 2 000 kr", or what it is when it is new."""
    lines = []
    for name in dict.fromkeys([*before, *after]):
        label = log_fields.named(name)
        old, new = _written(name, before.get(name)), _written(name, after.get(name))
        both = f"{old} → {new}" if name in before and name in after else new or f"{old} → –"
        lines.append(f"{label}: {both}")
    return lines


def _written(name: str, value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, int) and name.endswith("_ore"):
        return format_kronor(value)
    if isinstance(value, dict):
        return (
            ", ".join(f"{log_fields.named(key)} {_written(key, one)}" for key, one in value.items())
            or "–"
        )
    if isinstance(value, list):
        return ", ".join(_written(name, one) for one in value)
    text = str(value)
    if name in log_fields.CODES:
        return log_fields.coded(name, text)
    if name in {"entity", "entities"}:
        return LegalEntity.objects.filter(ref=text).values_list("name", flat=True).first() or text
    if name == "fund":
        fund = Fund.objects.filter(ref=text).first()
        return fund.name(get_language() or SWEDISH) if fund else text[:8]
    if ISO.fullmatch(text):
        return day(date.fromisoformat(text))
    return REF.sub(lambda found: found[0][:8], text)
