"""The states of gifts, their givers and what pays them; badges.KINDS makes badges of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fundraise.console.pledge_states import Tones

ON_ITS_WAY = ("waits", _("On its way"))  # two states, one word
STATES: dict[str, Tones] = {
    "campaign": {
        "draft": ("quiet", _("Draft")),
        "live": ("done", _("Live")),
        "closed": ("quiet", _("Closed")),
    },
    "gift": {
        "pending": ("waits", _("Waiting")),
        "received": ("done", _("Received")),
        "failed": ("failed", _("Failed")),
        "expired": ("quiet", _("Expired")),
        "void": ("quiet", _("Void")),
    },
    "refund": {
        "awaiting_second": ("you", _("Awaits a second person")),
        "queued": ("waits", _("To be sent")),
        "sent": ("waits", _("Sent")),
        "settled": ("done", _("Paid back")),
        "failed": ("failed", _("Failed")),
        "refused": ("quiet", _("Refused by the second person")),
    },
    "dispute": {
        "open": ("you", _("To answer")),
        "won": ("done", _("Won")),
        "lost": ("failed", _("Lost")),
    },
    "attempt": {
        "created": ("waits", _("Created")),
        "open": ("waits", _("Open")),
        "paid": ("done", _("Paid")),
        "closed": ("quiet", _("Not open any more")),
    },
    "event": {
        "stored": ("waits", _("Stored")),
        "done": ("done", _("Done")),
        "ignored": ("quiet", _("Not for us")),
        "failed": ("you", _("Needs a person")),
    },
    "payout": {
        "pending": ON_ITS_WAY,
        "in_transit": ON_ITS_WAY,
        "paid": ("done", _("Paid out")),
        "failed": ("failed", _("Failed")),
        "canceled": ("quiet", _("Cancelled")),
    },
    "year_mail": {
        "post": ("waits", _("By post")),
        "none": ("waits", _("Is being made")),
        "prepared": ("waits", _("To be sent")),
        "claimed": ("waits", _("Being sent")),
        "sent": ("done", _("Sent")),
        "failed": ("failed", _("Given up")),
        "in_doubt": ("you", _("In doubt")),
    },
    "statement": {
        "stands": ("done", _("Stands")),
        "replaced": ("quiet", _("Replaced")),
    },
    "donor": {
        "active": ("done", _("Active")),
        "restricted": ("waits", _("Kept, not used")),
        "erased": ("quiet", _("Forgotten")),
    },
    "contact": {
        "unconfirmed": ("quiet", _("Not confirmed")),
        "confirmed": ("done", _("Confirmed")),
        "bouncing": ("failed", _("Comes back")),
    },
    "import": {
        "uploaded": ("you", _("Choose columns")),
        "checking": ("waits", _("Being checked")),
        "checked": ("you", _("Checked, not done")),
        "importing": ("waits", _("Being brought in")),
        "done": ("done", _("Done")),
        "failed": ("failed", _("Failed")),
        "cancelled": ("quiet", _("Stopped")),
    },
}
