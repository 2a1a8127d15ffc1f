"""What staff do for a donor about a monthly gift, and the letter that confirms it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.console import access, pledge_timeline, wishes
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.views.pledges import found
from fundraise.console.wish_forms import WishForm
from fundraise.pledges import queries
from fundraise.pledges.errors import PledgeError
from fundraise.pledges.models import Pledge, PledgeChange
from mailings.monthly import own_link

MAY = "pledges.change"


@require_http_methods(["GET", "POST"])
@only(MAY)
def wish(request: HttpRequest, ref: UUID, act: str) -> HttpResponse:
    """One wish: what will happen, and the button that does it."""
    row = found(request, ref, MAY)
    known = wishes.ACTS.get(act)
    if known is None:
        raise Http404
    form = known.form(
        request.POST if "channel" in request.POST else None, initial=_initial(request)
    )
    if form.is_valid() and _done(request, row, known, form):
        return redirect("console:pledge", ref=ref)
    return page(
        request,
        "pledge_do",
        str(known.title),
        status=422 if form.errors else 200,
        entity=row.entity_id,
        pledge=row,
        act=known,
        form=form,
        next=queries.next_instalment(row.pk, clock.today()),
        outlook=wishes.outlook(row),
        due=wishes.stop_due(clock.now()) if act == "stop" else None,
        possible=row.state in known.states,
    )


def _initial(request: HttpRequest) -> dict[str, Any]:
    now = clock.now().astimezone(clock.STOCKHOLM)
    asked = {"key": request.GET.get("change"), "period": request.GET.get("period")}
    return {**asked, "received_on": now.date(), "received_at": now.time()}


def _done(request: HttpRequest, row: Pledge, act: wishes.Act, form: WishForm) -> bool:
    """Carry it out; a refusal stands in the form, and nothing was changed."""
    try:
        said = act.carry_out(row, form.cleaned_data, form.wish(access.by(request)))
    except PledgeError as error:
        form.add_error(None, wishes.refusal(error.code))
        return False
    messages.success(request, said)
    return True


@action(MAY)
def send_link(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Mail the donor a link to what My pages does about this gift's account, card and day."""
    answer = own_link.send(found(request, ref, MAY), by=access.by(request))
    if answer == "sent":
        messages.success(request, _("The link is on its way to the donor's address."))
    else:
        messages.error(request, str(wishes.NOT_SENT[answer]))
    return redirect("console:pledge", ref=ref)


@require_GET
@only(MAY)
def letter(request: HttpRequest, ref: UUID, key: int) -> HttpResponse:
    """A letter to the donor about a change, to be printed. The read log says who looked."""
    row = found(request, ref, MAY)
    change = get_object_or_404(PledgeChange, pk=key, pledge=row)
    audit.log_read(
        by=access.by(request), subject_type="pledge", subject_ref=row.ref, purpose="staff.letter"
    )
    with translation.override(row.language):
        context = {
            "pledge": row,
            "change": change,
            "what": pledge_timeline.what_changed(change),
            "giver": queries.giver_of(row.pk),
            "next": queries.next_instalment(row.pk, clock.today()),
            **wishes.draws_beside(change),
            "today": clock.today(),
        }
        title = _("About your monthly gift")
        return render(request, "console/pledge_letter.html", {"title": title, **context})
