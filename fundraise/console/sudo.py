"""Sudo mode: who does something dangerous shows once more who they are, if that was long ago.

A log-in is enough for settings.SUDO_MINUTES. After that, a page that is opened leads to a page of
its own and back; something that is done is asked about in place, with what was typed carried along
in the form, so that nothing is lost and nothing is kept. A file can't be carried: it is chosen
anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.base.internal.flows import post_authentication
from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise import clock
from fundraise.console import shell
from fundraise.limits import services as limits
from fundraise.staff import accounts, factors

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
OURS = {"csrfmiddlewaretoken", "again", "again_code", "again_password", "again_passkey"}


class AgainForm(forms.Form):
    """A code, a password or a passkey: one is enough."""

    again_code = forms.CharField(
        label=gettext_lazy("Code from your app, or a recovery code"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    again_password = forms.CharField(
        label=gettext_lazy("Or your password"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    again_passkey = forms.CharField(required=False, widget=forms.HiddenInput)


def fresh(request: HttpRequest) -> bool:
    """Whether who is here showed it within settings.SUDO_MINUTES."""
    records = get_authentication_records(request, request.user)
    if not records:
        return False
    age = clock.real_now().timestamp() - float(records[-1]["at"])
    return bool(0 <= age < settings.SUDO_MINUTES * 60)


def second_shown(request: HttpRequest) -> bool:
    """Whether a second factor was shown in this session, not only set up by somebody."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def sudo(view: View[P]) -> View[P]:
    """Only for who showed just now that it is them. Stands inside a guard that knows who it is."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return asked(request) or view(request, *args, **kwargs)

    return guarded


def asked(request: HttpRequest) -> HttpResponse | None:
    """What is answered instead, or None when it may go on.

    For views where the danger depends on the case: `if again := sudo.asked(request): return again`.
    """
    if fresh(request):
        return None
    if request.method != "POST":
        return HttpResponseRedirect(_elsewhere(request.get_full_path()))
    form = AgainForm(request.POST if "again" in request.POST else None)
    if form.is_bound and prove(request, form):
        return None
    return again_page(request, form, request.get_full_path())


def prove(request: HttpRequest, form: AgainForm) -> bool:
    """Whether the form shows who is here; what is wrong with it is said at its field."""
    user = request.user
    if not isinstance(user, User) or not form.is_valid():
        return False
    if not limits.take("login_code", f"user:{user.pk}", clock.real_now()):
        form.add_error(None, _("Too many tries. Wait some minutes and try again."))
        return False
    how = _shown(request, user, form)
    if how:
        accounts.note(user, "staff.sudo", how=how)
    return bool(how)


def _shown(request: HttpRequest, user: User, form: AgainForm) -> str:
    said = form.cleaned_data
    try:
        if said["again_passkey"]:
            factor = factors.check_passkey(user, json.loads(said["again_passkey"]))
        elif said["again_code"]:
            factor = factors.check_code(user, said["again_code"])
        else:
            return _by_password(request, user, form)
    except (factors.FactorError, ValueError) as error:
        form.add_error("again_code", wrong(error))
        return ""
    post_authentication(request, factor, reauthenticated=True)
    return str(factor.type)


def _by_password(request: HttpRequest, user: User, form: AgainForm) -> str:
    if not user.check_password(form.cleaned_data["again_password"]):
        form.add_error("again_password", _("That is not right. Try again."))
        return ""
    record_authentication(request, user, "password", reauthenticated=True)
    return "password"


def wrong(error: Exception) -> str:
    """What to do about a code or a passkey that was not taken."""
    if isinstance(error, factors.FactorError) and error.code == "used":
        return _("That code has been used. Wait for the next one.")
    return _("That is not right. Try again.")


def again_page(request: HttpRequest, form: AgainForm, action: str) -> HttpResponse:
    """Ask who is here, with what was posted carried along."""
    user = request.user
    has_passkey = any(factor.type == factors.PASSKEY for factor in factors.listed(user))  # type: ignore[arg-type]
    context: dict[str, Any] = {
        "form": form,
        "action": _elsewhere(request.path) if request.FILES else action,
        "carried": [] if request.FILES else _carried(request),
        "lost_file": bool(request.FILES),
        "passkey": json.dumps(factors.passkey_options(user)) if has_passkey else "",  # type: ignore[arg-type]
    }
    return shell.outside(request, "again", _("Show that it is you"), status=403, **context)


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    if request.path == reverse("account_reauthenticate"):
        return []
    lists = request.POST.lists()
    return [(name, str(one)) for name, many in lists if name not in OURS for one in many]


def _elsewhere(path: str) -> str:
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': path})}"
