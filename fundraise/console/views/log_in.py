"""The log-in: a password and a second factor, or a passkey alone. What failed is not said.

allauth keeps where somebody is on the way (its login stages); words, limits and pages are ours.
"""

from __future__ import annotations

import json

import structlog
from allauth.account.internal import flows
from allauth.account.internal.decorators import login_stage_required
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from fundraise import clock
from fundraise.console import addresses, guesses, letters, shell, sudo
from fundraise.console.log_in_forms import CodeForm, LogInForm, PasskeyForm
from fundraise.limits import services as limits
from fundraise.staff import accounts, factors, sessions

log = structlog.get_logger(__name__)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Name and password, or the button for a passkey."""
    target = addresses.next_of(request)
    if _is_in(request):
        return HttpResponseRedirect(target)
    form = LogInForm(request.POST or None)
    if request.method != "POST":
        return _log_in_page(request, form, target)
    if not limits.allow(request, "login"):
        return _too_many(request, form, target)
    if form.is_valid():
        name = form.cleaned_data["username"].strip()
        guess = guesses.begin(request, name)
        if guess is None:
            return _too_many(request, form, target, guesses.way_out())
        user = _whose(request, name, form.cleaned_data["password"])
        if user is not None:
            guess.was_right()
            login = Login(user=user, redirect_url=target)
            answer: HttpResponse = flows.login.perform_password_login(request, {}, login)
            return _noted(request, user, answer, "password")
        form.add_error(None, _("Name or password is not right."))
    return _log_in_page(request, form, target)


def _whose(request: HttpRequest, name: str, password: str) -> User | None:
    user = authenticate(request, username=name, password=password)
    if isinstance(user, User) and user.is_active and user.is_staff:
        return user
    found = next(iter(guesses.accounts_named(name)), None)
    if found is not None:
        accounts.note_failure(found, "password")
    log.warning("staff_login_failed", step="password")
    return None


@never_cache
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the app, a recovery code, or a passkey."""
    stage = request._login_stage  # type: ignore[attr-defined]
    user: User = stage.login.user
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        factor = _factor(user, form)
        if factor is not None:
            post_authentication(request, factor)
            answer: HttpResponse = stage.exit()
            return _noted(request, user, answer, str(factor.type))
    return _code_page(request, user, form)


def _factor(user: User, form: CodeForm) -> Authenticator | None:
    if not limits.take("login_code", f"user:{user.pk}", clock.real_now()):
        form.add_error(None, _("Too many tries. Wait some minutes and try again."))
        return None
    said = form.cleaned_data
    try:
        if said["passkey"]:
            return factors.check_passkey(user, json.loads(said["passkey"]))
        return factors.check_code(user, said["code"])
    except (factors.FactorError, ValueError) as error:
        accounts.note_failure(user, "second_factor")
        form.add_error("code", sudo.wrong(error))
        return None


@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """The challenge for a log-in by passkey, kept in the session: a row for each who asks."""
    if not limits.allow(request, "login_challenge"):
        return JsonResponse({}, status=429)
    return JsonResponse(factors.passkey_options(None))


@never_cache
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """A log-in by passkey alone: it has asked its owner for a finger, a face or a number."""
    target = addresses.next_of(request)
    if _is_in(request):
        return HttpResponseRedirect(target)
    form, name_form = PasskeyForm(request.POST), LogInForm()
    if not limits.allow(request, "login"):
        return _too_many(request, name_form, target)
    factor = _passkey(form)
    if factor is None:
        said = _("The passkey was not taken. Try again, or log in with your password.")
        return _log_in_page(request, name_form, target, said=said)
    user: User = factor.user
    login = Login(user=user, redirect_url=target)
    answer: HttpResponse = perform_passwordless_login(request, factor, login)
    return _noted(request, user, answer, "passkey")


def _passkey(form: PasskeyForm) -> Authenticator | None:
    if not form.is_valid():
        return None
    try:
        factor = factors.check_passkey(None, json.loads(form.cleaned_data["passkey"]))
    except (factors.FactorError, ValueError):
        log.warning("staff_login_failed", step="passkey")
        return None
    user: User = factor.user
    return factor if user.is_active and user.is_staff else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """Show once more who is here, before a page that wants it."""
    target = addresses.next_of(request)
    if not _is_in(request) or (request.method != "POST" and sudo.fresh(request)):
        return HttpResponseRedirect(target)
    form = sudo.AgainForm(request.POST if "again" in request.POST else None)
    if form.is_bound and sudo.prove(request, form):
        return HttpResponseRedirect(target)
    return sudo.again_page(request, form, request.get_full_path())


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """The session is gone; the log-in is shown."""
    if isinstance(request.user, User):
        sessions.forget(request)
    flows.logout.logout(request)
    return HttpResponseRedirect(addresses.LOG_IN)


def _is_in(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_active and request.user.is_staff


def _noted(request: HttpRequest, user: User, answer: HttpResponse, how: str) -> HttpResponse:
    """When this was the last step: write it down, know the browser, tell of a new one."""
    if _is_in(request):
        accounts.note(user, "staff.login", how=how)
        if how == factors.RECOVERY:
            accounts.note(user, "staff.recovery_code.used", left=factors.codes_left(user))
            letters.recovery_code_used(user)
        elif not guesses.is_known(request, user):
            letters.new_browser(user)
        guesses.remember(request, answer, user)
    return answer


def _too_many(
    request: HttpRequest, form: LogInForm, target: str, way_out: str = ""
) -> HttpResponse:
    said = way_out or _("Too many tries. Wait some minutes and try again.")
    return _log_in_page(request, form, target, said=said, status=429)


def _log_in_page(
    request: HttpRequest, form: LogInForm, target: str, *, said: str = "", status: int = 200
) -> HttpResponse:
    return shell.outside(
        request, "log_in", _("Log in"), status=status, form=form, target=target, said=said
    )


def _code_page(request: HttpRequest, user: User, form: CodeForm) -> HttpResponse:
    kinds = {factor.type for factor in factors.listed(user)}
    options = factors.passkey_options(user) if factors.PASSKEY in kinds else None
    return shell.outside(
        request,
        "code",
        _("The second step"),
        form=form,
        by_app=factors.TOTP_TYPE in kinds,
        passkey=json.dumps(options) if options else "",
    )
