"""Unsubscribe: GET shows a page, POST does it at once, and another POST takes it back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from donors import queries as donors
from donors.models import ConsentWording
from fundraise.give import links
from fundraise.give.mails import guard
from fundraise.give.mine import frame
from fundraise.language import ENGLISH
from fundraise.pledges.models import Pledge
from mailings.appeals.services import leaving
from mailings.appeals.services.leaving import Leaver

GOES_ON = ("active", "paused", "halted")


@guard.anyone_may_post
def page(request: HttpRequest, leaver: Leaver, token: str) -> HttpResponse:
    """Any POST unsubscribes, whatever its body: a mail program's, a person's, twice or late."""
    if request.method == "POST":
        is_person = "text/html" in request.headers.get("Accept", "")
        leaving.leave(leaver, way="unsubscribe_page" if is_person else "one_click")
        if not is_person:
            return frame.private(HttpResponse(_("You are unsubscribed."), "text/plain"))
    return _shown(request, leaver, token)


@guard.own_pages_post
def undo(request: HttpRequest, leaver: Leaver, token: str) -> HttpResponse:
    """It was a mistake: POST takes it back, with a yes to the words that stood on the page."""
    if request.method == "POST":
        leaving.take_back(
            leaver, wording=agreed(request, leaver), way="unsubscribe_page", proof=proof(leaver)
        )
    return frame.go(links.leave(token, str(request.LANGUAGE_CODE)))


def agreed(request: HttpRequest, leaver: Leaver) -> ConsentWording | None:
    """The words that were agreed to, when they are those in force."""
    wording = donors.current_wording(leaver.appeal.purpose)
    if wording is None or request.POST.get("wording") != str(wording.pk):
        return None
    return wording


def proof(leaver: Leaver) -> str:
    """What shows that the holder of the mail agreed: which mail it was."""
    return f"mail:{leaver.appeal.ref}:{leaver.message.seq}"


def words_of(leaver: Leaver, language: str) -> dict[str, Any]:
    """The words of consent to agree to anew, for a form; none are shown where none are needed."""
    wording = donors.current_wording(leaver.appeal.purpose)
    if wording is None or leaver.donor is None:
        return {"wording_id": "", "wording": ""}
    text = wording.text_en if language == ENGLISH else wording.text_sv
    return {"wording_id": wording.pk, "wording": text}


def _shown(request: HttpRequest, leaver: Leaver, token: str) -> HttpResponse:
    language, left = str(request.LANGUAGE_CODE), leaver.has_left
    return frame.page(
        request,
        "give/mails/leave.html",
        title=_("You are unsubscribed") if left else _("No more mails that ask for gifts?"),
        left=left,
        known=leaver.donor is not None,
        leave_url=links.leave(token, language),
        undo_url=links.of_mail("undo_leave", token, language),
        choices_url=links.of_mail("mail_choices", token, language),
        pledges=_going_on(leaver, language) if left else [],
        contact=leaver.appeal.campaign.entity.email,
        may_undo=left and leaver.donor is not None,
        **words_of(leaver, language),
    )


def _going_on(leaver: Leaver, language: str) -> list[str]:
    """Where each monthly gift of the donor that goes on can be stopped: a log-in stands before."""
    if leaver.donor is None:
        return []
    pledges = Pledge.objects.filter(donor=leaver.donor, state__in=GOES_ON).order_by("pk")
    return [links.own("stop", language, pledge.ref) for pledge in pledges]
