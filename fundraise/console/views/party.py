"""The party-finance report: every entity's years, one year live, filed versions, files."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.console import access, log_words
from fundraise.console.guard import only
from fundraise.console.party import overview, refusals
from fundraise.console.party.forms import WhatIfForm, WhyForm
from fundraise.console.shell import page
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.party import figures, filing, paper, rules, ruling, words, workbook
from fundraise.reporting.party import shown as reports
from fundraise.reporting.party.errors import PartyError
from fundraise.reporting.party.models import PartyReport
from fundraise.reporting.party.shown import Shown, ShownGiver
from fundraise.staff import rights

FIRST_YEAR = 2018
ON_A_PAGE = 50
ENTITIES_ON_A_PAGE = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def parties(request: HttpRequest, permission: str = "party.view") -> Sequence[LegalEntity]:
    """The parties and districts of one's own."""
    rows = LegalEntity.objects.filter(kind=LegalEntity.Kind.PARTY).order_by("pk")
    return list(access.scope(request, rows, permission, "pk"))


def party_of(request: HttpRequest, ref: UUID, year: int, permission: str) -> LegalEntity:
    """One of them, for a year that can have a report; else it is not there."""
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Http404
    rows = LegalEntity.objects.filter(kind=LegalEntity.Kind.PARTY)
    return access.found(request, rows, permission, "pk", ref=ref)


@require_GET
@only("party.view")
def party(request: HttpRequest) -> HttpResponse:
    """Every party's last years, a page of entities at a time."""
    this = clock.today().year
    pages = Paginator(parties(request), ENTITIES_ON_A_PAGE)
    here = pages.get_page(request.GET.get("page"))
    return page(
        request, "party/list", _("Party finance"), rows=overview.rows(list(here), this),
        pages=here, missing_base=overview.missing_base(this),
    )  # fmt: skip


@require_GET
@only("party.view")
def year(request: HttpRequest, ref: UUID, year: int) -> HttpResponse:
    """One year as it would be filed now, and under other limits if they are asked for."""
    entity = party_of(request, ref, year, "party.view")
    asked = WhatIfForm(request.GET or None)
    what_if = asked.is_bound and asked.is_valid() and _asks(asked)
    limits = _other(ruling.limits_of(entity.pk, year), asked) if what_if else None
    found = figures.of(entity, year, limits=limits)
    shown = reports.live(entity, found)
    versions = PartyReport.objects.filter(entity=entity, year=year).order_by("-version")
    return page(
        request, "party/year", f"{entity.name} {year}", entity=entity.pk, party=entity,
        shown=shown, found=found, bands=found.bands, freed=found.freed, what_if=what_if,
        form=asked, in_the_way=[(code, words.in_the_way(code, n)) for code, n in found.open],
        named=_names(request, shown, shown.named), versions=versions, due=rules.due_on(year),
        year=year, last_day=rules.repay_by(year), facts=figures.facts_of(entity, year),
    )  # fmt: skip


def _asks(form: WhatIfForm) -> bool:
    """A limit of nothing is a question too."""
    return any(value not in {None, ""} for value in form.cleaned_data.values())


def _other(limits: rules.Limits, asked: WhatIfForm) -> rules.Limits:
    said = asked.cleaned_data
    base = said["base_ore"] or limits.base_ore
    shares = rules.shares_on(settings.PARTY_RULES, date(limits.year, 12, 31))
    own = limits.anonymous_ore * 1000 // limits.base_ore
    permille = own if said["permille"] is None else said["permille"]
    found = rules.limits(limits.year, {limits.year: base}, shares, anonymous=permille)
    return replace(found, base_year=limits.base_year if not said["base_ore"] else limits.year)


def _names(request: HttpRequest, shown: Shown, rows: Sequence[ShownGiver]) -> list[ShownGiver]:
    """Names for whoever may open donors; identity numbers never on a page."""
    if not rights.may(request.user, "donors.view", shown.entity.pk):
        return list(rows)
    return list(reports.with_names(shown, rows, by=access.by(request), whole=False))


