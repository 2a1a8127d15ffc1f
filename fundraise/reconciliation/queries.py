"""Reads of the bank's items: what is open, how old it is, and what speaks for a suggestion."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Sum

from fundraise.reconciliation.models import Item, Match, Statement, StatementFile

OPEN = (Item.State.NEW, Item.State.SUGGESTED, Item.State.UNKNOWN)
BOOKED = StatementFile.State.BOOKED


def holds_others(entities: Collection[int]) -> Exists:
    """Of a file: that a statement in it is of none of these legal entities."""
    rows = Statement.objects.filter(file=OuterRef("pk"))
    return Exists(rows.exclude(account__entity__in=entities))


def open_items(entities: Collection[int], *, state: str = "") -> QuerySet[Item]:
    """Items of booked files that nobody has decided, the oldest first, with their suggestions."""
    rows = Item.objects.filter(
        account__entity__in=entities,
        statement__file__state=BOOKED,
        state__in=[state] if state else OPEN,
    ).exclude(line__other_books=True)
    return (
        rows.select_related("account__entity", "line", "part_of")
        .prefetch_related(suggestions())
        .order_by("booked_on", "pk")
    )


def suggestions() -> Prefetch[str, QuerySet[Match], str]:
    """What items may be, read together as `suggestions` of each."""
    rows = Match.objects.filter(state=Match.State.SUGGESTED).select_related(
        "rule__rule", "donor", "campaign", "gift__campaign", "payout", "deposit", "refund",
        "other_item",
    )  # fmt: skip
    return Prefetch("matches", queryset=rows.order_by("pk"), to_attr="suggestions")


@dataclass(frozen=True, slots=True)
class Counters:
    """How many items stand, are suggested and are unknown, with their sums (in and out apart)."""

    matched: int = 0
    suggested: int = 0
    unknown: int = 0
    waiting: int = 0  # batches whose payers come in a file of their own
    suggested_ore: int = 0
    unknown_ore: int = 0
    oldest: object = None  # the day of the oldest open item


MOST_COUNTED = 100_000


def counters(entities: Collection[int]) -> Counters:
    """Of all booked files. What is matched grows for ever: it is counted to MOST_COUNTED."""
    rows = Item.objects.filter(account__entity__in=entities, statement__file__state=BOOKED)
    state = Item.State
    told = {
        one: (number, ore)
        for one, number, ore in rows.filter(state__in=[state.NEW, state.SUGGESTED, state.UNKNOWN])
        .values_list("state")
        .annotate(n=Count("pk"), ore=Sum("amount_ore"))
        .order_by()
    }
    none = (0, 0)
    matched = rows.filter(state=state.MATCHED)[: MOST_COUNTED + 1].count()
    oldest = open_items(entities).values_list("booked_on", flat=True).first()
    return Counters(
        matched,
        told.get(state.SUGGESTED, none)[0],
        told.get(state.UNKNOWN, none)[0],
        told.get(state.NEW, none)[0],
        told.get(state.SUGGESTED, none)[1],
        told.get(state.UNKNOWN, none)[1],
        oldest,
    )


def history(item: Item) -> QuerySet[Match]:
    """Everything an item was ever said to be, the newest first."""
    return item.matches.select_related("rule__rule", "donor").order_by("-pk")
