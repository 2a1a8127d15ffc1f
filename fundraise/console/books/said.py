"""Why the books refused, in sentences that say what to do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fundraise.console.fields import PERSONAL
from fundraise.reporting.books.beginning import OpeningError
from fundraise.reporting.books.closing.services import ClosingError
from fundraise.reporting.books.earlier.services import EarlierError
from fundraise.reporting.books.exporting import ExportError
from fundraise.reporting.books.reissuing import ReissueError

Text = str | Promise
BookError = ExportError | ReissueError | ClosingError | OpeningError | EarlierError

EXPORT: dict[str, Text] = {
    "days": _("The first day is after the last."),
    "years": _("A file holds one financial year. Make one for each year."),
    "nothing": _("There is no journal in these days."),
    "exported": _(
        "Everything of these days stands in files already. Issue the file again instead."
    ),
    "moved": _("More has been booked since you looked. This is how it stands now."),
    "unwritable": _("The file can't be written. Look at organisation number and campaign codes."),
    "faults": _("The file breaks the standard, so nothing was made. Tell whoever runs the server."),
}
REISSUE: dict[str, Text] = {
    "again": _("The file has been fetched. Ask for it once more, with a reason."),
    "open": _("It is asked for already. A second person answers first."),
    "first": _("Nobody has fetched the file yet, so you can fetch it at once."),
    "same_person": _("Somebody else must answer: you asked."),
    "not_waiting": _("Somebody has answered already."),
    "personal": PERSONAL,
    "damaged": _("The file is not what was made. Nothing is given out; tell who runs the server."),
}
CLOSING: dict[str, Text] = {
    "not_over": _("The month is not over yet."),
    "not_open": _("The month is closed already."),
    "unsettled": _("Something is neither green nor signed. Look at the checklist."),
    "changed": _("The line has changed since you looked. This is how it stands now."),
    "green": _("The line is green, so nobody needs to answer for it."),
    "comment": _("Write why."),
    "personal": PERSONAL,
    "not_named": _("Only a person can answer for a line."),
    "not_closed": _("The month is not closed."),
    "locked": _("The month's SIE file is made, so it stays as it is. Correct it in an open month."),
    "open": _("It is asked for already. A second person answers first."),
    "same_person": REISSUE["same_person"],
    "not_waiting": REISSUE["not_waiting"],
}
OPENING: dict[str, Text] = {
    "empty": _("Write at least one balance."),
    "twice": _("Opening balances are entered already. Take them back first."),
    "account": _("Income and costs have no opening balance."),
    "future": _("The day has not come yet."),
    "closed": _("The month of that day is closed. Choose a day in an open month."),
    "none": _("There are no opening balances to take back."),
    "comment": _("Write why."),
    "personal": PERSONAL,
}
EARLIER: dict[str, Text] = {
    "past": _("The list has come further. Nothing was changed."),
    "gone": _("The file is thrown away. Bring the list in again."),
    "faults": _("Some rows are wrong. Mend them in the file and bring it in again."),
    "nothing": _("Every gift of the list is booked already."),
    "comment": _("Write why."),
    "personal": PERSONAL,
}
_BY_KIND: dict[type[Exception], dict[str, Text]] = {
    ExportError: EXPORT,
    ReissueError: REISSUE,
    ClosingError: CLOSING,
    OpeningError: OPENING,
    EarlierError: EARLIER,
}


def sentence(error: BookError) -> str:
    """What went wrong and what to do."""
    return str(_BY_KIND[type(error)][error.code])
