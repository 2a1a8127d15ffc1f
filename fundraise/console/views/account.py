"""One's own log-in: second factors, recovery codes, password, and where one is logged in."""

from __future__ import annotations

import json
from typing import Any, cast

import segno
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fundraise.console import access, letters, shell, sudo
from fundraise.console.factor_forms import AppForm, NewPasskeyForm
from fundraise.console.guard import logged_in, staff_page
from fundraise.console.log_in_forms import PasswordForm
from fundraise.staff import accounts, factors, sessions

SECRET = "staff_new_secret"  # noqa: S105 - where the session keeps a sealed secret on its way


def _me(request: HttpRequest) -> User:
    return cast("User", request.user)


@require_GET
@staff_page
def account(request: HttpRequest) -> HttpResponse:
    """What lets me in, and where I am logged in."""
    user = _me(request)
    mine = list(factors.listed(user))
    return shell.page(
        request,
        "account",
        _("My log-in"),
        factors=mine,
        has_app=any(factor.type == factors.TOTP_TYPE for factor in mine),
        codes_left=factors.codes_left(user),
        sessions=sessions.listed(user),
        here=request.session.session_key,
    )


@require_GET
@logged_in
def second_factor(request: HttpRequest) -> HttpResponse:
    """Who has no second factor chooses one before anything else."""
    if factors.has_one(_me(request)):
        return redirect("console:account")
    return shell.outside(request, "second_factor", _("Choose your second factor"))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@logged_in
@sudo.sudo
def add_app(request: HttpRequest) -> HttpResponse:
    """An app that shows codes: scan, write the code that it shows, keep the recovery codes."""
    user = _me(request)
    form = AppForm(request.POST if "code" in request.POST else None)
    secret = _secret(request, anew=not form.is_bound)
    if form.is_valid():
        try:
            codes = factors.add_app(user, secret, form.cleaned_data["code"], by=access.by(request))
        except factors.FactorError as error:
            form.add_error("code", _refused(error))
        else:
            request.session.pop(SECRET, None)
            return _added(request, codes, _("The app is in use."))
    address = get_adapter().build_totp_url(user, secret)
    return _framed(
        request,
        "add_app",
        _("Add an app"),
        form=form,
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        address=address,
        picture=segno.make(address).svg_data_uri(scale=5, border=4, light="#fff"),
    )


def _secret(request: HttpRequest, *, anew: bool) -> str:
    """The secret on its way into an app, sealed in the session until it has shown a right code."""
    kept = request.session.get(SECRET)
    if kept and not anew:
        return str(get_adapter().decrypt(kept))
    fresh = factors.new_secret()
    request.session[SECRET] = get_adapter().encrypt(fresh)
    return fresh


def _refused(error: factors.FactorError) -> str:
    if error.code == "there_is_one":
        return _("There is an app already. Take it away first to use another one.")
    return sudo.wrong(error)


@require_http_methods(["GET", "HEAD", "POST"])
@logged_in
@sudo.sudo
def add_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey of this device, of a telephone or of a security key."""
    user = _me(request)
    form = NewPasskeyForm(request.POST if "passkey" in request.POST else None)
    if form.is_valid():
        name = form.cleaned_data["name"] or _("Passkey")
        try:
            answer = json.loads(form.cleaned_data["passkey"])
            codes = factors.add_passkey(user, name, answer, by=access.by(request))
        except (factors.FactorError, ValueError):
            form.add_error(None, _("The passkey was not taken. Try again."))
        else:
            return _added(request, codes, _("The passkey is in use."))
    options = json.dumps(factors.new_passkey_options(user))
    return _framed(request, "add_passkey", _("Add a passkey"), form=form, passkey=options)


def _added(request: HttpRequest, codes: list[str], said: str) -> HttpResponse:
    """Adding a factor shows it here; a session elsewhere may be somebody's who has the password."""
    user = _me(request)
    record_authentication(request, user, "mfa")
    sessions.end(user, by=access.by(request), but=request.session.session_key)
    letters.factor_added(user)
    messages.success(request, said)
    return _codes_page(request, codes) if codes else redirect("console:account")


@require_POST
@staff_page
@sudo.sudo
def remove_factor(request: HttpRequest, key: int) -> HttpResponse:
    """Take an app or a passkey away, as long as another one is left."""
    user = _me(request)
    try:
        removed = factors.remove(user, key, by=access.by(request))
    except factors.FactorError:
        messages.error(request, _("It is your only second factor. Add another one first."))
    else:
        if removed:
            letters.factor_removed(user)
        messages.success(request, _("It no longer lets anybody in."))
    return redirect("console:account")


@require_POST
@staff_page
@sudo.sudo
def new_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown in this answer and never again."""
    user = _me(request)
    codes = factors.new_recovery_codes(user, by=access.by(request))
    letters.codes_made(user)
    return _codes_page(request, codes)


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return _framed(request, "codes", _("Your recovery codes"), codes=codes)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
@sudo.sudo
def password(request: HttpRequest) -> HttpResponse:
    """Another password; every other session ends with the old one."""
    user = _me(request)
    form = PasswordForm(user, request.POST if "password" in request.POST else None)
    if form.is_valid():
        changed = accounts.set_password(
            user.pk, form.cleaned_data["password"], by=access.by(request)
        )
        update_session_auth_hash(request, changed)
        sessions.moved(request, changed)
        letters.password_changed(changed)
        messages.success(request, _("The password is changed. Other sessions have ended."))
        return redirect("console:account")
    return shell.page(request, "password", _("Change the password"), form=form)


@require_POST
@staff_page
def end_session(request: HttpRequest) -> HttpResponse:
    """End one session of mine, or all others."""
    chosen = request.POST.get("session", "")
    here = request.session.session_key
    pk = int(chosen) if chosen.isascii() and chosen.isdigit() else None
    ended = sessions.end(_me(request), by=access.by(request), pk=pk, but=here)
    messages.success(request, _("Ended.") if ended else _("It had ended already."))
    return redirect("console:account")


def _framed(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    """A page of the set-up: without the menu as long as the menu leads nowhere."""
    show = shell.page if factors.has_one(_me(request)) else shell.outside
    return show(request, template, title, **context)
