"""What people do with a file to Bankgirot, and what is said of it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fundraise import clock
from fundraise.console.words import Text
from fundraise.providers.giro import delivering, withdrawing
from fundraise.providers.giro.models import OutFile

REFUSALS: dict[str, Text] = {
    "not_waiting": gettext_lazy("It does not wait for approval any more. Nothing was changed."),
    "not_ready": gettext_lazy(
        "It waits for approval, or the folder has it already. Nothing was changed."
    ),
    "not_doubt": gettext_lazy("It is not in doubt any more. Nothing was changed."),
    "too_late": gettext_lazy(
        "Its cut-off has passed: its draws would be made on a day that nobody was told of. "
        "Withdraw it, and they are planned anew."
    ),
    "left_at": gettext_lazy(
        "It can't have been left then: choose a time between when it was fetched and now."
    ),
    "fetched": gettext_lazy(
        "It was not withdrawn: somebody has fetched it, and the bank may have it. It is in doubt "
        "now. Ask who fetched it and the bank, then say what they answered."
    ),
    "left_late": gettext_lazy(
        "It was left after its cut-off, so the bank may draw on another day or not at all. It is "
        "in doubt now. Ask the bank what it does with the file, then say what it answered."
    ),
    "gone": gettext_lazy(
        "This file's contents were kept for seven years, as the law wants, and are gone now. "
        "What was in it still stands on its page."
    ),
    "left": gettext_lazy("It has left, or was withdrawn. Nothing was changed."),
    "mandates": gettext_lazy("A file of mandates is right when it comes late too: deliver it."),
}


def refusal(code: str) -> str:
    """Why nothing was done."""
    return str(REFUSALS.get(code, code))


def approve(file: OutFile, by: str) -> str:
    """Its totals were looked at. Raises FileError."""
    delivering.approve(file.pk, by=by)
    return _("The file is approved and may leave.")


def delivered(file: OutFile, by: str, left_at: str = "") -> str:
    """Somebody has left it at the bank, now or at a time of Stockholm. Raises FileError."""
    if delivering.mark_delivered_by_hand(file.pk, by=by, left_at=_time(left_at)):
        return _("The file is noted as delivered by hand.")
    return _("It was noted before. Nothing was changed.")


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise delivering.FileError("left_at") from error
    return at.replace(tzinfo=clock.STOCKHOLM)


def arrived(file: OutFile, by: str) -> str:
    """The bank has it. Raises FileError."""
    delivering.settle_doubt(file.pk, arrived=True, by=by)
    return _("The file has arrived. It is not delivered again.")


def lost(file: OutFile, by: str) -> str:
    """The bank never got it. Raises FileError."""
    delivering.settle_doubt(file.pk, arrived=False, by=by)
    return _("The file did not arrive and is delivered again.")


def withdraw(file: OutFile, by: str) -> str:
    """Take it back, while nobody can have it. Raises FileError."""
    number = withdrawing.withdraw(file.pk, by=by)
    said = ngettext(
        "The file is withdrawn, and %(n)d order is planned anew.",
        "The file is withdrawn, and %(n)d orders are planned anew.",
        number,
    )
    return said % {"n": number}
