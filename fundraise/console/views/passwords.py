"""Setting a password by a link from a mail: the first one, or a new one for a forgotten one."""

from __future__ import annotations

from allauth.account.internal import flows
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from fundraise import clock
from fundraise.console import addresses, letters, shell
from fundraise.console.log_in_forms import AddressForm, PasswordForm
from fundraise.limits import services as limits
from fundraise.staff import accounts, links


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether there is such an account or not."""
    form = AddressForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return shell.outside(request, "forgotten", _("Forgotten password"), form=form)
    address = form.cleaned_data["email"].strip().lower()
    allowed = limits.allow(request, "login")
    if not allowed:
        form.add_error(None, _("Too many tries. Wait some minutes and try again."))
        return shell.outside(request, "forgotten", _("Forgotten password"), form=form, status=429)
    if limits.take("login_link", address, clock.real_now()):
        _send_link(address)
    return shell.outside(request, "forgotten_sent", _("Look in your mail"))


def _send_link(address: str) -> None:
    """To each active account with this address; a set-up link when it has no password yet."""
    for user in User.objects.filter(email__iexact=address, is_active=True, is_staff=True):
        if user.has_usable_password():
            letters.forgot_password(user)
            accounts.note_link(user)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest) -> HttpResponse:
    """The page behind the link. Opening it changes nothing; the button uses the link up."""
    key = request.POST.get("key") or request.GET.get("key", "")
    try:
        user, kind = links.opened(key)
    except links.LinkError:
        return _dead(request)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _set(request, key, form.cleaned_data["password"])
    first = kind == links.SETUP
    title = _("Welcome") if first else _("Choose a new password")
    return shell.outside(request, "set_password", title, form=form, key=key, first=first)


def _set(request: HttpRequest, key: str, password: str) -> HttpResponse:
    try:
        changed, kind = accounts.use_link(key, password)
    except links.LinkError:
        return _dead(request)
    letters.password_changed(changed)
    if kind == links.PASSWORD:
        messages.success(request, _("The password is changed. Log in with it."))
        return redirect("account_login")
    flows.logout.logout(request)
    record_authentication(request, changed, "password")
    login = Login(user=changed, redirect_url=addresses.within(""))
    answer: HttpResponse = flows.login.perform_login(request, login)
    if request.user.is_authenticated:
        accounts.note(changed, "staff.login", how="setup")
    return answer


def _dead(request: HttpRequest) -> HttpResponse:
    return shell.outside(request, "link_dead", _("The link no longer works"), status=410)
