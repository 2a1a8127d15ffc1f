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
    "period.signed": _("Somebody answered for a line of a month's checklist"),
    "period.closed": _("A month was closed"),
    "period.reopen.asked": _("A closed month was asked to be opened again"),
    "period.reopened": _("A closed month was opened again"),
    "period.reopen.refused": _("A second person refused to open a closed month"),
}
SUBJECTS: dict[str, Text] = {
    "book_export": _("SIE file"),
}
FIELDS: dict[str, Text] = {
    "entity": _("Legal entity"),
    "from_day": _("From and with"),
    "to_day": _("Up to and with"),
    "journals": _("Journals"),
    "sum_ore": _("Sum"),
    "month": _("Month"),
    "line": _("Line"),
}
