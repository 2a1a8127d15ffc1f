"""Where an appeal's links lead, mended also after it was sent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise.console import access
from fundraise.console.appeals import doors, refusals
from fundraise.console.appeals.doors import SEND, VIEW
from fundraise.console.appeals.forms import LinkForm
from fundraise.console.guard import only
from fundraise.console.shell import page
from mailings.appeals.models import Appeal, Link
from mailings.appeals.services import linking


@require_GET
@only(VIEW)
def links(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Every link of every version with where it leads."""
    row = doors.found(request, ref, VIEW)
    return page(
        request,
        "appeals/links",
        _("Links of the appeal"),
        entity=row.campaign.entity_id,
        appeal=row,
        links=_links(row),
    )


def _links(row: Appeal) -> list[Link]:
    rows = Link.objects.select_related("content__variant").filter(content__variant__appeal=row)
    return list(rows.order_by("content__variant__letter", "-content__language", "number"))


@require_http_methods(["GET", "POST"])
@only(VIEW, post=SEND)
def link(request: HttpRequest, ref: UUID, key: int) -> HttpResponse:
    """One link: the form, then it leads elsewhere, in mails that were sent long ago too."""
    row = doors.found(request, ref, SEND if request.method == "POST" else VIEW)
    chosen = get_object_or_404(Link, pk=key, content__variant__appeal=row)
    form = LinkForm(request.POST or None, initial={"target": chosen.target})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            linking.mend(link_id=chosen.pk, by=access.by(request), **said)
        except linking.MendError as error:
            field = "reason" if error.code == "needs_reason" else "target"
            form.add_error(field, refusals.of_code(error.code))
        else:
            messages.success(
                request, _("The link leads there from now on, in mails sent before too.")
            )
            return redirect("console:appeal_links", ref=ref)
    return page(
        request,
        "appeals/link",
        _("Mend a link"),
        status=422 if form.is_bound else 200,
        entity=row.campaign.entity_id,
        appeal=row,
        link=chosen,
        form=form,
    )
