"""What the change log says of SIE files, months and opening balances, in plain words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

CHANGES: dict[str, Text] = {
    "books.exported": _("A SIE file was made"),
    "books.fetched": _("A SIE file was fetched"),
    "books.reissue.asked": _("A SIE file was asked for once more"),
    "books.reissue.agreed": _("A second person agreed to a SIE file being issued again"),
    "books.reissue.refused": _("A second person refused to issue a SIE file again"),
    "books.reissued": _("A SIE file was issued again, byte for byte"),
    "books.opening.entered": _("Opening balances were entered"),
    "books.earlier.entered": _("Gifts from before the start were entered"),
    "books.earlier.undone": _("Gifts from before the start were taken back"),
    "books.opening.undone": _("Opening balances were taken back"),
    "period.signed": _("Somebody answered for a line of a month's checklist"),
    "period.closed": _("A month was closed"),
    "period.reopen.asked": _("A closed month was asked to be opened again"),
    "period.reopened": _("A closed month was opened again"),
    "period.reopen.refused": _("A second person refused to open a closed month"),
}
STATES: dict[str, dict[str, tuple[str, Text]]] = {
    "period": {
        "open": ("waits", _("Still open")),
        "closed": ("done", _("Shut")),
        "locked": ("done", _("Locked")),
    },
    "earlier": {
        "read": ("you", _("Not booked yet")),
        "booking": ("waits", _("Being booked")),
        "booked": ("done", _("Booked")),
        "undoing": ("waits", _("Being taken back")),
        "undone": ("quiet", _("Reversed")),
        "thrown": ("quiet", _("Thrown away")),
    },
    "check": {
        "ok": ("done", _("Agrees")),
        "differs": ("failed", _("Differs")),
        "waiting": ("waits", _("Waits for a file")),
        "not_applicable": ("quiet", _("Does not apply")),
    },
    "book_export": {
        "made": ("you", _("Not fetched yet")),
        "fetched": ("done", _("Fetched")),
        "again": ("waits", _("Asked for again")),
    },
    "book_asked": {
        "asked": ("you", _("Awaits a second person")),
        "agreed": ("done", _("Agreed")),
        "refused": ("quiet", _("Refused by the second person")),
        "fetched": ("done", _("Fetched")),
    },
}
SUBJECTS: dict[str, Text] = {
    "book_export": _("SIE file"),
}
FIELDS: dict[str, Text] = {
    "entity": _("Legal entity"),
    "journals": _("Journals"),
    "sum_ore": _("Sum"),
    "month": _("Month"),
    "line": _("Line"),
    "day": _("Day"),
    "accounts": _("Accounts"),
}