@require_GET
@only("party.view")
def givers(request: HttpRequest, ref: UUID, year: int) -> HttpResponse:
    """The givers behind a year, the largest first; each look at a name is written down."""
    entity = party_of(request, ref, year, "party.view")
    shown = reports.live(entity, figures.of(entity, year))
    band = request.GET.get("band", "")
    rows = [row for row in shown.givers if not band or row.band == band]
    pages = Paginator(rows, ON_A_PAGE)
    here = pages.get_page(request.GET.get("page"))
    return page(
        request, "party/givers", _("Givers of %(year)s") % {"year": year}, entity=entity.pk,
        party=entity, year=year, pages=here, band=band, bands=words.BANDS,
        rows=_names(request, shown, list(here.object_list)), number=len(rows),
        total=sum(row.amount_ore for row in rows),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@only("party.file")
def file(request: HttpRequest, ref: UUID, year: int) -> HttpResponse:
    """Show what is filed, then freeze it."""
    entity = party_of(request, ref, year, "party.file")
    last = filing.latest(entity, year)
    form = WhyForm(request.POST if request.method == "POST" and last else None)
    wrong = ""
    if request.method == "POST" and (last is None or form.is_valid()):
        try:
            reason = form.cleaned_data["reason"] if last is not None else ""
            report = filing.file_report(entity, year, by=access.by(request), reason=reason)
        except PartyError as error:
            wrong = refusals.sentence(error.code)
        else:
            messages.success(request, _("The report is frozen as version %(n)s. Send it to"
                                        " Kammarkollegiet and keep the signed copy.")
                             % {"n": report.version})  # fmt: skip
            return redirect("console:party_report", ref=report.ref)
    found = figures.of(entity, year)
    return page(
        request, "party/file", _("File %(year)s") % {"year": year}, entity=entity.pk,
        status=422 if wrong or form.errors else 200, party=entity, year=year, last=last,
        form=form, wrong=wrong, shown=reports.live(entity, found), freed=found.freed,
        facts=figures.facts_of(entity, year),
        in_the_way=[(code, words.in_the_way(code, n)) for code, n in found.open],
        blocked={"not_over", "base_missing"} & {code for code, _n in found.open},
    )  # fmt: skip


@require_GET
@only("party.view")
def report(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A version as it was filed, and what it changed."""
    row = _report(request, ref)
    shown = reports.filed(row)
    changes = [(words.line(c.code), c.before_ore, c.after_ore) for c in filing.changes(row)]
    return page(
        request, "party/report", f"{row.entity.name} {row.year}, {row.version}",
        entity=row.entity_id, report=row, shown=shown, changes=changes,
        named=_names(request, shown, shown.named), givers=len(shown.givers),
        log=log_words.changes_of("party_report", row.ref),
    )  # fmt: skip


@require_GET
@only("party.view")
def report_file(request: HttpRequest, ref: UUID, kind: str) -> HttpResponse:
    """A version as PDF or workbook."""
    return _sent(request, reports.filed(_report(request, ref)), kind, "")


@require_GET
@only("party.view")
def year_file(request: HttpRequest, ref: UUID, year: int, kind: str) -> HttpResponse:
    """A year as PDF or workbook, as it would be filed now."""
    entity = party_of(request, ref, year, "party.view")
    found = figures.of(entity, year)
    missing = [words.in_the_way(code, n) for code, n in found.open if code == "base_missing"]
    return _sent(request, reports.live(entity, found), kind, " ".join(missing))


def _report(request: HttpRequest, ref: UUID) -> PartyReport:
    rows = PartyReport.objects.select_related("entity")
    return access.found(request, rows, "party.view", ref=ref)


def _sent(request: HttpRequest, shown: Shown, kind: str, warning: str) -> HttpResponse:
    """Names for whoever may open donors, whole identity numbers for whoever files."""
    by, entity = access.by(request), shown.entity.pk
    may, whole = (rights.may(request.user, name, entity) for name in ("donors.view", "party.file"))
    rows = shown.named if kind == "pdf" else list(shown.givers)
    named = reports.with_names(shown, rows, by=by, whole=whole) if may else iter(rows)
    audit.log_read(by=by, subject_type="party_report", subject_ref=shown.entity.ref,
                   purpose=f"party.{kind}")  # fmt: skip
    if kind == "pdf":
        body, content = paper.pdf(shown, list(named), warning), "application/pdf"
    else:
        made = io.BytesIO()
        workbook.write(made, shown, named, warning)
        body, content = made.getvalue(), XLSX
    answer = HttpResponse(body, content_type=content)
    answer["Content-Disposition"] = f'attachment; filename="{paper.name_of(shown, kind)}"'
    return answer
