"""The list of parties: a page of entities with their last years, in a handful of questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.db.models import Count

from fundraise import clock
from fundraise.ledger.models import LegalEntity
from fundraise.reporting.party import figures, rules
from fundraise.reporting.party.models import Hold, PartyReport, YearFacts

YEARS_BACK = 3
Filed = Mapping[tuple[int, int], PartyReport]
Facts = Mapping[int, Sequence[tuple[int, bool]]]


def rows(entities: Sequence[LegalEntity], this: int) -> list[dict[str, object]]:
    """What is filed, what is due, what is held, of each."""
    years = range(this, this - YEARS_BACK, -1)
    filed, files, held = _filed(entities, years), _facts(entities), _held(entities)
    return [
        {
            "entity": entity,
            "years": [_year(entity, year, filed, files) for year in years],
            "held": held.get(entity.pk, 0),
        }
        for entity in entities
    ]


def missing_base(this: int) -> int:
    """The year whose price base amount is missing; 0 when it is here."""
    shares = rules.shares_on(settings.PARTY_RULES, date(this, 12, 31))
    limits = rules.limits(this, settings.PRICE_BASE_AMOUNTS_ORE, shares)
    return this if limits.is_missing else 0


def _filed(entities: Sequence[LegalEntity], years: Sequence[int]) -> Filed:
    """The version that stands, by entity and year."""
    newest = PartyReport.objects.filter(entity__in=entities, year__in=years)
    standing = newest.order_by("entity", "year", "-version").distinct("entity", "year")
    return {(row.entity_id, row.year): row for row in standing}


def _facts(entities: Sequence[LegalEntity]) -> Facts:
    """Whether somebody said that a year is always filed, the newest first."""
    found: dict[int, list[tuple[int, bool]]] = {}
    said = YearFacts.objects.filter(entity__in=entities).order_by("-year")
    for entity, year, always in said.values_list("entity", "year", "always_files"):
        found.setdefault(entity, []).append((year, always))
    return found


def _held(entities: Sequence[LegalEntity]) -> dict[int, int]:
    waiting = Hold.objects.filter(entity__in=entities, state=Hold.State.HELD).order_by()
    return dict(waiting.values("entity").annotate(n=Count("pk")).values_list("entity", "n"))


def _year(entity: LegalEntity, year: int, filed: Filed, facts: Facts) -> dict[str, object]:
    """A year of an entity: filed, to be filed, or freed from it as the sums are now.

    The sums are reckoned only where somebody has said that the entity may be freed.
    """
    row, is_over = filed.get((entity.pk, year)), year < clock.today().year
    said = [always for of, always in facts.get(entity.pk, ()) if of <= year]
    may_be_freed = is_over and row is None and bool(said) and not said[0]
    return {
        "year": year,
        "filed": row,
        "due": rules.due_on(year),
        "late": clock.today() > rules.due_on(year),
        "is_over": is_over,
        "is_freed": may_be_freed and figures.of(entity, year).freed.is_freed,
    }
