"""Attacks on the donation page: what is seen of them, and the switch that closes card gifts."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fundraise.console import access
from fundraise.console.fields import names_nobody
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.providers import pausing, standing
from fundraise.providers.models import Account
from fundraise.staff import rights

GIVERS_SHOWN = 50


class CloseForm(forms.Form):
    """Why card gifts are closed: the log keeps it, no giver sees it."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=pausing.LONGEST_REASON,
        help_text=gettext_lazy("Kept in the change log. No giver sees it. Write no names."),
        validators=[names_nobody],
    )


@require_GET
@only("defence.view")
def defence(request: HttpRequest) -> HttpResponse:
    """How each account stands, hour by hour, and the real givers whose bank said no."""
    return _page(request, CloseForm(auto_id="id_%s"))


def _page(request: HttpRequest, form: CloseForm, status: int = 200) -> HttpResponse:
    givers = standing.declined_givers(rights.entities(request.user, "gifts.view"))
    standings, house = standing.now(), pausing.standing().filter(account=None).first()
    return page(
        request,
        "defence",
        _("Attacks"),
        status=status,
        standings=standings,
        house=house,
        closable=house is None and any(one.pause is None for one in standings),
        givers=givers[:GIVERS_SHOWN],
        form=form,
    )


@action("defence.switch")
def close(request: HttpRequest) -> HttpResponse:
    """Close card gifts of one account, or of the whole house."""
    form, account = CloseForm(request.POST), _account(request)
    if not form.is_valid():
        return _page(request, form, status=422)
    if pausing.pause(account, reason=form.cleaned_data["reason"], by=access.by(request)):
        messages.success(request, _("Card gifts are closed, and open pages are being closed."))
    else:
        messages.info(request, _("They were closed before."))
    return redirect("console:defence")


@action("defence.switch")
def open_again(request: HttpRequest) -> HttpResponse:
    """Open them again."""
    if pausing.resume(_account(request), by=access.by(request)):
        messages.success(request, _("Card gifts are open again."))
    else:
        messages.info(request, _("They were not closed."))
    return redirect("console:defence")


def _account(request: HttpRequest) -> Account | None:
    """The account, or None for the whole house, which must be said and never follows from less."""
    key = request.POST.get("account", "")
    if key == "house":
        return None
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0
    return get_object_or_404(Account, pk=number)
