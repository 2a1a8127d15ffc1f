"""Giving by bankgiro: the giver's own OCR number, shown and issued on My pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from fundraise.give import links
from fundraise.give.mine.people import Person
from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation import references


@dataclass(frozen=True, slots=True)
class Way:
    """A legal entity's bankgiro, and the OCR number that says who gives; empty: not issued."""

    entity: LegalEntity
    bankgiro: str
    number: str


def ways(person: Person) -> list[Way]:
    """Of the entities that the person gives to and that have a bankgiro. A mailbox that is
    several donors' has none: a number is one donor's."""
    if len(person.donors) != 1:
        return []
    given = set(person.gifts().values_list("entity", flat=True).distinct())
    given |= set(person.pledges().values_list("entity", flat=True).distinct())
    giros = references.bankgiros(given)
    issued = references.standing(donor=person.donors[0], pledge=None, campaign=None)
    numbers = dict(issued.values_list("entity", "number"))
    entities = LegalEntity.objects.filter(pk__in=giros).order_by("name")
    return [Way(one, giros[one.pk], numbers.get(one.pk, "")) for one in entities]


def issue(request: HttpRequest, person: Person) -> HttpResponse:
    """Issue the number that was asked for; whoever has one keeps it."""
    home = redirect(links.own("mine", str(request.LANGUAGE_CODE)))
    if request.method != "POST":
        return home
    chosen = [way for way in ways(person) if way.entity.slug == request.POST.get("entity")]
    if not chosen:
        raise Http404
    donor = person.donors[0]
    references.issue(chosen[0].entity, donor, by=f"donor:{donor.ref}")
    return home
