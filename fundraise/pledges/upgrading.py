"""Which monthly gifts may be asked to grow, and by how much: by the rise of prices, once a year."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from fundraise import clock
from fundraise.pledges import schedule
from fundraise.pledges.models import PledgeChange

STEP_ORE = 10_00


def suggested_ore(amount_ore: int, percent: int | None = None) -> int:
    """The sum with the rise of prices, up to whole tens of kronor; always at least 10 kr more."""
    rise = settings.UPGRADE_PRICE_RISE_PERCENT if percent is None else percent
    risen = -(-amount_ore * (100 + rise) // 100)
    up = -(-risen // STEP_ORE) * STEP_ORE
    return max(up, amount_ore // STEP_ORE * STEP_ORE + STEP_ORE)


def unchanged_since(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Monthly gifts with `same_since`: when their sum was last set."""
    kept = Q(kind=PledgeChange.Kind.AMOUNT, undone_at=None, pledge=OuterRef("pk"))
    newest = PledgeChange.objects.filter(kept).order_by().values("pledge")
    last = Subquery(newest.annotate(at=Max("made_at")).values("at"))
    annotated: QuerySet[Any] = rows.annotate(same_since=Coalesce(last, "created_at"))
    return annotated


def ripe(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Active monthly gifts whose sum has been the same for UPGRADE_AFTER_MONTHS."""
    return unchanged_since(rows).filter(state="active", same_since__lt=_before())


def _before() -> datetime:
    local = clock.now().astimezone(clock.STOCKHOLM)
    month = schedule.add_months(local.date().replace(day=1), -settings.UPGRADE_AFTER_MONTHS)
    return local.replace(year=month.year, month=month.month, day=min(local.day, 28))
