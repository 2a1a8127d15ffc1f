"""Rules of matching: in their order, tried on what was decided, changed by a new version."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fundraise import clock
from fundraise.console import access, log_words
from fundraise.console.guard import action, only
from fundraise.console.shell import page
from fundraise.console.treasury.forms import RuleForm
from fundraise.reconciliation import rules as matching_rules
from fundraise.reconciliation import trials
from fundraise.reconciliation.models import Proposal, Rule, RuleVersion
from fundraise.reconciliation.trials import RuleError

VIEW, CHANGE = "statements.view", "match_rules.change"
TRIED_BACK = timedelta(days=90)
REFUSED = {
    "mode": gettext_lazy("Choose what the rule does."),
    "no_trial": gettext_lazy("Try it first: the trial may be a week old at most."),
    "conflicts": gettext_lazy("The trial found lines that were decided otherwise. It stays."),
    "same": gettext_lazy("That is what the rule does already."),
    "never_auto": gettext_lazy("What it finds is likely at most: the rule can only suggest."),
    "asked_already": gettext_lazy("A second person is asked already. Their answer comes first."),
}


def _rules(request: HttpRequest, permission: str) -> Any:
    rows = Rule.objects.select_related("entity").order_by("entity__name", "entity", "position")
    return access.scope(request, rows, permission)


@require_GET
@only(VIEW)
def match_rules(request: HttpRequest) -> HttpResponse:
    """All rules, as they count now."""
    rules = list(_rules(request, VIEW))
    newest: dict[int, RuleVersion] = {}
    for version in RuleVersion.objects.filter(rule__in=rules).order_by("number"):
        newest[version.rule_id] = version
    return page(
        request,
        "treasury/rules",
        _("Rules of matching"),
        rules=[(rule, matching_rules.titled(rule), newest[rule.pk]) for rule in rules],
    )


def _found(request: HttpRequest, ref: UUID, permission: str) -> Rule:
    return access.found(request, Rule.objects.select_related("entity"), permission, ref=ref)


@require_GET
@only(VIEW)
def match_rule(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One rule: what it does, its versions and its trials."""
    return _page(request, _found(request, ref, VIEW))


def _page(request: HttpRequest, row: Rule, status: int = 200, **more: Any) -> HttpResponse:
    versions = list(row.versions.order_by("-number"))
    asked = Proposal.objects.filter(subject=f"match_rule:{row.ref}", state=Proposal.State.ASKED)
    context = {
        "row": row,
        "now": versions[0],
        "versions": versions,
        "trials": row.trials.order_by("-pk")[:10],
        "asked": asked.first(),
        "form": RuleForm(initial={"mode": versions[0].mode}),
        "changes": log_words.changes_of("match_rule", row.ref),
    }
    return page(
        request, "treasury/rule", matching_rules.titled(row),
        status=status, entity=row.entity_id, **{**context, **more},
    )  # fmt: skip


@action(CHANGE)
def try_rule(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What the rule would have done of itself with the lines of the last ninety days."""
    row = _found(request, ref, CHANGE)
    today = clock.today()
    trial = trials.try_rule(
        row,
        mode=RuleVersion.Mode.AUTO,
        settings=_newest(row).settings,
        from_day=today - TRIED_BACK,
        to_day=today,
        by=access.by(request),
    )
    counted = {"would": trial.would_match, "all": trial.looked_at, "conflicts": trial.conflicts}
    if trial.would_match:
        said = _(
            "It would have matched %(would)s of %(all)s lines, %(conflicts)s of them otherwise."
        )
        messages.success(request, said % counted)
    else:
        said = _("None of %(all)s lines is one that it matches: no earlier decision to judge by.")
        messages.warning(request, said % counted)
    return redirect("console:match_rule", ref=ref)


@action(CHANGE)
def switch_rule(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Another mode: the safer way at once, the other way when a second person agrees."""
    row, form = _found(request, ref, CHANGE), RuleForm(request.POST)
    if not form.is_valid():
        return _page(request, row, 422, form=form)
    typed = form.cleaned_data
    try:
        done = trials.switch(
            row, mode=typed["mode"], settings=_newest(row).settings, by=access.by(request),
            why=typed["why"],
        )  # fmt: skip
    except RuleError as error:
        form.add_error(None, str(REFUSED.get(error.code, REFUSED["asked_already"])))
        return _page(request, row, 409, form=form)
    if isinstance(done, Proposal):
        messages.success(request, _("A second person is asked. Until then the rule stays."))
    else:
        messages.success(request, _("The rule is changed."))
    return redirect("console:match_rule", ref=ref)


def _newest(rule: Rule) -> RuleVersion:
    return rule.versions.order_by("-number")[:1].get()
