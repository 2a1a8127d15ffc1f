"""The third step: a mail of the appeal to ourselves, as somebody else gets it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fundraise.audit.models import ChangeLine
from fundraise.console import access
from fundraise.console.appeals import doors, steps, trying
from fundraise.console.appeals.doors import VIEW, WRITE
from fundraise.console.appeals.trying import TryForm
from fundraise.console.guard import only
from fundraise.console.results import trial
from fundraise.console.views.appeal_steps import step_page
from fundraise.console.writing import people
from fundraise.staff import queries as staff
from fundraise.staff import rights
from mailings.appeals.models import Appeal, Content
from mailings.appeals.services import testing

TESTS_SHOWN = 10


@require_http_methods(["GET", "POST"])
@only(VIEW, post=WRITE)
def test(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Choose and mail a test; what was tested before stands below."""
    row = doors.found(request, ref, WRITE if request.method == "POST" else VIEW)
    contents, users = _contents(row), _users(row)
    choices: dict[str, Any] = {"contents": contents, "people": _people(request), "staff": users}
    if request.method == "GET":
        initial = {"once": trying.fresh(), "who": "anna", "to": [request.user.pk]}
        return _page(request, row, TryForm(initial=initial, **choices), contents)
    form = TryForm(request.POST, **choices)
    if form.is_valid() and _mailed(request, row, form, contents, users):
        return redirect("console:appeal_test", ref=ref)
    return _page(request, row, form, contents, status=422)


def _contents(row: Appeal) -> list[Content]:
    rows = Content.objects.select_related("variant").filter(
        variant__appeal=row, compiled_at__isnull=False
    )
    return list(rows.order_by("variant__letter", "-language"))


def _users(row: Appeal) -> list[User]:
    """Staff of the entity with an address: nobody else gets a test."""
    return list(staff.holders(VIEW, row.campaign.entity).exclude(email=""))


def _people(request: HttpRequest) -> list[tuple[str, str]]:
    made_up = [(code, str(said)) for code, (said, _record) in people.MADE_UP.items()]
    asked = request.GET.get("people") == "real"
    if not asked or not rights.may_somewhere(request.user, "donors.view"):
        return made_up
    return made_up + [(str(one.ref), f"{one.name}: {one.why}") for one in people.awkward(request)]


def _mailed(
    request: HttpRequest,
    row: Appeal,
    form: TryForm,
    contents: list[Content],
    users: list[User],
) -> bool:
    said = form.cleaned_data
    content = next(one for one in contents if str(one.pk) == said["content"])
    record = people.record(request, said["who"], row.campaign, content.language)
    if record is None:
        form.add_error("who", _("That person can't be shown any more. Choose another one."))
        return False
    chosen = [user for user in users if user.pk in said["to"]]
    sent = testing.send_test(content, record, chosen, by=access.by(request), once=said["once"])
    if sent:
        done = ngettext("%(n)d test is on its way.", "%(n)d tests are on their way.", sent)
        messages.success(request, done % {"n": sent})
    else:
        messages.info(request, _("That test was mailed already. Nothing was sent twice."))
    return True


def _page(
    request: HttpRequest,
    row: Appeal,
    form: TryForm,
    contents: list[Content],
    *,
    status: int = 200,
) -> HttpResponse:
    tests = ChangeLine.objects.filter(
        subject_type="appeal", subject_ref=str(row.ref), action=steps.TESTED
    )
    return step_page(
        request,
        row,
        steps.TEST,
        status=status,
        form=form,
        contents=contents,
        mark=testing.MARK,
        tests=tests.order_by("-at")[:TESTS_SHOWN],
        **trial.shown(row),
    )
