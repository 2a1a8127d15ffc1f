"""/staff/go-live/: what is left before live gifts, and the act that lets them begin."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise.console import access
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.ops.golive import queries, services
from fundraise.ops.golive.line import Line, State

SIGNED_FOR = timedelta(days=90)


@require_GET
@only("golive.view")
def show(request: HttpRequest) -> HttpResponse:
    """Every line as it stands; looks again by itself while one is being asked."""
    stand = queries.standings()
    asking = any(one.state == State.ASKING for one in stand)
    return page(
        request,
        "go_live",
        _("Going live"),
        stand=stand,
        asking=asking,
        left=sum(not one.passes for one in stand),
        opening=queries.opening(),
        live=settings.LIVE,
        mode=settings.MODE,
        till=(queries.today() + SIGNED_FOR).isoformat(),
    )


@action("golive.test", back="../../")
def test(request: HttpRequest, key: str) -> HttpResponse:
    """Have a line asked."""
    services.begin(_line(key), by=access.by(request))
    return _back(key)


@action("golive.test")
def test_all(request: HttpRequest) -> HttpResponse:
    """Have every line asked that needs nobody's eyes."""
    for line in queries.lines():
        if line.ask and line.watched:
            services.begin(line, by=access.by(request))
    return redirect("ops:go_live")


@action("golive.test", back="../../")
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Take the code, or the fingerprints, that a person typed."""
    line = _line(key)
    try:
        result = services.confirm(line, request.POST.get("typed", ""), by=access.by(request))
    except services.Refused:
        messages.error(request, _("No code has been sent. Test the line first."))
        return _back(key)
    if result.state == State.GREEN:
        messages.success(request, _("That is it. The line is in order."))
    elif result.code == "wrong_code":
        messages.error(request, _("That is not the code that was sent. Look at the newest mail."))
    return _back(key)


@action("golive.sign", back="../../")
def sign(request: HttpRequest, key: str) -> HttpResponse:
    """Answer for a line that is not green."""
    line = _line(key)
    reason, day = request.POST.get("reason", ""), _day(request.POST.get("valid_till", ""))
    try:
        if day is None:
            raise services.Refused("bad_day")
        about = request.POST.get("about", "")
        services.sign(line, about=about, reason=reason, valid_till=day, by=access.by(request))
    except services.Refused as refused:
        messages.error(request, _sentence(refused.code))
        return _back(key)
    messages.success(request, _("Signed. The line counts as done until %(day)s.") % {"day": day})
    return _back(key)


@action("golive.sign")
def open_house(request: HttpRequest) -> HttpResponse:
    """Let live gifts begin."""
    try:
        services.open_house(by=access.by(request))
    except services.Refused as refused:
        messages.error(request, _sentence(refused.code))
    else:
        messages.success(request, _("The house is open: gifts are real from now on."))
    return redirect("ops:go_live")


def _line(key: str) -> Line:
    line = queries.line_named(key)
    if line is None:
        raise Http404
    return line


def _back(key: str) -> HttpResponse:
    response = redirect("ops:go_live")
    response["Location"] += f"#{key}"
    return response


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _sentence(code: str) -> str:
    return {
        "no_reason": _("Write why the line may stand as it is."),
        "bad_day": _("Give a day from today on, a year ahead at most."),
        "another_answer": _("The line has answered something else since. Look at it again."),
        "is_green": _("The line is in order and needs no signature."),
        "not_ready": _("Not every line is in order or signed. Nothing was opened."),
        "not_live": _("This is not live mode: there is nothing to open."),
    }[code]
