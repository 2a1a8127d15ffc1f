"""Keys of the API: a list, a form, and a page that shows a new key once."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise import clock
from fundraise.console import access
from fundraise.console.access_forms import KeyForm
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.keys import services
from fundraise.keys.models import ApiKey
from fundraise.staff import rights

REFUSALS = {
    "not_yours": gettext_lazy("You have not all of these rights for all of these legal entities."),
    "nothing_chosen": gettext_lazy("Choose at least one right and one legal entity."),
}


@only("keys.view", post="keys.manage")
def keys(request: HttpRequest) -> HttpResponse:
    """Every key that was made, those that open something first; a new one by the form."""
    assert isinstance(request.user, User)  # noqa: S101 - the guard let nobody else in
    form = KeyForm(rights.of(request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _made(request, request.user, form)
        except services.KeyRefused as refused:
            form.add_error(None, str(REFUSALS[refused.code]))
    status = 422 if form.errors else 200
    return page(request, "keys", _("Keys"), status=status, form=form, keys=_rows())


def _made(request: HttpRequest, maker: User, form: KeyForm) -> HttpResponse:
    made = services.make_key(
        maker,
        name=form.cleaned_data["name"],
        permissions=form.cleaned_data["permissions"],
        entities=list(form.cleaned_data["entities"]),
        expires_at=clock.real_now() + form.life,
    )
    return page(request, "key_made", _("The new key"), key=made.key, text=made.text)


def _rows() -> list[tuple[ApiKey, str]]:
    """Keys with their state in one word."""
    now = clock.real_now()
    found = ApiKey.objects.select_related("made_by").prefetch_related("entities").order_by("-pk")
    rows = [(key, _state(key, now)) for key in found[:200]]
    return sorted(rows, key=lambda row: row[1] != "live")


def _state(key: ApiKey, now: object) -> str:
    if key.ended_at is not None:
        return "ended"
    return "expired" if key.expires_at <= now else "live"  # type: ignore[operator]


@action("keys.manage", back="../../")
def end_key(request: HttpRequest, key: int) -> HttpResponse:
    """A key opens nothing from now on."""
    row = get_object_or_404(ApiKey, pk=key)
    if services.end_key(row.pk, by=access.by(request)):
        messages.success(request, _("The key opens nothing any more."))
    else:
        messages.info(request, _("The key was ended before."))
    return redirect("console:keys")
