"""Receipts and yearly statements: seen, made when somebody asks, handed out as PDF."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from donors.models import Donor
from fundraise import clock
from fundraise.audit import services as audit
from fundraise.console import access, own_work, people
from fundraise.console.guard import action, only
from fundraise.console.tables.page import list_page
from fundraise.console.tables.yearly import YEAR_STATEMENTS
from fundraise.gifts.models import Gift
from fundraise.jobs import work
from fundraise.language import SWEDISH
from fundraise.ledger import entities
from fundraise.ledger.models import LegalEntity
from fundraise.reporting import receipts
from fundraise.reporting.models import Receipt, YearStatement
from fundraise.reporting.papers import services as papers
from fundraise.reporting.papers.services import LANGUAGES, Paper
from fundraise.reporting.yearly import services as yearly
from fundraise.reporting.yearly.lines import Holder
from fundraise.staff import rights

SEE, MAKE, KIND = "receipts.view", "receipts.make", "year_statements"
FIRST_YEAR = 2000


class YearForm(forms.Form):
    """Whose statements of which year."""

    entity = forms.ModelChoiceField(
        LegalEntity.objects.none(), label=gettext_lazy("Whose books"), empty_label=None
    )
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR)

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        today = clock.today()
        before = today.year - 1
        options.setdefault("initial", {"year": before})
        super().__init__(*args, **options)
        field = cast(forms.ModelChoiceField, self.fields["entity"])  # type: ignore[type-arg]
        field.queryset = LegalEntity.objects.filter(pk__in=rights.entities(user, MAKE))
        self.fields["year"].widget.attrs["max"] = today.year

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year > clock.today().year:
            raise forms.ValidationError(_("That year has not begun."))
        return year


@require_http_methods(["GET", "POST"])
@only(SEE, post=MAKE)
def year_statements(request: HttpRequest) -> HttpResponse:
    """Every yearly statement, and the making of a whole year's."""
    user = cast(User, request.user)
    form = YearForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        _begin(request, form.cleaned_data["entity"], form.cleaned_data["year"])
        return redirect("console:year_statements")
    return list_page(
        request,
        YEAR_STATEMENTS,
        status=422 if form.is_bound else 200,
        form=form,
        **own_work.shown(request, KIND, stop="console:stop_year_statements"),
    )


def _begin(request: HttpRequest, entity: LegalEntity, year: int) -> None:
    """Ask a worker, unless one is at it already."""
    arguments = {"entity": entity.pk, "year": year}
    who, place = access.by(request), reverse("console:year_statements")
    if work.begin_once(KIND, by=who, arguments=arguments, place=place) is None:
        messages.info(request, _("They are being made already."))
        return
    entities.log_change(who, "year_statements.asked", entity, {"year": year})


@action(MAKE)
def stop(request: HttpRequest) -> HttpResponse:
    """Break the making off: what is made stands."""
    said = _("It is stopped. The statements that were made stand.")
    return own_work.stopped(request, KIND, said=said, back="console:year_statements")


@action(SEE, back="../")
def statement_pdf(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A yearly statement as PDF; the read log says who took it out."""
    row = access.found(request, YearStatement.objects.select_related("donor"), SEE, ref=ref)
    subject = ("donor", row.donor.ref) if row.donor is not None else ("year_statement", row.ref)
    audit.log_read(
        by=access.by(request),
        subject_type=subject[0],
        subject_ref=subject[1],
        purpose="staff.statement",
    )
    return _file(papers.statement_pdf(row, _language(request)))


@action(MAKE)
def donor_statement(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A donor's statement of a year, as it holds now."""
    donor: Donor = get_object_or_404(people.visible_donors(request), ref=ref)
    form = YearForm(cast(User, request.user), request.POST)
    row = None
    if form.is_valid():
        entity, year = form.cleaned_data["entity"], form.cleaned_data["year"]
        row = yearly.issue(entity, year, Holder(donor.pk), by=access.by(request))
    if row is None:
        messages.error(request, _("No gift came from this donor in that year."))
    else:
        messages.success(request, _("The statement is %(number)s.") % {"number": row})
    return redirect(f"{reverse('console:donor', args=[ref])}#statements")


@action(SEE, back="./")
def receipt_pdf(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The receipt of a gift as PDF; the read log says who took it out."""
    gift = access.found(request, Gift.objects.all(), SEE, ref=ref)
    row = Receipt.objects.filter(gift=gift).first()
    if row is None:
        raise Http404
    by = access.by(request)
    audit.log_read(by=by, subject_type="gift", subject_ref=ref, purpose="staff.receipt")
    return _file(papers.receipt_pdf(row, _language(request), by=by))


@action(MAKE)
def make_receipt(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A receipt of a gift that has none, such as a month's draw; it is not mailed."""
    gift = access.found(request, Gift.objects.all(), MAKE, ref=ref)
    row = receipts.of_gift(gift.pk, by=access.by(request))
    if row is None:
        messages.error(request, _("This gift can have no receipt here."))
    else:
        messages.success(request, _("The receipt is %(number)s.") % {"number": row})
    return redirect("console:gift", ref=ref)


def _language(request: HttpRequest) -> str:
    chosen = request.POST.get("language", "")
    return chosen if chosen in LANGUAGES else get_language() or SWEDISH


def _file(paper: Paper) -> HttpResponse:
    answer = HttpResponse(paper.content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{paper.name}"'
    answer["Cache-Control"] = "no-store"
    return answer
