"""What people write back: the queue, one reply, and what is done with it in one press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from donors import queries as donors
from donors.errors import DonorError
from donors.models import Donor
from fundraise.console import access, people
from fundraise.console.guard import action, only
from fundraise.console.mail_forms import DiedForm, FromForm, StopForm
from fundraise.console.shell import page
from fundraise.console.tables.page import list_page
from fundraise.console.tables.replies import REPLIES
from fundraise.console.words import Text
from fundraise.pledges.models import Pledge
from fundraise.staff import rights
from mailings.appeals.models import Appeal
from mailings.inbound import acts
from mailings.inbound.acts import ReplyError
from mailings.inbound.models import Reply

MAY = "mail.replies"
REFUSALS: dict[str, Text] = {
    "closed": gettext_lazy("Somebody has closed it already. Nothing was done twice."),
    "outcome": gettext_lazy("Choose what became of it."),
    "no_address": gettext_lazy("It came from no address, so there is nothing to unsubscribe."),
    "pledge": gettext_lazy("That monthly gift is not this donor's, or has ended."),
    "donor": gettext_lazy("Say first whom it is from."),
}


@require_GET
@only(MAY)
def replies(request: HttpRequest) -> HttpResponse:
    """What waits, and the way to the one that must be read first."""
    first = Reply.objects.filter(state=Reply.State.OPEN).order_by("due_at").first()
    return list_page(request, REPLIES, first=first)


@require_GET
@only(MAY)
def reply(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One reply, opened; the read log says who looked."""
    return _shown(request, _found(ref))


def _found(ref: UUID) -> Reply:
    return get_object_or_404(Reply.objects.select_related("donor"), ref=ref)


def _shown(request: HttpRequest, row: Reply, status: int = 200, **more: Any) -> HttpResponse:
    words = acts.words_of(row, by=access.by(request))
    context = {
        "reply": row,
        "words": words,
        "hint": Reply.Hint(row.hint).label if row.hint else "",
        "matched": Reply.Matched(row.matched).label if row.matched else "",
        "outcome": Reply.Outcome(row.outcome).label if row.outcome else "",
        "appeal": Appeal.objects.filter(pk=row.appeal_id or 0).first(),
        "may_open": row.donor is not None
        and people.visible_donors(request).filter(pk=row.donor.pk).exists(),
        "may_change": row.donor is not None and _may_change(request, row.donor),
        "pledges": _stoppable(request, row),
        "others": _others(request, row, words),
        "answer_url": _answer(words),
        "died_form": DiedForm(),
        "stop_form": StopForm(),
        "from_form": FromForm(),
        **more,
    }
    return page(request, "reply", _("Reply"), status=status, **context)


def _may_change(request: HttpRequest, donor: Donor) -> bool:
    return people.visible_donors(request, "donors.change").filter(pk=donor.pk).exists()


def _stoppable(request: HttpRequest, row: Reply) -> list[Pledge]:
    """The monthly gifts that the one who asks may stop."""
    may = rights.entities(request.user, "pledges.change")
    return [pledge for pledge in acts.pledges_of(row) if pledge.entity_id in may]


def _others(request: HttpRequest, row: Reply, words: dict[str, str] | None) -> list[Donor]:
    """Donors with the sender's address, where it is not said yet whom it is from."""
    if words is None or row.state != Reply.State.OPEN:
        return []
    known = {donor.pk for donor in donors.find_by_email(words["from"])}
    rows = people.visible_donors(request).filter(pk__in=known)
    return [donor for donor in rows.order_by("pk") if donor.pk != row.donor_id]


def _answer(words: dict[str, str] | None) -> str:
    """Opens the staff's own mail program with the sender and the subject filled in."""
    if words is None or "@" not in words["from"]:
        return ""
    subject = words["subject"]
    if not subject.lower().startswith(("sv:", "re:")):
        subject = f"Sv: {subject}"
    return f"mailto:{quote(words['from'], safe='@')}?subject={quote(subject)}"


# --- Acts -----------------------------------------------------------------------------------------
def _do(request: HttpRequest, row: Reply, act: Callable[[], None], said: str) -> HttpResponse:
    try:
        act()
    except ReplyError as error:
        messages.error(request, str(REFUSALS[error.code]))
        return redirect("console:reply", ref=row.ref)
    except DonorError:
        messages.error(request, _("That can't be noted of this donor. Nothing was changed."))
        return redirect("console:reply", ref=row.ref)
    messages.success(request, said)
    return redirect("console:replies")


@action(MAY)
def unsubscribe(request: HttpRequest, ref: UUID) -> HttpResponse:
    """No more appeals to whoever wrote it."""
    row, by = _found(ref), access.by(request)
    return _do(
        request, row, lambda: acts.unsubscribe(row.pk, by=by), _("Unsubscribed, and closed.")
    )


@action(MAY)
def close(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Answered, has given already, or nothing to do."""
    row, by = _found(ref), access.by(request)
    outcome = request.POST.get("outcome", "")
    return _do(request, row, lambda: acts.close(row.pk, outcome=outcome, by=by), _("It is closed."))


@action(MAY)
def stop_gift(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End a monthly gift as its giver wrote; needs the right to change it, too."""
    row, by, form = _found(ref), access.by(request), StopForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, status=422, stop_form=form)
    chosen = {pledge.ref: pledge.pk for pledge in _stoppable(request, row)}
    pledge_id = chosen.get(form.cleaned_data["pledge"], 0)
    reason = form.cleaned_data["reason"]
    return _do(
        request,
        row,
        lambda: acts.stop_gift(row.pk, pledge_id=pledge_id, reason=reason, by=by),
        _("The monthly gift has ended, and the reply is closed."),
    )


@action(MAY)
def note_death(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Whoever it is about has died; needs the right to change the donor, too."""
    row, by, form = _found(ref), access.by(request), DiedForm(request.POST)
    if row.donor is not None and not _may_change(request, row.donor):
        messages.error(request, _("Only donor care may note a death. Nothing was changed."))
        return redirect("console:reply", ref=ref)
    if not form.is_valid():
        return _shown(request, row, status=422, died_form=form)
    died_on = form.cleaned_data["died_on"]
    return _do(
        request,
        row,
        lambda: acts.note_death(row.pk, died_on=died_on, by=by),
        _("The death is noted. Monthly gifts end."),
    )


@action(MAY)
def say_whose(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Whom it is from, or nobody of the register."""
    row, by, form = _found(ref), access.by(request), FromForm(request.POST)
    nobody = request.POST.get("donor") == "nobody"
    donor = None
    if not nobody:
        if form.is_valid():
            visible = people.visible_donors(request)
            donor = visible.filter(ref=form.cleaned_data["donor"]).first()
        if donor is None:
            messages.error(request, _("There is no such donor. Nothing was changed."))
            return redirect("console:reply", ref=ref)
    try:
        acts.choose_donor(row.pk, donor=donor, by=by)
        messages.success(request, _("It is noted whom it is from."))
    except ReplyError as error:
        messages.error(request, str(REFUSALS[error.code]))
    return redirect("console:reply", ref=ref)
