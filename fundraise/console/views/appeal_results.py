"""What appeals brought: over all of them, of one, and its trial of versions."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise.campaigns.models import Thermometer
from fundraise.console import access
from fundraise.console.appeals import doors, steps
from fundraise.console.appeals.doors import VIEW, WRITE
from fundraise.console.guard import only
from fundraise.console.results import compared, curve, figures, trial, whole
from fundraise.console.results.trial import TrialForm
from fundraise.console.shell import page
from mailings.appeals.models import Appeal
from mailings.appeals.services import trying
from mailings.attribution import results, touching

MOST = 50


@require_GET
@only(VIEW)
def all_results(request: HttpRequest) -> HttpResponse:
    """The last appeals with what each brought, the most kronor first; of a campaign when named."""
    mine = access.scope(request, doors.every(), VIEW, doors.PATH)
    rows = mine.filter(started_at__isnull=False).exclude(kind=Appeal.Kind.JOURNEY)
    if slug := request.GET.get("campaign", ""):
        rows = rows.filter(campaign__slug=slug)
    appeals = list(rows.order_by("-started_at")[:MOST])
    brought = results.totals([row.pk for row in appeals])
    pairs = [(row, brought[row.pk]) for row in appeals]
    pairs.sort(key=lambda pair: (-pair[1].received_ore, -pair[0].pk))
    campaign = appeals[0].campaign if slug and appeals else None
    most = max((one.received_ore for _row, one in pairs), default=0)
    return page(
        request,
        "appeals/results",
        _("What appeals brought"),
        rows=[
            (row, one, _length(one.received_ore, most), figures.links(row)) for row, one in pairs
        ],
        campaign=campaign,
        rest=whole.rest(campaign, appeals) if campaign is not None else [],
        most=MOST,
    )


def _length(ore: int, most: int) -> int:
    """A bar in thousandths of the longest."""
    return max(ore, 0) * 1000 // most if most else 0


@require_GET
@only(VIEW)
def result(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One appeal: every figure with the rows behind it, against the last ten."""
    row = doors.found(request, ref, VIEW)
    found = results.result(row)
    total = Thermometer.objects.filter(campaign=row.campaign).first()
    return page(
        request,
        "appeals/result",
        row.title,
        entity=row.campaign.entity_id,
        appeal=row,
        found=found,
        campaign_ore=total.received_ore if total else 0,
        compared=found.compared.get("appeals"),
        came=figures.rows(found, figures.CAME),
        happened=figures.rows(found, figures.HAPPENED),
        machines=figures.rows(found, figures.MACHINES),
        clicks=figures.clicks(found),
        first=touching.first_touch(row),
        added=compared.shown(row),
        left_out=figures.left_out(found),
        versions=figures.versions(found) if len(found.versions) > 1 else [],
        curve=curve.curve(results.by_hour(row)),
        is_draft=False,
        **trial.shown(row),
    )


@require_http_methods(["GET", "POST"])
@only(VIEW, post=WRITE)
def trial_of(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The trial of an appeal's versions: set, left out, or how it stands."""
    row = doors.found(request, ref, WRITE if request.method == "POST" else VIEW)
    if request.method == "GET":
        return _trial_page(request, row)
    by = access.by(request)
    if request.POST.get("do") == "drop":
        said = _("There is no trial: every version is sent evenly to everybody.")
        doors.tried(request, lambda: trying.drop_trial(ref, by=by) or True, said)
        return _back(row)
    form = TrialForm(request.POST)
    if not form.is_valid():
        return _trial_page(request, row, form)
    percent, hours = form.cleaned_data["percent"], form.cleaned_data["hours"]
    said = _("The trial is set.")
    doors.tried(request, lambda: trial.set_up(row, percent, hours, by), said)
    return _back(row)


def _back(row: Appeal) -> HttpResponse:
    """To the step that a trial is set in; later on to the trial itself."""
    name = "appeal_test" if row.state == Appeal.State.DRAFT else "appeal_trial"
    return redirect(f"console:{name}", ref=row.ref)


def _trial_page(request: HttpRequest, row: Appeal, form: TrialForm | None = None) -> HttpResponse:
    return page(
        request,
        "appeals/trial",
        row.title,
        status=422 if form else 200,
        entity=row.campaign.entity_id,
        appeal=row,
        steps=steps.of(row),
        is_draft=row.state == Appeal.State.DRAFT,
        **trial.shown(row, form),
    )
