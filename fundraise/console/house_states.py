"""The states of the house's work and of who works in it; badges.KINDS makes badges of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fundraise.console.pledge_states import Tones

STATES: dict[str, Tones] = {
    "alarm": {
        "open": ("you", _("Open")),
        "closed": ("quiet", _("Closed")),
    },
    "account": {
        "active": ("done", _("Active")),
        "invited": ("waits", _("Invited")),
        "ended": ("quiet", _("Has left")),
    },
    "fund": {
        "used": ("done", _("In use")),
        "away": ("quiet", _("Put away")),
    },
    "second_factor": {
        "yes": ("done", _("Has one")),
        "no": ("waits", _("Not yet")),
    },
    "run": {
        "running": ("waits", _("Running")),
        "done": ("done", _("Done")),
        "failed": ("failed", _("Failed")),
    },
    "export": {
        "making": ("waits", _("Being made")),
        "kept": ("done", _("Ready to fetch")),
        "made": ("done", _("Taken out")),
        "none": ("failed", _("Not made")),
    },
    "work": {
        "waiting": ("waits", _("Waits for a worker")),
        "running": ("waits", _("Running")),
        "done": ("done", _("Done")),
        "failed": ("failed", _("Failed")),
        "stopped": ("quiet", _("Stopped")),
    },
    "answer": {
        "yes": ("done", _("Yes")),
        "no": ("failed", _("No")),
    },
    "delivery": {
        "waiting": ("waits", _("To be sent")),
        "delivered": ("done", _("Delivered")),
        "failed": ("failed", _("Given up")),
    },
    "endpoint": {
        "active": ("done", _("Active")),
        "staff": ("quiet", _("Paused")),
        "failing": ("you", _("Paused: it did not answer for three days")),
        "gone": ("you", _("Paused: it says that it is gone")),
    },
    "reply": {
        "open": ("you", _("Waits for you")),
        "apart": ("quiet", _("Set apart: a machine")),
        "closed": ("done", _("Done")),
    },
    "sender": {
        "waiting": ("you", _("Waits for its code")),
        "verified": ("done", _("Verified")),
        "ended": ("quiet", _("Not used any more")),
    },
    "dns": {
        "found": ("done", _("In place")),
        "missing": ("failed", _("Missing")),
        "not_checked": ("quiet", _("Not checked")),
    },
    "suppression": {
        "standing": ("failed", _("Is not mailed")),
        "lifted": ("quiet", _("Lifted")),
    },
    "key": {
        "live": ("done", _("Active")),
        "expired": ("quiet", _("Expired")),
        "ended": ("quiet", _("Ended")),
    },
}
