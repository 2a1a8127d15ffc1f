"""Several legal entities over a month or a year: each one's sums, and all of them together."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fundraise import clock
from fundraise.console.books.forms import month_before
from fundraise.console.guard import only
from fundraise.console.shell import page
from fundraise.console.tables.draws import month_of
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.books import queries
from fundraise.reporting.books.exporting import last_day
from fundraise.reporting.books.together import together
from fundraise.staff import rights

VIEW = "periods.view"
MONTHS = range(1, 13)


class SpanForm(forms.Form):
    """A year, or a month of it."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)
    month = forms.TypedChoiceField(label=gettext_lazy("Month"), coerce=int, required=False)

    def __init__(self, years: list[int], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["year"].choices = [(one, str(one)) for one in years]
        names = [(n, month_of(date(2000, n, 1)).partition(" ")[0].capitalize()) for n in MONTHS]
        fields["month"].choices = [("", _("The whole year")), *names]

    def span(self) -> tuple[date, date]:
        """The first and last day of what was chosen."""
        year, month = self.cleaned_data["year"], self.cleaned_data["month"]
        if month:
            return date(year, month, 1), last_day(date(year, month, 1))
        return date(year, 1, 1), date(year, 12, 31)


@require_GET
@only(VIEW)
def books_together(request: HttpRequest) -> HttpResponse:
    """What the books of all entities that the one who asks may see say, and their sum."""
    entities = list(
        LegalEntity.objects.filter(pk__in=rights.entities(request.user, VIEW)).order_by("pk")
    )
    today, (first, last) = clock.today(), month_before(clock.today())
    years = queries.years([one.pk for one in entities]) or [today.year]
    if first.year not in years:
        first = date(years[0], 1, 1)
    form = SpanForm(years, request.GET or {"year": first.year, "month": first.month})
    is_right = form.is_valid()
    if is_right:
        first, last = form.span()
    return page(
        request,
        "books/together",
        _("The books together"),
        status=200 if is_right else 422,
        form=form,
        first=first,
        last=last,
        found=together(entities, first, last) if is_right else None,
    )
