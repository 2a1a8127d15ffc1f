"""What codes mean, in plain words: states with a shape and a colour, and reasons of providers."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise.console import (
    appeal_states,
    books_words,
    giro_words,
    party_words,
    pledge_states,
    treasury_words,
)
from fundraise.console.journeys.words import STATES as JOURNEY_STATES
from fundraise.console.treasury.states import STATES as TREASURY_STATES

Text = str | Promise
NAMES_KEPT = 300


@dataclass(frozen=True, slots=True)
class Badge:
    """A status word with a shape, so that colour is never the only sign."""

    tone: str
    word: Text

    @property
    def shape(self) -> str:
        return SHAPES[self.tone]


SHAPES = {"done": "●", "waits": "▲", "failed": "■", "you": "◆", "quiet": "○"}


def _b(tone: str, word: Text) -> Badge:
    return Badge(tone, word)


CAMPAIGN = {
    "draft": _b("quiet", gettext_lazy("Draft")),
    "live": _b("done", gettext_lazy("Live")),
    "closed": _b("quiet", gettext_lazy("Closed")),
}
GIFT = {
    "pending": _b("waits", gettext_lazy("Waiting")),
    "received": _b("done", gettext_lazy("Received")),
    "failed": _b("failed", gettext_lazy("Failed")),
    "expired": _b("quiet", gettext_lazy("Expired")),
    "void": _b("quiet", gettext_lazy("Void")),
}
REFUND = {
    "awaiting_second": _b("you", gettext_lazy("Awaits a second person")),
    "queued": _b("waits", gettext_lazy("To be sent")),
    "sent": _b("waits", gettext_lazy("Sent")),
    "settled": _b("done", gettext_lazy("Paid back")),
    "failed": _b("failed", gettext_lazy("Failed")),
    "refused": _b("quiet", gettext_lazy("Refused by the second person")),
}
DISPUTE = {
    "open": _b("you", gettext_lazy("To answer")),
    "won": _b("done", gettext_lazy("Won")),
    "lost": _b("failed", gettext_lazy("Lost")),
}
ATTEMPT = {
    "created": _b("waits", gettext_lazy("Created")),
    "open": _b("waits", gettext_lazy("Open")),
    "paid": _b("done", gettext_lazy("Paid")),
    "closed": _b("quiet", gettext_lazy("Not open any more")),
}
EVENT = {
    "stored": _b("waits", gettext_lazy("Stored")),
    "done": _b("done", gettext_lazy("Done")),
    "ignored": _b("quiet", gettext_lazy("Not for us")),
    "failed": _b("you", gettext_lazy("Needs a person")),
}
ON_ITS_WAY = _b("waits", gettext_lazy("On its way"))
PAYOUT = {
    "pending": ON_ITS_WAY,
    "in_transit": ON_ITS_WAY,
    "paid": _b("done", gettext_lazy("Paid out")),
    "failed": _b("failed", gettext_lazy("Failed")),
    "canceled": _b("quiet", gettext_lazy("Cancelled")),
}
ALARM = {
    "open": _b("you", gettext_lazy("Open")),
    "closed": _b("quiet", gettext_lazy("Closed")),
}
ACCOUNT = {
    "active": _b("done", gettext_lazy("Active")),
    "invited": _b("waits", gettext_lazy("Invited")),
    "ended": _b("quiet", gettext_lazy("Has left")),
}
SECOND_FACTOR = {
    "yes": _b("done", gettext_lazy("Has one")),
    "no": _b("waits", gettext_lazy("Not yet")),
}
# What a browser says of itself, the telling signs first.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
]
RUN = {
    "running": _b("waits", gettext_lazy("Running")),
    "done": _b("done", gettext_lazy("Done")),
    "failed": _b("failed", gettext_lazy("Failed")),
}
EXPORT = {
    "making": _b("waits", gettext_lazy("Being made")),
    "kept": _b("done", gettext_lazy("Ready to fetch")),
    "made": _b("done", gettext_lazy("Taken out")),
    "none": _b("failed", gettext_lazy("Not made")),
}
WORK = {
    "waiting": _b("waits", gettext_lazy("Waits for a worker")),
    "running": _b("waits", gettext_lazy("Running")),
    "done": _b("done", gettext_lazy("Done")),
    "failed": _b("failed", gettext_lazy("Failed")),
    "stopped": _b("quiet", gettext_lazy("Stopped")),
}
WORK_KINDS: dict[str, Text] = {
    "export": gettext_lazy("A list as a file"),
    "earlier_book": gettext_lazy("Gifts from before the start are booked"),
    "earlier_undo": gettext_lazy("Gifts from before the start are taken back"),
    "month_pack": gettext_lazy("The month's pack"),
    "year_statements": gettext_lazy("Yearly statements"),
}
STATEMENT = {
    "stands": _b("done", gettext_lazy("Stands")),
    "replaced": _b("quiet", gettext_lazy("Replaced")),
}
WORK_CODES: dict[str, Text] = {
    "lost": gettext_lazy("The workers that did it stopped three times. Try again later."),
    "broken": gettext_lazy("Something in the program broke. The log says what."),
    "some_moved": gettext_lazy(
        "Some gifts were sent back or disputed meanwhile and stand. The others are taken back."
    ),
    "no_right": gettext_lazy("Your account may not take this list out any more."),
    "too_many_rows": gettext_lazy("Excel can't hold so many rows. Take it out as CSV."),
}
DONOR = {
    "active": _b("done", gettext_lazy("Active")),
    "restricted": _b("waits", gettext_lazy("Kept, not used")),
    "erased": _b("quiet", gettext_lazy("Forgotten")),
}
CONTACT = {
    "unconfirmed": _b("quiet", gettext_lazy("Not confirmed")),
    "confirmed": _b("done", gettext_lazy("Confirmed")),
    "bouncing": _b("failed", gettext_lazy("Comes back")),
}
IMPORT = {
    "uploaded": _b("you", gettext_lazy("Choose columns")),
    "checking": _b("waits", gettext_lazy("Being checked")),
    "checked": _b("you", gettext_lazy("Checked, not done")),
    "importing": _b("waits", gettext_lazy("Being brought in")),
    "done": _b("done", gettext_lazy("Done")),
    "failed": _b("failed", gettext_lazy("Failed")),
    "cancelled": _b("quiet", gettext_lazy("Stopped")),
}
ANSWER = {
    "yes": _b("done", gettext_lazy("Yes")),
    "no": _b("failed", gettext_lazy("No")),
}
DELIVERY = {
    "waiting": _b("waits", gettext_lazy("To be sent")),
    "delivered": _b("done", gettext_lazy("Delivered")),
    "failed": _b("failed", gettext_lazy("Given up")),
}
ENDPOINT = {
    "active": _b("done", gettext_lazy("Active")),
    "staff": _b("quiet", gettext_lazy("Paused")),
    "failing": _b("you", gettext_lazy("Paused: it did not answer for three days")),
    "gone": _b("you", gettext_lazy("Paused: it says that it is gone")),
}
REPLY = {
    "open": _b("you", gettext_lazy("Waits for you")),
    "apart": _b("quiet", gettext_lazy("Set apart: a machine")),
    "closed": _b("done", gettext_lazy("Done")),
}
SENDER = {
    "waiting": _b("you", gettext_lazy("Waits for its code")),
    "verified": _b("done", gettext_lazy("Verified")),
    "ended": _b("quiet", gettext_lazy("Not used any more")),
}
DNS = {
    "found": _b("done", gettext_lazy("In place")),
    "missing": _b("failed", gettext_lazy("Missing")),
    "not_checked": _b("quiet", gettext_lazy("Not checked")),
}
SUPPRESSION = {
    "standing": _b("failed", gettext_lazy("Is not mailed")),
    "lifted": _b("quiet", gettext_lazy("Lifted")),
}
KEY = {
    "live": _b("done", gettext_lazy("Active")),
    "expired": _b("quiet", gettext_lazy("Expired")),
    "ended": _b("quiet", gettext_lazy("Ended")),
}
KINDS: dict[str, dict[str, Badge]] = {
    **{
        kind: {state: Badge(*toned) for state, toned in states.items()}
        for kind, states in (
            pledge_states.STATES
            | appeal_states.STATES
            | JOURNEY_STATES
            | TREASURY_STATES
            | books_words.STATES
        ).items()
    },
    "delivery": DELIVERY,
    "endpoint": ENDPOINT,
    "key": KEY,
    "answer": ANSWER,
    "campaign": CAMPAIGN,
    "gift": GIFT,
    "statement": STATEMENT,
    "refund": REFUND,
    "dispute": DISPUTE,
    "attempt": ATTEMPT,
    "event": EVENT,
    "payout": PAYOUT,
    "run": RUN,
    "alarm": ALARM,
    "account": ACCOUNT,
    "second_factor": SECOND_FACTOR,
    "export": EXPORT,
    "work": WORK,
    "donor": DONOR,
    "import": IMPORT,
    "contact": CONTACT,
    "reply": REPLY,
    "suppression": SUPPRESSION,
    "sender": SENDER,
    "dns": DNS,
}


def choices(kind: str) -> list[tuple[str, Text]]:
    """The states of a kind for a filter, in the words of the badges."""
    return [(state, badge.word) for state, badge in KINDS[kind].items()]


PURPOSES: dict[str, Text] = {
    "register": gettext_lazy("To be kept as a donor"),
    "appeals": gettext_lazy("To be asked for gifts"),
    "newsletter": gettext_lazy("To get the newsletter"),
    "receipts": gettext_lazy("To get receipts"),
}
GROUNDS: dict[str, Text] = {
    "consent": gettext_lazy("Consent"),
    "membership": gettext_lazy("Membership"),
    "regular_contact": gettext_lazy("Regular contact"),
}
ENTITY_KINDS: dict[str, Text] = {
    "party": gettext_lazy("party"),
    "union": gettext_lazy("union"),
    "charity": gettext_lazy("charity"),
}
ALARMS: dict[str, Text] = {
    **giro_words.ALARMS,
    **treasury_words.ALARMS,
    **party_words.ALARMS,
    "provider-event-failed": gettext_lazy("A provider's message could not be worked on"),
    "provider-message-refused": gettext_lazy("A provider's message was refused"),
    "provider-money-unplaced": gettext_lazy("Money came that could not be placed"),
    "provider-warning": gettext_lazy("The provider warns"),
    "card-draw-doubt": gettext_lazy("Draws on saved cards have no answer"),
    "card-draw-refused": gettext_lazy("The provider refuses draws on saved cards"),
    "card-testing": gettext_lazy("Cards are being tested on the donation page"),
    "webhook-failed": gettext_lazy("A webhook was given up"),
    "webhook-paused": gettext_lazy("A webhook is paused: its address does not answer"),
    "outbox-failed": gettext_lazy("A fact could not be delivered"),
    "no-second-person": gettext_lazy("Nobody may answer as the second person: name one"),
    "job-late": gettext_lazy("A scheduled job is late"),
    "pledge-work-failed": gettext_lazy("Draws of monthly gifts could not be planned"),
    "notice-not-told": gettext_lazy("Donors have not been told of coming draws"),
    "monthly-mail-failed": gettext_lazy("Mails of monthly giving could not be written"),
    "pledge-not-drawn": gettext_lazy("Monthly gifts were not drawn that should have been"),
    "books-differ": gettext_lazy("The books do not add up"),
    "nightly-pull-failed": gettext_lazy("The nightly fetch from a provider failed"),
    "import-failed": gettext_lazy("A member list could not be brought in"),
    "suppressions-differ": gettext_lazy("SendGrid's list of addresses has holes"),
    "suppressions-grew": gettext_lazy("A list of addresses at SendGrid grew much in a night"),
    "replies-overdue": gettext_lazy("People who wrote to us have waited too long"),
    "inbound-mail-parked": gettext_lazy("A mail to us could not be read"),
    "mail-in-doubt": gettext_lazy("A mail may or may not have left"),
    "mail-failed": gettext_lazy("A mail was given up"),
    "seal-broken": gettext_lazy("No mail is sent: the settings are not this database's"),
    "restore-trial-failed": gettext_lazy("A backup did not come back as it was"),
    "go-live-line": gettext_lazy("A line of the go-live page is not in order"),
    "go-live-test": gettext_lazy("A test from the go-live page"),
}


def work_kind(kind: str) -> Text:
    """What long work is about."""
    return WORK_KINDS.get(kind, kind)


def work_code(code: str) -> Text:
    """Why long work failed."""
    return WORK_CODES.get(code, code)


def entity_kind(code: str) -> Text:
    """What kind of movement a legal entity is."""
    return ENTITY_KINDS.get(code, code)


def alarm(code: str) -> Text:
    """What an alarm is about."""
    return ALARMS.get(code, code)


def actor(name: str) -> str:
    """Who did it: the log-in name of "staff:3"; "key:abcd2345", "system:stripe" in words."""
    kind, _sep, who = name.partition(":")
    if kind == "staff":
        return _staff(who)
    if kind == "system":
        return _("the system (%(who)s)") % {"who": who}
    if kind == "key":
        return _("the key %(who)s") % {"who": who}
    return _("the giver") if kind == "donor" else name


def _staff(key: str) -> str:
    """A log-in name by its key, kept for some minutes: lists name the same few people."""
    kept = cache.get(f"console.staff.{key}")
    if kept is None:
        found = User.objects.filter(pk=int(key)).first() if key.isdigit() else None
        kept = found.get_username() if found else _("staff %(who)s") % {"who": key}
        cache.set(f"console.staff.{key}", kept, NAMES_KEPT)
    return str(kept)
