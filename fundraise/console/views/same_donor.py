"""The same person twice: who may be one, both side by side, and made one by who says so."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from donors import merged, services
from donors.cards import open_lines
from donors.errors import DonorError, Unreadable
from donors.models import Donor
from fundraise.console import access, people, same_donor
from fundraise.console.donor_forms import ReasonForm
from fundraise.console.guard import only
from fundraise.console.shell import page

VIEW, MERGE = "donors.view", "donors.merge"
SIZE = 25


@require_GET
@only(VIEW)
def duplicates(request: HttpRequest) -> HttpResponse:
    """Records that are surely one, a page at a time; each that is shown is in the read log."""
    found = merged.pairs(_after(request), SIZE + 1)
    shown = found[:SIZE]
    visible = people.visible_donors(request).filter(pk__in={pk for two in shown for pk in two})
    donors = {donor.pk: donor for donor in visible}
    names = {
        line.pk: line.name
        for line in open_lines(
            list(donors.values()), by=access.by(request), purpose="staff.duplicates"
        )
    }
    rows = [
        (donors[first], names[first], donors[second], names[second])
        for first, second in shown
        if first in donors and second in donors
    ]
    after = "{}-{}".format(*shown[-1]) if len(found) > SIZE else ""
    return page(request, "duplicates", _("The same donor twice?"), rows=rows, after=after)


def _after(request: HttpRequest) -> tuple[int, int]:
    """The last pair of the page before; the beginning when it is none."""
    first, dash, second = request.GET.get("after", "").partition("-")
    longest = 18
    if dash and all(one.isascii() and one.isdecimal() for one in (first, second)):
        return int(first[:longest]), int(second[:longest])
    return 0, 0


@require_http_methods(["GET", "POST"])
@only(VIEW, post=MERGE)
def compare(request: HttpRequest, ref: UUID, other: UUID) -> HttpResponse:
    """Both side by side with what will happen; then one, once."""
    permission = MERGE if request.method == "POST" else VIEW
    visible = people.visible_donors(request, permission)
    kept, gone = (get_object_or_404(visible, ref=one) for one in (ref, other))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if (answer := _merged(request, kept, gone, form)) is not None:
            return answer
    elif merged.kept_for(other) == ref:
        messages.info(request, _("They are one already."))
        return redirect("console:donor", ref=ref)
    return _compared(request, kept, gone, form)


def _merged(
    request: HttpRequest, kept: Donor, gone: Donor, form: ReasonForm
) -> HttpResponse | None:
    """Made one, or None with why not at the form."""
    try:
        done = services.merge_donors(
            kept_ref=kept.ref, gone_ref=gone.ref, by=access.by(request),
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
    except (DonorError, Unreadable) as error:
        form.add_error(None, same_donor.refused(error.code))
        return None
    if done is None:
        messages.info(request, _("They are one already."))
    else:
        messages.success(request, _("They are one donor now. Everything of both stands here."))
    return redirect("console:donor", ref=kept.ref)


def _compared(request: HttpRequest, kept: Donor, gone: Donor, form: ReasonForm) -> HttpResponse:
    try:
        sides = [same_donor.side_of(request, donor) for donor in (kept, gone)]
    except Unreadable:
        return page(request, "donor_sealed", _("Donor"), status=410)
    shared = next((one.shared for one in merged.alike(kept.pk) if one.donor.pk == gone.pk), ())
    visible = people.visible_donors(request, MERGE).filter(pk__in=[kept.pk, gone.pk])
    return page(
        request,
        "same_donor",
        _("The same donor twice?"),
        status=422 if form.is_bound else 200,
        kept=sides[0],
        gone=sides[1],
        sides=sides,
        shared=same_donor.speaks(shared),
        may_merge=visible.count() == len(sides) and not kept.erased_at and not gone.erased_at,
        form=form,
    )
