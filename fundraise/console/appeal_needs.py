"""What of appeals needs somebody today, and those that are on their way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from fundraise.console.queues import Waiting
from fundraise.staff.rights import Rights
from mailings.appeals import queries
from mailings.appeals.models import Appeal, Batch

UNDER_WAY = ["scheduled", "preparing", "sending", "paused"]
MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An appeal that is scheduled or being sent, and how far it is."""

    appeal: Appeal
    percent: int | None
    sent: int


def under_way(held: Rights) -> list[UnderWay]:
    """Appeals that are on their way, what leaves first on top."""
    rows = _mine(held).filter(state__in=UNDER_WAY).exclude(kind=Appeal.Kind.JOURNEY)
    shown = rows.select_related("campaign").order_by("send_at", "pk")[:MOST_SHOWN]
    return [_of(appeal) for appeal in shown]


def _of(appeal: Appeal) -> UnderWay:
    if not appeal.frozen:
        return UnderWay(appeal, None, 0)
    sent = queries.progress(appeal).accepted
    return UnderWay(appeal, sent * 100 // appeal.frozen, sent)


def _mine(held: Rights) -> QuerySet[Appeal]:
    return Appeal.objects.filter(campaign__entity__in=held.entities("appeals.view"))


def _paused(held: Rights) -> Waiting:
    rows = _mine(held).filter(state="paused").exclude(kind=Appeal.Kind.JOURNEY)
    return rows, _("Paused appeals"), f"{reverse('console:appeals')}?state=paused"


def _doubts(held: Rights) -> Waiting:
    entities = held.entities("appeals.view")
    rows = Batch.objects.filter(state="in_doubt", appeal__campaign__entity__in=entities)
    what = _("Batches of mails that may or may not have left")
    return rows, what, reverse("console:appeal_doubts")


# The permission that lets somebody do something about it -> what waits.
NEEDS: list[tuple[str, Callable[[Rights], Waiting]]] = [
    ("appeals.send", _paused),
    ("appeals.send", _doubts),
]
