"""Journeys: the list, one, its mails, the trial on last month's people, and the switch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from donors import queries as donors
from fundraise import clock
from fundraise.console import access, log_words
from fundraise.console.guard import action, only
from fundraise.console.journeys import rows, trying, words
from fundraise.console.journeys.forms import NewJourneyForm, StepForm, WaitsForm
from fundraise.console.people import visible_donors
from fundraise.console.shell import page
from fundraise.console.tables.journeys import JOURNEY_PEOPLE, JOURNEYS
from fundraise.console.tables.page import list_page
from fundraise.staff import rights
from mailings.journeys import closing, ready, services, simulating
from mailings.journeys.models import Journey
from mailings.journeys.services import JourneyError

VIEW, WRITE, SEND = "appeals.view", "appeals.write", "appeals.send"
PATH = "campaign__entity"
SWITCHES: dict[str, Callable[..., None]] = {
    Journey.State.ON: services.switch_on,
    Journey.State.OFF: services.switch_off,
    Journey.State.ENDED: services.end,
}


def _found(request: HttpRequest, ref: UUID, permission: str) -> Journey:
    every = Journey.objects.select_related("campaign__entity")
    return access.found(request, every, permission, PATH, ref=ref)


@require_GET
@only(VIEW)
def journeys(request: HttpRequest) -> HttpResponse:
    """Every journey, the newest first."""
    return list_page(request, JOURNEYS)


@require_GET
@only(VIEW)
def people(request: HttpRequest) -> HttpResponse:
    """Who is on the way, by number; no name stands here."""
    return list_page(request, JOURNEY_PEOPLE)


@require_http_methods(["GET", "POST"])
@only(WRITE)
def new_journey(request: HttpRequest) -> HttpResponse:
    """A journey that is switched off, with ready-made mails or none yet."""
    form = NewJourneyForm(request.POST or None, entities=rights.entities(request.user, WRITE))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        make = ready.new_ready if said["ready"] else services.new_journey
        made = make(
            said["campaign"],
            said["trigger"],
            said["name"],
            by=access.by(request),
            months=said["months"] or 12,
        )
        told = (
            _("The journey is made, switched off. Read its mails, then try it on last month.")
            if said["ready"]
            else _("The journey is made, switched off. Now add its mails.")
        )
        messages.success(request, told)
        return redirect("console:journey", ref=made.ref)
    status = 422 if form.is_bound else 200
    return page(request, "journeys/new", _("New journey"), status=status, form=form)


@require_GET
@only(VIEW)
def journey(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One journey: what sets it off, its mails, who is on the way, what it brought."""
    return journey_page(request, _found(request, ref, VIEW))


def journey_page(
    request: HttpRequest, row: Journey, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page of a journey as it stands."""
    waits = forms.get("waits") or WaitsForm(journey=row)
    mails = rows.mails(row, waits)
    tallies = rows.people(row)
    waiting = rows.waiting(row)
    return page(
        request,
        "journeys/journey",
        row.name,
        status=status,
        entity=row.campaign.entity_id,
        journey=row,
        set_off=words.set_off(row),
        mails=[(mail, waiting.get(mail.step.number, 0)) for mail in mails],
        whole=rows.whole(mails),
        people=tallies,
        too_late=row.campaign.is_over(clock.today()) and closing.asks(row),
        is_off=row.state == Journey.State.OFF,
        is_ready=bool(mails) and all(mail.is_written for mail in mails),
        step_form=forms.get("step") or StepForm(),
        waits=waits,
        changes=log_words.changes_of("journey", row.ref),
    )


@action(WRITE, back="../../")
def add_step(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One more mail at the end, its words to be written."""
    row = _found(request, ref, WRITE)
    form = StepForm(request.POST)
    if not form.is_valid():
        return journey_page(request, row, status=422, step=form)
    days, by = form.cleaned_data["wait_days"], access.by(request)
    said = _("The mail is added. Write its words.")
    return _tried(request, row, lambda: services.add_step(row, days, by=by), said)


@action(WRITE, back="../../")
def drop_step(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The last mail goes, where nobody has got it or waits for it."""
    row = _found(request, ref, WRITE)
    by, said = access.by(request), _("The last mail is taken away.")
    return _tried(request, row, lambda: services.drop_step(row, by=by), said)


@action(WRITE)
def set_waits(request: HttpRequest, ref: UUID) -> HttpResponse:
    """How many days each mail waits."""
    row = _found(request, ref, WRITE)
    form = WaitsForm(request.POST, journey=row)
    if not form.is_valid():
        return journey_page(request, row, status=422, waits=form)
    days, by = form.waits(), access.by(request)
    said = _("The waits are saved.")
    return _tried(request, row, lambda: services.set_waits(row, days, by=by), said)


@require_GET
@only(VIEW)
def simulate(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The last thirty days as if it had run; nobody is mailed and nothing is written."""
    row = _found(request, ref, VIEW)
    seen = simulating.simulate(row, clock.now())
    return page(
        request,
        "journeys/simulated",
        row.name,
        entity=row.campaign.entity_id,
        journey=row,
        set_off=words.set_off(row),
        seen=seen,
        picture=trying.picture(seen),
        steps=trying.steps(row, seen),
        people=_some_of(request, seen.donors) if request.GET.get("people") else None,
    )


def _some_of(request: HttpRequest, ids: list[int]) -> list[Any]:
    """Some of those who would have entered, opened; the read log says who looked."""
    if not rights.may_somewhere(request.user, "donors.view"):
        return []
    mine = visible_donors(request).filter(pk__in=ids)
    found = donors.page_of_donors(
        donors=mine, by=access.by(request), purpose="staff.journey_simulated", size=len(ids) or 1
    )
    return list(found.rows)


@require_http_methods(["GET", "POST"])
@only(VIEW, post=SEND)
def switch(request: HttpRequest, ref: UUID, state: str) -> HttpResponse:
    """First the page that says what will happen, then the act."""
    row = _found(request, ref, SEND if request.method == "POST" else VIEW)
    if request.method == "POST":
        said = {
            Journey.State.ON: _("The journey runs. Whoever it happens to from now on enters."),
            Journey.State.OFF: _("The journey is switched off. Nobody enters or is mailed."),
            Journey.State.ENDED: _("The journey has ended, and those on the way have left it."),
        }[Journey.State(state)]
        by = access.by(request)
        return _tried(request, row, lambda: SWITCHES[state](row, by=by), said)
    going = row.runs.filter(state="going").count()
    overdue = row.runs.filter(state="going", next_at__lte=clock.now()).count()
    return page(
        request,
        "journeys/switch",
        row.name,
        entity=row.campaign.entity_id,
        journey=row,
        to=state,
        set_off=words.set_off(row),
        going=going,
        overdue=overdue,
        seen=simulating.simulate(row, clock.now()) if state == Journey.State.ON else None,
    )


def _tried(request: HttpRequest, row: Journey, act: Callable[[], Any], said: str) -> HttpResponse:
    """Do it and say so, or say why it can't be done; back to the journey."""
    try:
        act()
    except JourneyError as error:
        messages.error(request, words.refused(error))
    else:
        messages.success(request, said)
    return redirect("console:journey", ref=row.ref)
