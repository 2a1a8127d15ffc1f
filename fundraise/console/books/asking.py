"""What a second person is asked about the books, in words (console/questions.py takes it in)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from fundraise.console import actions
from fundraise.console.books.said import sentence
from fundraise.console.days import day
from fundraise.console.tables.draws import month_of
from fundraise.money import format_kronor
from fundraise.reporting.books import reissuing
from fundraise.reporting.books.closing import reopening
from fundraise.reporting.books.closing.services import ClosingError
from fundraise.reporting.books.models import BookReissue, Reopening
from fundraise.reporting.books.reissuing import ReissueError
from fundraise.staff.models import Approval


class _Refused(actions.Refused):
    """The books said no, in a sentence of their own."""

    @property
    def sentence(self) -> str:
        return self.code


def _door(do: Callable[..., None], ref: Any) -> Callable[..., None]:
    """A yes or no, with its refusal in words."""

    def answered(*, by: str, reason: str) -> None:
        try:
            do(ref, by=by, why=reason)
        except (ReissueError, ClosingError) as error:
            raise _Refused(sentence(error)) from None

    return answered


def reissue(approval: Approval) -> dict[str, Any]:
    """The fields of the question about a file."""
    asked = BookReissue.objects.select_related("export__entity").get(ref=approval.subject_ref)
    export = asked.export
    return {
        "act": _("Issue SIE file %(number)s again") % {"number": export.number},
        "facts": [
            (_("Legal entity"), approval.entity.name),
            (_("Days"), f"{day(export.from_day)} – {day(export.to_day)}"),
            (_("Sum"), format_kronor(export.sum_ore)),
        ],
        "follows": [
            _("The same bytes are given out once more."),
            _("Read in twice, every voucher in it stands twice in the bookkeeping program."),
        ],
        "link": reverse("console:book_export", args=[export.ref]),
        "reason": asked.why,
        "after_yes": _("Approved. The file can be fetched once more."),
        "after_no": _("Refused. The file stays where it is."),
        "say_yes": _door(reissuing.agree, asked.ref),
        "say_no": _door(reissuing.refuse, asked.ref),
    }


def reopen(approval: Approval) -> dict[str, Any]:
    """The fields of the question about a month."""
    asked = Reopening.objects.select_related("closing__entity").get(ref=approval.subject_ref)
    closing = asked.closing
    first = closing.first_day
    return {
        "act": _("Open %(month)s again") % {"month": month_of(first)},
        "facts": [(_("Legal entity"), approval.entity.name)],
        "follows": [
            _("Journals can be booked into the month again, until it is closed anew."),
            _("The pack of this closing is kept as it is; a new one is made at the next."),
        ],
        "link": reverse("console:month", args=[closing.entity.ref, first.year, first.month]),
        "reason": asked.why,
        "after_yes": _("Approved. The month is open."),
        "after_no": _("Refused. The month stays closed."),
        "say_yes": _door(reopening.agree, asked.ref),
        "say_no": _door(reopening.refuse, asked.ref),
    }
