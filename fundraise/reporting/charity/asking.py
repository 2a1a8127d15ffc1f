"""A giver whose year is enough for the tax to be lowered is asked for the number, once a year.

Of a charity whose gifts lower the tax (`tax_reduction`). In time: the daily look asks as soon as
the year's gifts reach the limit, and about last year until its control statements are due. Nobody
need answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from donors.models import Donor
from fundraise import clock
from fundraise.ledger.models import LegalEntity
from fundraise.outbox import services as outbox
from fundraise.reporting.charity import numbers, rules, sums
from fundraise.reporting.charity.models import NumberAsk


def watch() -> int:
    """Ask whoever reached the limit and was not asked this year; how many."""
    charities = LegalEntity.objects.filter(kind=LegalEntity.Kind.CHARITY).order_by("pk")
    return sum(ask(entity, year) for entity in charities for year in years(clock.today()))


def years(today: date) -> list[int]:
    """This year, and the last one until its control statements are due."""
    last = today.year - 1
    return [today.year, *([last] if today <= rules.due_on(last) else [])]


@transaction.atomic
def ask(entity: LegalEntity, year: int) -> int:
    """Ask those of a year who have told no number, and close what has been told since."""
    entity = LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    if entity.kind != LegalEntity.Kind.CHARITY or not entity.tax_reduction:
        return 0
    missing = {donor for donor, _ore in sums.without_number(entity.pk, year)}
    asked = NumberAsk.objects.filter(entity=entity, year=year)
    asked.filter(answered_at=None).exclude(donor__in=missing).update(answered_at=clock.now())
    known = set(asked.values_list("donor_id", flat=True))
    living = Donor.objects.filter(
        pk__in=missing - known, status=Donor.Status.ACTIVE, died_on=None, no_contact_at=None
    )
    made = NumberAsk.objects.bulk_create(
        NumberAsk(entity=entity, year=year, donor_id=pk, asked_at=clock.now())
        for pk in living.order_by("pk").values_list("pk", flat=True)
    )
    outbox.write_many("TaxNumberNeeded", [row.pk for row in made])
    return len(made)


def open_for(donor_ids: Iterable[int]) -> QuerySet[NumberAsk]:
    """What these donors are asked and have not answered."""
    rows = NumberAsk.objects.filter(
        donor__in=list(donor_ids),
        answered_at=None,
        entity__kind=LegalEntity.Kind.CHARITY,
        entity__tax_reduction=True,
    )
    return rows.select_related("entity", "donor").order_by("year", "pk")


@transaction.atomic
def tell(row: NumberAsk, typed: str, *, by: str) -> None:
    """The giver tells the number; every open question of hers is answered by it.

    Raises CharityError: not_a_person, number_invalid, too_young.
    """
    numbers.keep(row.donor, typed, by=by, source="self")
    open_for([row.donor_id]).update(answered_at=clock.now())


def decline(row: NumberAsk) -> bool:
    """The giver wants no control statement of that year; False when it was answered before."""
    mine = NumberAsk.objects.filter(pk=row.pk, answered_at=None)
    return mine.update(answered_at=clock.now(), declined=True) == 1
