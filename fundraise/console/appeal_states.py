"""The states of appeals with their tone and word; badges.KINDS makes badges of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fundraise.console.pledge_states import Tones, toned
from mailings.appeals.models import Appeal, Batch, Message, Wave

STATES: dict[str, Tones] = {
    "appeal": toned(
        Appeal.State.choices,
        {
            "scheduled": "waits",
            "preparing": "waits",
            "sending": "waits",
            "paused": "you",
            "finished": "done",
        },
    ),
    "wave": toned(Wave.State.choices, {"held": "waits", "released": "done", "stopped": "failed"}),
    "batch": toned(
        Batch.State.choices,
        {
            "held": "waits",
            "ready": "waits",
            "posting": "waits",
            "accepted": "done",
            "refused": "failed",
            "in_doubt": "you",
        },
    ),
    "mail": {
        "sent": ("done", _("Sent")),
        "waiting": ("waits", _("To be sent")),
        "doubt": ("you", _("In doubt")),
        **toned([one for one in Message.Outcome.choices if one[0]], {"refused": "failed"}),
    },
    "look": {
        "block": ("failed", _("Must be mended")),
        "warn": ("waits", _("Look at this")),
        "unknown": ("quiet", _("Not checked")),
        "ok": ("done", _("In order")),
    },
}
