"""The states of monthly giving with their tone and word; badges.KINDS makes badges of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from fundraise.pledges.models import Collection, Instalment, Mandate, Pledge
from fundraise.providers.giro.models import InFile, InRow, OutFile, Question

Text = str | Promise
Tones = dict[str, tuple[str, Text]]


def toned(labels: Iterable[tuple[str, Text]], tones: dict[str, str]) -> Tones:
    return {state: (tones.get(state, "quiet"), label) for state, label in labels}


STATES: dict[str, Tones] = {
    "pledge": toned(
        Pledge.State.choices,
        {
            "unconfirmed": "waits",
            "pending": "waits",
            "active": "done",
            "paused": "waits",
            "halted": "you",
        },
    ),
    "mandate": toned(
        Mandate.State.choices,
        {
            "draft": "waits",
            "received": "you",
            "created": "waits",
            "sent": "waits",
            "active": "done",
            "retiring": "waits",
            "ending": "waits",
            "refused": "failed",
        },
    ),
    "instalment": toned(
        Instalment.State.choices,
        {"planned": "waits", "collecting": "waits", "paid": "done", "missed": "failed"},
    ),
    "draw": toned(
        Collection.State.choices,
        {
            "queued": "waits",
            "sent": "waits",
            "trying": "waits",
            "cancelling": "waits",
            "doubt": "you",
            "paid": "done",
            "surplus": "you",
            "failed": "failed",
        },
    ),
    "out_file": toned(
        OutFile.State.choices,
        {
            "waiting": "you",
            "ready": "waits",
            "delivering": "waits",
            "delivered": "done",
            "doubt": "you",
        },
    ),
    "in_file": {
        "stored": ("waits", InFile.State.STORED.label),
        "applied": ("done", InFile.State.APPLIED.label),
        "refused": ("failed", gettext_lazy("Refused whole")),
    },
    "in_row": toned(InRow.Result.choices, {"applied": "done", "unknown": "you", "conflict": "you"}),
    "question": toned(Question.State.choices, {"open": "you", "solved": "done"}),
    "notice": {
        "sent": ("done", gettext_lazy("Sent")),
        "waiting": ("waits", gettext_lazy("Not sent yet")),
    },
}
