"""Givers told of their yearly statement: looked at first, begun by a press, once more for one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.console import access, own_work, words
from fundraise.console.guard import action, only
from fundraise.console.tables.page import list_page
from fundraise.console.tables.year_mails import YEAR_MAILS
from fundraise.console.views.exports import begin
from fundraise.jobs import work
from fundraise.language import SWEDISH
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.exports import services as exports
from fundraise.reporting.exports.services import Asked
from fundraise.reporting.models import YearTelling
from fundraise.reporting.yearly import letters, lines, telling
from fundraise.reporting.yearly.telling import Reach, TellingError
from fundraise.staff import rights
from mailings import yearly
from mailings.monthly.letter import GiverLetter

SEE, MAKE, TAKE, KIND = "receipts.view", "receipts.make", "donors.export", "year_mails"


@dataclass(frozen=True, slots=True)
class Ready:
    """One entity's last year: whom a press would reach, and the mail as it would leave."""

    entity: LegalEntity
    year: int
    reach: Reach
    told: int
    parts: range
    letters: list[GiverLetter]

    @property
    def people(self) -> int:
        return len(self.reach.mail) + len(self.reach.paper)


@require_GET
@only(SEE)
def year_mails(request: HttpRequest) -> HttpResponse:
    """Who was told; above it, for each entity, what a press would do."""
    year = clock.today().year - 1
    return list_page(
        request,
        YEAR_MAILS,
        ready=_ready(request, year),
        opens_on=telling.opens_on(year),
        is_open=clock.today() >= telling.opens_on(year),
        **own_work.shown(request, KIND, stop="console:stop_year_mails"),
    )


def _ready(request: HttpRequest, year: int) -> list[Ready]:
    found = []
    for entity in LegalEntity.objects.filter(pk__in=rights.entities(request.user, MAKE)):
        if not lines.gifts_of_year(entity.pk, year).exists():
            continue
        told = YearTelling.objects.filter(entity=entity, year=year).count()
        parts = range(1, letters.parts(entity.pk, year) + 1)
        mails = [yearly.letter_of(entity, year, language) for language in ("sv", "en")]
        found.append(Ready(entity, year, telling.reach(entity.pk, year), told, parts, mails))
    return found


@action(MAKE, back="../../../")
def send(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Tell everybody of an entity's last year who was not told before."""
    entity, year = _entity(request, MAKE, ref), clock.today().year - 1
    who, place = access.by(request), reverse("console:year_mails")
    if clock.today() < telling.opens_on(year):
        messages.error(request, str(words.work_code("too_early")))
        return redirect("console:year_mails")
    arguments = {"entity": entity.pk, "year": year}
    if work.begin_once(KIND, by=who, arguments=arguments, place=place) is None:
        messages.info(request, _("They are being sent already."))
        return redirect("console:year_mails")
    _log(who, "year_statements.told", entity, year)
    return redirect("console:year_mails")


@action(MAKE)
def stop(request: HttpRequest) -> HttpResponse:
    """Break the telling off: who was told stays told."""
    said = _("It is stopped. Who was told stays told.")
    return own_work.stopped(request, KIND, said=said, back="console:year_mails")


@action(TAKE, back="../../../")
def papers(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One PDF to print for those who are told by post, made by a worker."""
    entity, year = _entity(request, TAKE, ref), clock.today().year - 1
    part = request.POST.get("part", "1")
    if part not in map(str, range(1, letters.parts(entity.pk, year) + 1)):
        messages.error(request, str(words.work_code("no_papers")))
        return redirect("console:year_mails")
    chosen = {"entity": entity.slug, "year": str(year), "way": "paper", "part": part}
    language = get_language() or SWEDISH
    asked = Asked(YEAR_MAILS.name, chosen, ["papers"], "pdf", language, personal=True)
    record = exports.ask(asked, by=access.by(request))
    return redirect(begin(record))


@action(MAKE, back="../../")
def again(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Mail one giver once more."""
    row = access.found(request, YearTelling.objects.all(), MAKE, ref=ref)
    refusals = {
        "no_email": _("No e-mail address works. Write one on the donor's page first."),
        "too_often": _("It has been sent twenty times. Call the giver instead."),
    }
    try:
        telling.tell_again(row.ref, by=access.by(request))
    except TellingError as refused:
        messages.error(request, refusals[refused.code])
    else:
        messages.success(request, _("It is sent again."))
    return redirect("console:year_mails")


def _entity(request: HttpRequest, right: str, ref: UUID) -> LegalEntity:
    mine = LegalEntity.objects.filter(pk__in=rights.entities(request.user, right))
    return get_object_or_404(mine, ref=ref)


def _log(by: str, did: str, entity: LegalEntity, year: int) -> None:
    audit.log_change(
        by=by, action=did, subject_type="legal_entity", subject_ref=entity.ref,
        after={"year": year},
    )  # fmt: skip
