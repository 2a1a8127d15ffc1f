"""The number that a charity's control statement wants: told here, or declined, and never shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fundraise.give import links
from fundraise.give.mine import frame
from fundraise.give.mine.people import Person
from fundraise.reporting.charity import asking, sums
from fundraise.reporting.charity.errors import CharityError
from fundraise.reporting.charity.models import NumberAsk

LONGEST = 20


def waiting(person: Person) -> list[NumberAsk]:
    """What this person is asked."""
    return list(asking.open_for(donor.pk for donor in person.donors))


def tax_number(request: HttpRequest, person: Person) -> HttpResponse:
    """GET asks; POST keeps the number, or that none is wanted."""
    rows = waiting(person)
    if request.method != "POST":
        return _shown(request, rows[0] if rows else None)
    ask = next((row for row in rows if str(row.ref) == request.POST.get("ask")), None)
    done = f"{links.own('tax_number', str(request.LANGUAGE_CODE))}?told=1"
    if ask is None:  # answered before, by another press or another who shares the box
        return frame.go(done)
    if request.POST.get("do") == "decline":
        asking.decline(ask)
        return frame.go(done)
    try:
        typed = request.POST.get("number", "").strip()[: LONGEST + 1]
        asking.tell(ask, typed, by=f"donor:{ask.donor.ref}")
    except CharityError as error:
        return _shown(request, ask, _sentence(error.code))
    return frame.go(done)


def _sentence(code: str) -> str:
    return {
        "too_young": _("Gifts lower the tax of nobody who is under 18 when the year ends."),
        "not_a_person": _("Only a person's gifts lower the tax."),
    }.get(code, _("Write the personal identity number with twelve digits."))


def _shown(request: HttpRequest, ask: NumberAsk | None, error: str = "") -> HttpResponse:
    return frame.page(
        request,
        "give/mine/tax_number.html",
        status=422 if error else 200,
        logged_in=True,
        here="details",
        title=_("Your gifts and the tax"),
        ask=ask,
        limit_ore=sums.limits(ask.year).year_ore if ask is not None else 0,
        told="told" in request.GET,
        error=error,
        error_at="number" if error else "",
        number_url=links.own("tax_number", str(request.LANGUAGE_CODE)),
    )
