"""The states of files, items, matches and exceptions, with their tones."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fundraise.console.pledge_states import Tones, toned
from fundraise.reconciliation.models import Item, Match, QueueItem, RuleVersion, StatementFile

STATES: dict[str, Tones] = {
    "statement_file": {
        "stored": ("waits", StatementFile.State.STORED.label),
        "read": ("you", _("To be looked at")),
        "booked": ("done", StatementFile.State.BOOKED.label),
        "refused": ("failed", _("Refused whole")),
        "dropped": ("quiet", StatementFile.State.DROPPED.label),
    },
    "bank_item": toned(
        Item.State.choices,
        {"new": "waits", "matched": "done", "suggested": "you", "unknown": "you"},
    ),
    "match": toned(Match.State.choices, {"stands": "done", "suggested": "you"}),
    "match_rule": toned(RuleVersion.Mode.choices, {"auto": "done", "suggest": "waits"}),
    "payment_list": {
        "made": ("you", _("Made, not sent")),
        "sent": ("waits", _("At the bank")),
        "cancelled": ("quiet", _("Cancelled")),
        "refused": ("failed", _("Refused by the bank")),
    },
    "exception": toned(QueueItem.State.choices, {"open": "you", "settled": "done"}),
}
