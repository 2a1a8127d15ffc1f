"""A second person is asked: a list, and one page that says what follows and takes the answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise.console import access, actions, questions, sudo
from fundraise.console.forms import SecondForm
from fundraise.console.guard import only
from fundraise.console.paging import page_of
from fundraise.console.shell import page
from fundraise.staff import approvals, rights
from fundraise.staff.models import Approval

REFUND = "refund"


@require_GET
@only("refunds.view")
def seconds(request: HttpRequest) -> HttpResponse:
    """Open questions, the newest first, with who can answer each."""
    needs = request.GET.get("needs", "")
    found = page_of(request, _chosen(request, needs))
    mine = set(_mine(request).values_list("pk", flat=True))
    rows = [
        (one, questions.of(one), people, one.pk in mine)
        for one, people in approvals.who_may_each(found.rows)
    ]
    title = _("A second person is asked for")
    return page(request, "seconds", title, rows=rows, pages=found, needs=needs)


def _mine(request: HttpRequest) -> QuerySet[Approval]:
    return approvals.for_answer(rights.of(request.user), access.by(request))


def _chosen(request: HttpRequest, needs: str) -> QuerySet[Approval]:
    if needs == "me":
        return _mine(request)
    rows = access.scope(request, approvals.unanswered(), "refunds.view")
    if needs == "nobody":
        return rows.filter(pk__in=[one.pk for one in approvals.without_anybody()])
    return rows


@require_http_methods(["GET", "POST"])
@only("refunds.decide")
def second(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One question: what will happen, yes or no with a reason, or who answered it before."""
    rows = access.scope(request, Approval.objects.select_related("entity"), "refunds.decide")
    row = get_object_or_404(rows, ref=ref)
    if row.kind != REFUND:
        return redirect(questions.answer_url(row))  # whose answer needs a right of its own
    return answer_page(request, row)


def answer_page(request: HttpRequest, row: Approval) -> HttpResponse:
    """The question to who may answer it, and the answer that was sent."""
    form = SecondForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        again = sudo.asked(request) if form.cleaned_data["answer"] == "yes" else None
        return again or _answered(request, row, form)
    return page(
        request,
        "second",
        _("A second person is asked for"),
        status=422 if form.is_bound else 200,
        entity=row.entity_id,
        approval=row,
        question=questions.of(row),
        mine=row.asked_by == access.by(request),
        form=form,
    )


def _answered(request: HttpRequest, row: Approval, form: SecondForm) -> HttpResponse:
    said, question = form.cleaned_data, questions.of(row)
    try:
        if said["answer"] == "yes":
            question.say_yes(by=access.by(request), reason=said["reason"])
            messages.success(request, question.after_yes)
        else:
            question.say_no(by=access.by(request), reason=said["reason"])
            messages.success(request, question.after_no)
    except actions.Refused as refused:
        messages.error(request, refused.sentence)
    return redirect(questions.answer_url(row))
