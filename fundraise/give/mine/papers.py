"""Receipts and yearly statements as PDF. They are posted for: the first time makes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from fundraise.give import links
from fundraise.give.mine import frame
from fundraise.give.mine.people import Person
from fundraise.ledger.models import LegalEntity
from fundraise.reporting import receipts
from fundraise.reporting.models import Receipt
from fundraise.reporting.papers import services as papers
from fundraise.reporting.papers.services import Paper
from fundraise.reporting.yearly import lines
from fundraise.reporting.yearly import services as yearly
from fundraise.reporting.yearly.lines import Holder


@dataclass(frozen=True, slots=True)
class Whose:
    """One giver of a mailbox in one year and receiver: a statement can be had of these gifts."""

    key: str  # how a form names it, without a word about a person
    entity: LegalEntity
    holder: Holder = field(repr=False)
    gifts: int


def whose(person: Person, year: int) -> list[Whose]:
    """The statements that the holder of a mailbox can have of a year, the receivers apart."""
    entities = {gift.entity_id: gift.entity for gift in person.gifts()}
    found: list[Whose] = []
    for pk in sorted(entities):
        rows = lines.gifts_of_year(pk, year).filter(pk__in=person.gifts().values("pk"))
        counts: dict[Holder, int] = {}
        for donor_id, key in rows.order_by("received_at").values_list("donor_id", "giver_key"):
            holder = lines.holder_of(donor_id, key)
            counts[holder] = counts.get(holder, 0) + 1
        mine = [(one, n) for one, n in counts.items() if _is_of(person, one)]
        found += [
            Whose(f"{entities[pk].ref}:{place}", entities[pk], holder, number)
            for place, (holder, number) in enumerate(mine)
        ]
    return found


def _is_of(person: Person, holder: Holder) -> bool:
    """All gifts of the holder are the mailbox's to see; else a statement would tell of others."""
    if holder.donor_id is not None:
        return holder.donor_id in {donor.pk for donor in person.donors}
    return holder.giver_key in person.keys


def statement(request: HttpRequest, person: Person, year: int) -> HttpResponse:
    """A year's statement as it holds now; the same one again when nothing has changed."""
    if request.method != "POST":
        return frame.go(links.own("year", _language(request), year))
    chosen = request.POST.get("of", "")
    one = next((one for one in whose(person, year) if one.key == chosen), None)
    row = yearly.issue(one.entity, year, one.holder, by=_by(person)) if one is not None else None
    if row is None:
        raise Http404
    return as_file(papers.statement_pdf(row, _language(request)))


def receipt(request: HttpRequest, person: Person, ref: UUID) -> HttpResponse:
    """A receipt as PDF."""
    if request.method != "POST":
        return frame.go(links.own("receipt", _language(request), ref))
    row = Receipt.objects.filter(ref=ref, gift__in=person.gifts()).first()
    if row is None:
        raise Http404
    return as_file(papers.receipt_pdf(row, _language(request), by=_by(person)))


def ask(request: HttpRequest, person: Person, ref: UUID) -> HttpResponse:
    """A receipt of a gift that has none yet, such as a month's draw."""
    if request.method != "POST":
        return frame.go(links.own("gifts", _language(request)))
    gift = person.gifts().filter(ref=ref).first()
    row = receipts.of_gift(gift.pk, by=_by(person)) if gift is not None else None
    if row is None:
        raise Http404
    return frame.go(links.own("receipt", _language(request), row.ref))


def as_file(paper: Paper) -> HttpResponse:
    """A PDF to save, in no cache."""
    response = HttpResponse(paper.content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{paper.name}"'
    return frame.private(response)


def _by(person: Person) -> str:
    """How the logs name them: the donor, or the pages when no donor is known yet."""
    return f"donor:{person.donors[0].ref}" if person.donors else "system:my_pages"


def _language(request: HttpRequest) -> str:
    return str(request.LANGUAGE_CODE)
