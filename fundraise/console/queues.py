"""What needs a person: the rows behind each number on the front page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet, Sum

from donors.models import ContactPoint, Identity
from fundraise import clock
from fundraise.gifts import identity, queries
from fundraise.gifts.models import Dispute, Gift, Refund
from fundraise.gifts.queries import STANDING_ORE, STANDS
from fundraise.jobs.models import Alarm
from fundraise.ledger.models import LegalEntity
from fundraise.providers.models import ProviderEvent
from fundraise.staff import approvals
from fundraise.staff.rights import Rights

Waiting = tuple[QuerySet[Any], str, str]  # the rows, what they are, and where they stand

MOST_GIVERS = 500  # of those above the limit, the largest first
KEPT_SECONDS = 300


def refunds_to_decide(held: Rights, who: str) -> QuerySet[Refund]:
    """Refunds that `who` may decide about as the second person."""
    asked = approvals.for_answer(held, who).filter(kind="refund")
    return Refund.objects.filter(ref__in=asked.values("subject_ref"))


def failed_events() -> QuerySet[ProviderEvent]:
    """Messages of providers that were given up."""
    return ProviderEvent.objects.filter(state=ProviderEvent.State.FAILED)


def open_alarms() -> QuerySet[Alarm]:
    """Alarms that stand."""
    return Alarm.objects.filter(resolved_at=None)


def open_disputes(held: Rights) -> QuerySet[Dispute]:
    """Disputes to answer, of the entities whose disputes may be seen."""
    entities = held.entities("disputes.view")
    return Dispute.objects.filter(state=Dispute.State.OPEN, gift__entity__in=entities)


def without_donor(held: Rights) -> QuerySet[Gift]:
    """Received gifts whose giver wrote an address and is tied to no donor yet."""
    return Gift.objects.filter(
        STANDS,
        state=Gift.State.RECEIVED,
        donor=None,
        giver_key__isnull=False,
        entity__in=held.entities("gifts.view"),
    )


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A giver whose year is above the limit without an identity: sum and gifts, no name."""

    entity: LegalEntity
    year: int
    sum_ore: int
    limit_ore: int
    gifts: tuple[Gift, ...] = field(repr=False)


def count_without_identity(entities: Collection[int]) -> int:
    """How many givers need an identity; the reading behind it is kept for five minutes."""
    key = "console.identity." + "-".join(str(pk) for pk in sorted(entities))
    kept = cache.get(key)
    if kept is None:
        kept = len(without_identity(entities))
        cache.set(key, kept, KEPT_SECONDS)
    return int(kept)


def without_identity(entities: Collection[int]) -> list[Unnamed]:
    """Givers to these entities above the limit of this year with neither address nor number."""
    today = clock.today()
    found: list[Unnamed] = []
    for entity in LegalEntity.objects.filter(pk__in=entities).order_by("pk"):
        limit = identity.threshold_ore(entity, today)
        if limit is not None:
            found += _of_entity(entity, today.year, limit)
    return found


def _of_entity(entity: LegalEntity, year: int, limit: int) -> Iterable[Unnamed]:
    gifts = Gift.objects.filter(
        entity=entity,
        state=Gift.State.RECEIVED,
        received_at__gte=datetime(year, 1, 1, tzinfo=clock.STOCKHOLM).astimezone(UTC),
    )
    above = (
        gifts.exclude(giver_key=None)
        .values("giver_key")
        .annotate(ore=Sum(STANDING_ORE))
        .filter(ore__gt=limit)
        .order_by("-ore")
    )
    for row in above[:MOST_GIVERS]:
        own = tuple(gifts.filter(giver_key=row["giver_key"]).order_by("-pk"))
        if not any(_is_identified(gift) for gift in own):
            yield Unnamed(entity, year, row["ore"], limit, own)
    for gift in gifts.filter(giver_key=None, amount_ore__gt=limit).order_by("-pk")[:MOST_GIVERS]:
        if gift.standing_ore > limit and not _is_identified(gift):
            yield Unnamed(entity, year, gift.standing_ore, limit, (gift,))


def _is_identified(gift: Gift) -> bool:
    """By what was typed with the gift, or by what its donor has. Nothing read is shown."""
    typed = queries.giver_of(gift.pk)
    if typed is not None and typed.identified:
        return True
    if gift.donor_id is None:
        return False
    has_number = Identity.objects.filter(donor_id=gift.donor_id).exists()
    postal = Q(donor_id=gift.donor_id, kind=ContactPoint.Kind.POSTAL)
    return has_number or ContactPoint.objects.filter(postal).exists()
