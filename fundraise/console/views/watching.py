"""Who of the staff is told of a campaign: large gifts, milestones, the week's figures."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fundraise.campaigns.models import Campaign
from fundraise.console import access
from fundraise.console.fields import KronorField
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.staff import queries as staff
from mailings.attribution import telling
from mailings.attribution.errors import AttributionError
from mailings.attribution.models import Watcher

VIEW, WRITE = "appeals.view", "appeals.write"
REFUSED = {
    "no_right": gettext_lazy("That person may not see the appeals of this campaign."),
    "no_address": gettext_lazy("That person has no e-mail address."),
}


class WatchForm(forms.Form):
    """One of the staff, and what they are told."""

    user = forms.ModelChoiceField(
        label=gettext_lazy("Who"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose …"),
    )
    large_gift_ore = KronorField(
        label=gettext_lazy("Each gift from this sum, kronor"),
        required=False,
        help_text=gettext_lazy("A task and a mail, so that somebody says thank you. Empty: none."),
    )
    milestones = forms.BooleanField(
        label=gettext_lazy("A quarter, half, three quarters and all of the goal"), required=False
    )
    weekly = forms.BooleanField(
        label=gettext_lazy("The week's figures, on Mondays"), required=False
    )

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        may = staff.holders(VIEW, campaign.entity).exclude(email="")
        self.fields["user"].queryset = may  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@only(VIEW, post=WRITE)
def watchers(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Who is told what; the form adds somebody, changes it, or with nothing chosen ends it."""
    row = access.found(
        request,
        Campaign.objects.select_related("entity"),
        WRITE if request.method == "POST" else VIEW,
        "entity",
        ref=ref,
    )
    form = WatchForm(request.POST or None, campaign=row, initial={"milestones": True})
    if request.method == "POST" and form.is_valid() and _watched(request, row, form):
        return redirect("console:watchers", ref=ref)
    return page(
        request,
        "watchers",
        _("Who is told of the campaign"),
        status=422 if form.is_bound else 200,
        entity=row.entity_id,
        campaign=row,
        form=form,
        rows=Watcher.objects.filter(campaign=row).select_related("user").order_by("pk"),
    )


def _watched(request: HttpRequest, row: Campaign, form: WatchForm) -> bool:
    said = form.cleaned_data
    try:
        kept = telling.watch(campaign=row, by=access.by(request), **said)
    except AttributionError as error:
        form.add_error("user", REFUSED[error.code])
        return False
    done = (
        _("Saved. It is told from now on.") if kept else _("Nothing more is told to that person.")
    )
    messages.success(request, done)
    return True


@action(VIEW, back="../../../")
def do_task(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One of my own tasks is done."""
    if telling.done(ref, cast("User", request.user)):
        messages.success(request, _("Done."))
    return redirect("console:front")
