"""The same person twice: who may be one, both side by side, made one or told apart by who knows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from donors import merged, services
from donors.cards import open_lines
from donors.errors import DonorError, Unreadable
from donors.models import Donor
from fundraise.console import access, people, same_donor
from fundraise.console.donor_forms import ApartForm, MergeForm
from fundraise.console.guard import action, only
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
    said = merged.said_apart(kept.pk, gone.pk)
    form = MergeForm(request.POST or None, apart=said is not None)
    if request.method == "POST" and form.is_valid():
        if (answer := _merged(request, kept, gone, form)) is not None:
            return answer
    elif merged.kept_for(other) == ref:
        messages.info(request, _("They are one already."))
        return redirect("console:donor", ref=ref)
    return _compared(request, kept, gone, form=form)


def _merged(request: HttpRequest, kept: Donor, gone: Donor, form: MergeForm) -> HttpResponse | None:
    """Made one, or None with why not at the form."""
    try:
        done = services.merge_donors(
            kept_ref=kept.ref, gone_ref=gone.ref, by=access.by(request),
            reason=form.cleaned_data["reason"],
            though_apart=form.cleaned_data.get("though_apart", False),
        )  # fmt: skip
    except (DonorError, Unreadable) as error:
        form.add_error(None, same_donor.refused(error.code))
        return None
    if done is None:
        messages.info(request, _("They are one already."))
    else:
        messages.success(request, _("They are one donor now. Everything of both stands here."))
    return redirect("console:donor", ref=kept.ref)


def _compared(request: HttpRequest, kept: Donor, gone: Donor, **forms: Form) -> HttpResponse:
    try:
        sides = [same_donor.side_of(request, donor) for donor in (kept, gone)]
    except Unreadable:
        return page(request, "donor_sealed", _("Donor"), status=410)
    said = merged.said_apart(kept.pk, gone.pk)
    may = len(same_donor.may_merge(request, [kept.pk, gone.pk])) == len(sides)
    shown: dict[str, Any] = {
        "form": MergeForm(apart=said is not None),
        "apart_form": ApartForm(prefix="apart"),
        **forms,
    }
    return page(
        request,
        "same_donor",
        _("The same donor twice?"),
        status=422 if any(form.is_bound for form in forms.values()) else 200,
        kept=sides[0],
        gone=sides[1],
        sides=sides,
        shared=same_donor.speaks(merged.in_common(kept.pk, gone.pk)),
        said=said,
        may_merge=may and not kept.erased_at and not gone.erased_at,
        **shown,
    )


@action(MERGE)
def tell_apart(request: HttpRequest, ref: UUID, other: UUID) -> HttpResponse:
    """They are two: said for everybody, and suggested no more."""
    donor, second = _two(request, ref, other)
    form = ApartForm(request.POST, prefix="apart")
    if form.is_valid():
        try:
            done = services.tell_apart(
                ref=ref, other=other, by=access.by(request), reason=form.cleaned_data["reason"]
            )
        except DonorError as error:
            form.add_error(None, same_donor.refused(error.code))
        else:
            new = _("They are two. Nobody is asked about them again.")
            messages.success(request, new if done else _("That was said before."))
            return redirect("console:donor", ref=ref)
    return _compared(request, donor, second, apart_form=form)


@action(MERGE)
def take_back_apart(request: HttpRequest, ref: UUID, other: UUID) -> HttpResponse:
    """That they are two was a mistake, or is not sure: they may be suggested again."""
    _two(request, ref, other)
    if services.take_back_apart(ref=ref, other=other, by=access.by(request)):
        messages.success(request, _("It is taken back: they may be one again."))
    else:
        messages.info(request, _("It was taken back before."))
    return redirect("console:donor", ref=ref)


def _two(request: HttpRequest, ref: UUID, other: UUID) -> tuple[Donor, Donor]:
    visible = people.visible_donors(request, MERGE)
    return get_object_or_404(visible, ref=ref), get_object_or_404(visible, ref=other)
