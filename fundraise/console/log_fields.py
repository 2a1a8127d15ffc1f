"""The names of fields in the change log, and their codes, in plain words.

A key that an audit call writes and that has no word here fails tests/console/test_log_fields.py.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fundraise.console import (
    appeal_words,
    badges,
    books_words,
    giro_words,
    party_words,
    segment_words,
    treasury_words,
    words,
)
from fundraise.console.words import Text
from fundraise.gifts.models import Channel
from fundraise.hooks import kinds as hooks
from fundraise.staff.roles import PERMISSIONS, Role
from mailings.appeals.models import Appeal
from mailings.attribution.models import SourceCode
from mailings.inbound.models import Reply
from mailings.journeys.models import Journey
from mailings.suppressions.models import Suppression

FIELDS: dict[str, Text] = {
    **giro_words.FIELDS,
    **party_words.FIELDS,
    **treasury_words.FIELDS,
    **books_words.FIELDS,
    **appeal_words.FIELDS,
    **segment_words.FIELDS,
    # Money
    "amount_ore": _("Sum"),
    "channel": _("How"),
    "gift": _("Gift"),
    "receipt": _("Receipt"),
    "year": _("Year"),
    # Monthly gifts
    "method": _("By"),
    "interval": _("How often"),
    "origin": _("Came by"),
    "signed_on": _("Signed on"),
    "died_on": _("Died on"),
    "first": _("Our first payer number"),
    "last": _("Our last payer number"),
    "about": _("About what"),
    "result": _("What became of it"),
    "scope": _("Keeps away"),
    "outcome": _("What became of it"),
    "hint": _("Seems to say"),
    "due": _("Due"),
    "link": _("Link"),
    "target": _("Leads to"),
    "every_days": _("At most one in so many days"),
    "file": _("File"),
    "received_on": _("Received on"),
    # Campaigns
    "goal_ore": _("Goal"),
    "minimum_ore": _("Smallest gift"),
    "maximum_ore": _("Largest gift"),
    "large_gift_ore": _("Gifts from this sum on"),
    "milestones": _("Milestones"),
    "weekly": _("Every week"),
    "attribution_days": _("Days that count to an appeal"),
    "medium": _("Where it is printed"),
    "status": _("Status"),
    "state": _("State"),
    "starts_on": _("First day"),
    "ends_on": _("Last day"),
    "slug": _("Short name"),
    "title_sv": _("Title in Swedish"),
    "title_en": _("Title in English"),
    "purpose_sv": _("Purpose in Swedish"),
    "purpose_en": _("Purpose in English"),
    "amounts_once": _("Suggested sums, once"),
    "amounts_monthly": _("Suggested sums, every month"),
    "first_frequency": _("Chosen at first"),
    "monthly_open": _("Monthly gifts are open"),
    "theme_colour": _("Colour"),
    "picture": _("Picture"),
    "picture_alt_sv": _("The picture in Swedish words"),
    "picture_alt_en": _("The picture in English words"),
    # Legal entities, staff, keys, webhooks
    "entity": _("Legal entity"),
    "entities": _("Legal entities"),
    "parent": _("District of"),
    "fields": _("What was changed"),
    "role": _("Role"),
    "with_districts": _("With its districts"),
    "how": _("Shown with"),
    "step": _("Stopped at"),
    "left": _("Codes left"),
    "count": _("How many"),
    "permissions": _("Rights"),
    "expires_on": _("Runs out"),
    "kinds": _("Facts"),
    "why": _("Because"),
    "delivery": _("Delivery"),
    # Donors
    "donor": _("Donor"),
    "kind": _("Kind"),
    "language": _("Language"),
    "source": _("Where it came from"),
    "answer_by": _("Answer by"),
    "purpose": _("What for"),
    "purposes": _("What for"),
    "basis": _("Ground"),
    "version": _("Version of the words"),
    "variant": _("Version under test"),
    "wording_version": _("Version of the words"),
    "from_date": _("From"),
    "on": _("On"),
    "informed_on": _("Told on"),
    "contact_point": _("Contact point, number"),
    "primary": _("Used first"),
    "tags": _("Tags, how many"),
    "reason": _("Needed for"),
    "replaced": _("Took another's place"),
    "merged_from": _("The record that went into it"),
    "apart_from": _("The record of the other donor"),
    "told_apart": _("Records said to be other donors"),
    "merged_into": _("The record it went into"),
    "contact_points": _("Contact points"),
    "identities": _("Identity numbers"),
    "legal_bases": _("Legal bases"),
    "references": _("OCR numbers"),
    "payer_aliases": _("Payers that were learned"),
    "number_asks": _("Questions for an identity number"),
    "year_tellings": _("Yearly statements told of"),
    "gifts_in_kind": _("Gifts in kind"),
    "replies": _("Replies"),
    "gifts": _("Gifts"),
    "pledges": _("Monthly gifts"),
    "together": _("Together with others"),
    "appeals": _("May be asked for gifts"),
    "shared": _("Addresses may be shared"),
    # Files and member lists
    "list": _("List"),
    "format": _("Sort of file"),
    "chosen": _("Choices"),
    "rows": _("Rows"),
    # Choices of a list that was taken out
    "account": _("Account"),
    "action": _("What"),
    "campaign": _("Campaign"),
    "fund": _("Fund"),
    "funds": _("Funds"),
    "decide": _("Who decides"),
    "from_day": _("From"),
    "job": _("Job"),
    "least": _("At least"),
    "may": _("May be"),
    "most": _("At most"),
    "needs": _("What it needs"),
    "payout": _("Payout"),
    "people": _("With persons"),
    "reference": _("Reference"),
    "subject": _("About"),
    "to_day": _("Until"),
    "who": _("Who"),
    "rows_done": _("Rows that were done"),
    "sha256": "SHA-256",
    "sheet": _("Sheet, number"),
    "created": _("New donors"),
    "added": _("Donors with something new"),
    "unchanged": _("Nothing new"),
    "person": _("For a person to look at"),
    "error": _("With an error"),
    # Going live
    "code": _("Answer"),
    "valid_till": _("Holds until"),
    "domain": _("The address"),
    "restore": _("A restore that was tried"),
    "seal": _("The seal"),
    "jobs": _("Scheduled jobs"),
    "admins": _("Two administrators"),
    "second_person": _("A second person"),
    "keys": _("The keys, in two places"),
    "mail": _("Mail"),
    "appeal": _("Appeal"),
    "names": _("Givers' names"),
    "charge": _("The provider's charge"),
    "intent": _("The provider's payment"),
    "raised_by": _("Raised by the appeal"),
    "first_by": _("First reached by the appeal"),
    "asked_by": _("Asked by the appeal"),
    "held_by": _("Left out of the appeal"),
    "way": _("By mail or by post"),
    "part": _("Part"),
    "alarm": _("Alarms"),
    "mail_domain": _("SPF, DKIM and DMARC"),
    "stripe": _("Stripe and Swish"),
    "sendgrid": _("SendGrid"),
    "webhook": _("Stripe's messages"),
    "autogiro": _("Autogiro's files"),
}

LANGUAGES: dict[str, Text] = {"sv": _("Swedish"), "en": _("English")}
KINDS: dict[str, Text] = {
    "totp": _("an app's code"),
    "webauthn": _("a passkey"),
    "recovery_codes": _("recovery codes"),
    "person": _("a person"),
    "organisation": _("an organisation"),
    "email": _("e-mail address"),
    "phone": _("telephone"),
    "postal": _("postal address"),
    "personal_number": _("personal identity number"),
    "organisation_number": _("organisation number"),
    "csv": "CSV",
    "xlsx": "Excel",
    "pdf": "PDF",
    "json": "JSON",
    "refunds": _("refunds to pay"),
    "settlement": _("debts between entities"),
    **words.ENTITY_KINDS,
    **dict(Appeal.Kind.choices),
}
STATES: dict[str, Text] = {
    "unconfirmed": _("not confirmed"),
    "confirmed": _("confirmed"),
    "bouncing": _("mail comes back"),
    "green": _("in order"),
    "signed": _("signed"),
    "waiting": _("waits for you"),
    "asking": _("being asked"),
    "red": _("not in order"),
}
LINES = (
    *("domain", "restore", "seal", "jobs", "admins", "second_person", "keys", "mail", "alarm"),
    *("mail_domain", "sendgrid", "stripe", "webhook", "autogiro"),
)
# A code that several subjects have is said as of a gift.
BADGES = {
    code: badge.word
    for kind in (*badges.KINDS.values(), badges.KINDS["gift"])
    for code, badge in kind.items()
}
CODES: dict[str, dict[str, Text]] = {
    "role": dict(Role.choices),
    "channel": dict(Channel.choices),
    "status": {
        code: badge.word
        for code, badge in (badges.KINDS["campaign"] | badges.KINDS["donor"]).items()
    },
    "state": {**BADGES, **STATES},
    "language": LANGUAGES,
    "kind": KINDS,
    "format": KINDS,
    "how": {**KINDS, "password": _("password"), "setup": _("the link of the invitation")},
    "step": {"password": _("password"), "second_factor": _("second factor")},
    "kinds": {**hooks.KINDS},
    "purpose": words.PURPOSES,
    "purposes": words.PURPOSES,
    "basis": words.GROUNDS,
    "permissions": {name: one.meaning for name, one in PERMISSIONS.items()},
    "first_frequency": {"once": _("once"), "monthly": _("every month")},
    "why": {
        **dict(Suppression.Reason.choices),
        "staff": _("staff did so"),
        "failing": _("it did not answer for three days"),
        "gone": _("it says that it is gone"),
        "lives": _("the donor lives"),
        "answered": _("the address answered"),
        "said_yes": _("the donor said yes again"),
        "took_back": _("the donor took the no back"),
        "delivered": _("mail arrived"),
    },
    "reason": {
        "mandate": _("autogiro"),
        "control_statement": _("the tax agency's statement"),
        "party_report": _("the party-finance report"),
    },
    "scope": dict(Suppression.Scope.choices),
    "hint": dict(Reply.Hint.choices),
    "outcome": dict(Reply.Outcome.choices),
    "trigger": dict(Journey.Trigger.choices),
    "medium": dict(SourceCode.Medium.choices),
    "fields": {
        "name": _("name"),
        "name_sv": _("name in Swedish"),
        "name_en": _("name in English"),
        "purpose_sv": _("more about it, in Swedish"),
        "purpose_en": _("more about it, in English"),
        "phone": _("telephone"),
        "email": _("e-mail address"),
        "address": _("postal address"),
        "statement_text": _("words on bank statements"),
        # What an appeal's step "To whom" chooses
        "title": _("what it is called"),
        "segment_version_id": _("the segment"),
        "people_of": _("the earlier appeal"),
        "without_recent_days": _("those who gave lately"),
        "without_monthly": _("those who give every month"),
        "drop_givers": _("those who give before the mail leaves"),
        "holdout_percent": _("those left out to compare with"),
        "priority": _("priority"),
        "ignores_cap": _("the cap on mails"),
        "first_wave": _("the first part"),
        "campaign": _("the campaign"),
    },
    **dict.fromkeys(LINES, STATES),
}


def named(key: str) -> str:
    """A field by its word; one that has none is shown by its code."""
    return str(FIELDS.get(key, key))


def coded(key: str, code: str) -> str:
    """A code of a field by its word, or as it is."""
    return str(CODES.get(key, {}).get(code, code))
