"""Staff accounts: who there is, with which roles; invite, give and end roles, end, reset."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fundraise.console import access, letters
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.staff_forms import InviteForm, RoleForm, WhyForm
from fundraise.staff import accounts, factors, services
from fundraise.staff.models import RoleHeld
from fundraise.staff.services import StaffError

REFUSED = {
    "own_role": gettext_lazy("Nobody changes their own roles. Ask another administrator."),
    "own_account": gettext_lazy("Your own log-in is changed under “My log-in”."),
    "last_admin": gettext_lazy("Nobody else is an administrator. Give the role to somebody first."),
    "taken": gettext_lazy("There is an account with that address already."),
}


def _people() -> QuerySet[User]:
    held = RoleHeld.objects.filter(ended_at=None).select_related("entity").order_by("pk")
    real = Authenticator.objects.filter(user=OuterRef("pk"), type__in=factors.REAL)
    return (
        User.objects.filter(is_staff=True)
        .annotate(second_factor=Exists(real))
        .prefetch_related(Prefetch("roles_held", held, to_attr="roles_now"))
        .order_by("-is_active", "first_name", "last_name", "pk")
    )


@require_GET
@only("staff.view")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, those who left last."""
    return page(request, "staff", _("Staff"), people=_people())


@require_GET
@only("staff.view")
def person(request: HttpRequest, key: int) -> HttpResponse:
    """One member of staff."""
    return _page(request, key)


def _page(
    request: HttpRequest,
    key: int,
    *,
    status: int = 200,
    role_form: RoleForm | None = None,
    why_form: WhyForm | None = None,
) -> HttpResponse:
    who = get_object_or_404(_people(), pk=key)
    return page(
        request,
        "staff_person",
        who.get_full_name() or who.get_username(),
        status=status,
        who=who,
        me=who.pk == request.user.pk,
        ended=RoleHeld.objects.filter(user=who).exclude(ended_at=None).select_related("entity"),
        role_form=role_form or RoleForm(),
        why_form=why_form or WhyForm(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only("staff.manage")
def invite(request: HttpRequest) -> HttpResponse:
    """Somebody new: an account, a first role, and a mail with a link."""
    form = InviteForm(request.POST if "email" in request.POST else None)
    if form.is_valid():
        try:
            who = _invite(form, by=access.by(request))
        except StaffError as error:
            form.add_error("email", str(REFUSED[error.code]))
        else:
            messages.success(request, _("Invited. The link in the mail works for three days."))
            return redirect("console:person", key=who.pk)
    status = 422 if form.is_bound else 200
    return page(request, "staff_invite", _("Invite somebody"), status=status, form=form)


@transaction.atomic
def _invite(form: InviteForm, by: str) -> User:
    said = form.cleaned_data
    who = accounts.invite(said["name"], said["email"], by=by)
    services.give_role(
        who, said["role"], said["entity"], with_districts=said["with_districts"], by=by
    )
    letters.invited(who)
    return who


@action("staff.manage")
def invite_again(request: HttpRequest, key: int) -> HttpResponse:
    """Another link, for somebody who has not set up their log-in; the first one dies."""
    get_object_or_404(User, pk=key, is_staff=True, is_active=True)
    with transaction.atomic():
        who = accounts.renew_link(key, by=access.by(request))
        if not who.has_usable_password():
            letters.invited(who)
            messages.success(request, _("A new link is on its way. The old one no longer works."))
        else:
            messages.info(request, _("They have set a password already."))
    return redirect("console:person", key=key)


@action("staff.manage")
def give_role(request: HttpRequest, key: int) -> HttpResponse:
    """A role for a legal entity."""
    who = get_object_or_404(User, pk=key, is_staff=True)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _page(request, key, status=422, role_form=form)
    said = form.cleaned_data
    try:
        services.give_role(
            who,
            said["role"],
            said["entity"],
            with_districts=said["with_districts"],
            by=access.by(request),
        )
    except StaffError as error:
        messages.error(request, str(REFUSED[error.code]))
    else:
        messages.success(request, _("The role is given."))
    return redirect("console:person", key=key)


@action("staff.manage", back="../../")
def end_role(request: HttpRequest, key: int, held: int) -> HttpResponse:
    """A role is taken back."""
    found = get_object_or_404(RoleHeld, pk=held, user_id=key)
    try:
        done = services.end_role(found.pk, by=access.by(request))
    except StaffError as error:
        messages.error(request, str(REFUSED[error.code]))
    else:
        messages.success(request, _("The role is ended.") if done else _("It had ended already."))
    return redirect("console:person", key=key)


@action("staff.manage")
def end_account(request: HttpRequest, key: int) -> HttpResponse:
    """Somebody leaves."""
    said = _("The account is ended, and logged out everywhere.")
    return _because(request, key, accounts.end, said)


@action("staff.manage")
def take_up(request: HttpRequest, key: int) -> HttpResponse:
    """Somebody comes back."""
    return _because(request, key, accounts.take_up, _("The account lets its owner in again."))


@action("staff.manage")
def reset(request: HttpRequest, key: int) -> HttpResponse:
    """Somebody lost their second factor: the log-in is set up anew by a link."""

    def done(user_id: int, *, by: str, reason: str) -> bool:
        letters.factors_reset(accounts.reset(user_id, by=by, reason=reason))
        return True

    said = _("The log-in is reset, and a link is on its way to its owner.")
    return _because(request, key, done, said)


def _because(request: HttpRequest, key: int, act: Callable[..., bool], said: str) -> HttpResponse:
    get_object_or_404(User, pk=key, is_staff=True)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _page(request, key, status=422, why_form=form)
    try:
        with transaction.atomic():
            done = act(key, by=access.by(request), reason=form.cleaned_data["reason"])
    except StaffError as error:
        messages.error(request, str(REFUSED[error.code]))
    else:
        messages.success(request, said if done else _("It was so already."))
    return redirect("console:person", key=key)
