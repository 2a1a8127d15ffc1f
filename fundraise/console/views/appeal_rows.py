"""What counts to appeals, and the letters to those whom no mail reaches."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from fundraise.console import access
from fundraise.console.appeals import doors, refusals
from fundraise.console.appeals.doors import SEND
from fundraise.console.guard import action, only
from fundraise.console.tables.attributed import APPEAL_GIFTS, APPEAL_PLEDGES, LETTERS
from fundraise.console.tables.page import list_page
from mailings.appeals.asking import OVER
from mailings.attribution import letters as letter_doors
from mailings.attribution.errors import AttributionError


@require_GET
@only("gifts.view")
def gifts(request: HttpRequest) -> HttpResponse:
    """Gifts with the appeal that each counts to, and how."""
    return list_page(request, APPEAL_GIFTS)


@require_GET
@only("pledges.view")
def pledges(request: HttpRequest) -> HttpResponse:
    """Monthly gifts with the appeal that each counts to."""
    return list_page(request, APPEAL_PLEDGES)


@require_GET
@only("donors.view")
def letters(request: HttpRequest) -> HttpResponse:
    """Letters with address, sums, OCR number and code, to be taken out for the printer."""
    return list_page(request, LETTERS)


@action(SEND)
def make_letters(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Choose who gets a letter instead of a mail, once, and make the code that is printed."""
    row = doors.found(request, ref, SEND)
    try:
        made = letter_doors.freeze(row, by=access.by(request))
    except AttributionError as error:
        if error.code == "not_frozen":
            messages.error(request, _("Letters are made when the mails are prepared."))
            return doors.back(row)
        if error.code == OVER:
            messages.error(request, refusals.of_code(OVER))
            return doors.back(row)
        messages.info(request, _("The letters were made before: here they are."))
    else:
        _tell(request, made)
    return redirect("console:appeal", ref=row.ref)


def _tell(request: HttpRequest, made: int) -> None:
    if not made:
        nobody = _("No letter is made: nobody without e-mail whom it chooses has a postal address.")
        messages.info(request, nobody)
        return
    said = ngettext("%(number)d letter is made.", "%(number)d letters are made.", made)
    messages.success(request, said % {"number": made})
