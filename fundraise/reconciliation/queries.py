"""Reads of the bank's items: what is open, how old it is, and what speaks for a suggestion."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, QuerySet, Sum

from fundraise.reconciliation.models import Item, Match, StatementFile

OPEN = (Item.State.NEW, Item.State.SUGGESTED, Item.State.UNKNOWN)
BOOKED = StatementFile.State.BOOKED


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


def counters(entities: Collection[int]) -> Counters:
    """Of all booked files."""
    rows = Item.objects.filter(account__entity__in=entities, statement__file__state=BOOKED).exclude(
        state=Item.State.SPLIT
    )
    told = {
        state: (number, ore)
        for state, number, ore in rows.values_list("state")
        .annotate(n=Count("pk"), ore=Sum("amount_ore"))
        .order_by()
    }
    none = (0, 0)
    state = Item.State
    oldest = open_items(entities).values_list("booked_on", flat=True).first()
    return Counters(
        told.get(state.MATCHED, none)[0],
        told.get(state.SUGGESTED, none)[0],
        told.get(state.UNKNOWN, none)[0],
        told.get(state.NEW, none)[0],
        told.get(state.SUGGESTED, none)[1],
        told.get(state.UNKNOWN, none)[1],
        oldest,
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a match: codes, the rule with its version, and sums beside each other."""

    found: tuple[str, ...]
    exceptions: tuple[str, ...]
    rule: str
    version: int
    amount_ore: int
    expected_ore: int | None
    usual_ore: int
    times: int  # gifts that the donor gave before


def evidence(match: Match) -> Evidence:
    """Of one match, with `item`, `gift`, `payout`, `deposit` and `refund` at hand."""
    told = match.evidence
    expected = next(
        (one.amount_ore for one in (match.gift, match.payout, match.deposit, match.refund) if one),
        None,
    )
    donor = match.donor
    given = getattr(donor, "giving", None) if donor is not None else None
    return Evidence(
        tuple(told.get("found", ())),
        tuple(told.get("exceptions", ())),
        match.rule.rule.name if match.rule else "",
        match.rule.number if match.rule else 0,
        match.item.amount_ore,
        expected,
        int(told.get("usual_ore", 0)),
        given.gifts if given is not None else 0,
    )


def history(item: Item) -> QuerySet[Match]:
    """Everything an item was ever said to be, the newest first."""
    return item.matches.select_related("rule__rule", "donor").order_by("-pk")


def suspense_ore(entity_id: int) -> int:
    """What lies in suspense for items that are open: above zero for money in."""
    rows = Item.objects.filter(
        account__entity_id=entity_id, state__in=OPEN, suspense_journal__isnull=False
    )
    return rows.aggregate(ore=Sum(F("amount_ore")))["ore"] or 0
