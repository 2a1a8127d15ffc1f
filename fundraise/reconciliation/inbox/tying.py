"""Ties details that came by themselves (camt.054, Swish, BgMax) to the bank's lines they are in.

A line that told of no payers has one item, itself; when its payers are known that item is split
into them. Only what is booked is tied, so that a file that is put away takes nothing with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Count, Min

from fundraise.gifts.models import Channel
from fundraise.reconciliation import suspense
from fundraise.reconciliation.models import BankAccount, Item, Line, Match, StatementFile

AROUND = timedelta(days=5)  # between a batch's details and the line that has its reference
OPEN = (Item.State.NEW, Item.State.SUGGESTED, Item.State.UNKNOWN)
BY = "system:bank"


@dataclass(slots=True)
class Group:
    """Details that stand in one batch of one day, without a line."""

    batch_ref: str
    day: date
    ore: int = 0
    items: list[int] = field(default_factory=list)
    payers: set[bytes] = field(default_factory=set)
    # A payment by itself: `batch_ref` is its own name, as in a report of Swish.
    is_one: bool = False


@dataclass(slots=True)
class Alone:
    """A line whose one item is itself, and open."""

    line_id: int
    item_id: int
    day: date
    ore: int
    names: frozenset[str]
    payer: bytes | None


@transaction.atomic
def tie(account: BankAccount, *, since: date, by: str = BY) -> int:
    """Tie what fits and return how many lines got their details. Harmless when asked again.

    `since`: details from before that day were looked at with their own files.
    """
    groups = _groups(account, since)
    if not groups:
        return 0
    days = [group.day for group in groups]
    lines = _lines(account, min(days) - AROUND, max(days) + AROUND)
    pairs = [*_by_name(groups, lines), *_by_sum(groups, lines), *_by_day(groups, lines)]
    for line, some in pairs:
        _put_together(line, [item for group in some for item in group.items], by)
    return len(pairs)


def _groups(account: BankAccount, since: date) -> list[Group]:
    rows = Item.objects.filter(
        account=account,
        booked_on__gte=since - AROUND,
        line=None,
        part_of=None,
        statement__details_only=True,
        statement__file__state=StatementFile.State.BOOKED,
    ).values_list("pk", "batch_ref", "booked_on", "amount_ore", "payer_key", "channel")
    found: dict[tuple[str, date], Group] = {}
    alone: list[Group] = []
    for pk, batch, day, ore, payer, channel in rows.order_by("pk").iterator(chunk_size=5000):
        group = Group(batch, day)
        if batch:
            group = found.setdefault((batch, day), group)
        else:
            alone.append(group)
        group.is_one = not group.items and channel == Channel.SWISH_NUMBER
        group.ore += ore
        group.items.append(pk)
        if payer is not None:
            group.payers.add(bytes(payer))
    return [*found.values(), *alone]


def _lines(account: BankAccount, first: date, last: date) -> list[Alone]:
    rows = (
        Line.objects.filter(
            account=account,
            booked_on__range=(first, last),
            other_books=False,
            statement__file__state=StatementFile.State.BOOKED,
        )
        .annotate(number=Count("items"), one=Min("items"))
        .filter(number=1)
        .order_by("booked_on", "pk")
    )
    lines = {row.one: row for row in rows}
    items = Item.objects.filter(pk__in=lines, state__in=OPEN, part_of=None).order_by("pk")
    return [
        Alone(
            lines[item.pk].pk, item.pk, item.booked_on, item.amount_ore,
            frozenset(filter(None, (item.bank_ref, item.batch_ref, lines[item.pk].bank_ref))),
            bytes(item.payer_key) if item.payer_key is not None else None,
        )
        for item in items
    ]  # fmt: skip


Pairs = list[tuple[Alone, list[Group]]]


def _by_name(groups: list[Group], lines: list[Alone]) -> Pairs:
    """The bank calls the batch and the line the same, and they are the same sum."""
    found: Pairs = []
    for group in list(groups):
        named = [
            line
            for line in lines
            if group.batch_ref in line.names
            and line.ore == group.ore
            and abs(line.day - group.day) <= AROUND
        ]
        if group.batch_ref and len(named) == 1:
            found.append((named[0], [group]))
            groups.remove(group)
            lines.remove(named[0])
    return found


def _by_sum(groups: list[Group], lines: list[Alone]) -> Pairs:
    """As many batches as lines of one day and sum: which is which makes no difference."""
    same = defaultdict[tuple[date, int], tuple[list[Group], list[Alone]]](lambda: ([], []))
    for group in groups:
        same[group.day, group.ore][0].append(group)
    for line in lines:
        if (line.day, line.ore) in same:
            same[line.day, line.ore][1].append(line)
    found: Pairs = []
    for some, alone in same.values():
        if len(some) == len(alone) and not _others_payers(some, alone):
            found += [(line, [group]) for line, group in zip(alone, some, strict=True)]
    _take_out(found, groups, lines)
    return found


def _others_payers(groups: Iterable[Group], lines: Iterable[Alone]) -> bool:
    """Whether the lines tell of payers whom the details do not know."""
    known = set().union(*(group.payers for group in groups))
    told = {line.payer for line in lines if line.payer is not None}
    return bool(known and told - known)


def _by_day(groups: list[Group], lines: list[Alone]) -> Pairs:
    """All details of a day that are in no batch of several are one line (a day's Swish)."""
    by_day = defaultdict[date, list[Group]](list)
    for group in groups:
        if group.is_one or not group.batch_ref:
            by_day[group.day].append(group)
    found: Pairs = []
    for day, some in by_day.items():
        whole = sum(group.ore for group in some)
        alone = [line for line in lines if line.day == day and line.ore == whole]
        if len(alone) == 1 and len(some) > 1:
            found.append((alone[0], some))
    _take_out(found, groups, lines)
    return found


def _take_out(found: Pairs, groups: list[Group], lines: list[Alone]) -> None:
    for line, some in found:
        lines.remove(line)
        for group in some:
            groups.remove(group)


_JOIN = """
  UPDATE reconciliation_item SET line_id = %s, part_of_id = %s
   WHERE id = ANY(%s) AND line_id IS NULL AND part_of_id IS NULL"""


def _put_together(line: Alone, items: Sequence[int], by: str) -> None:
    whole = Item.objects.select_for_update(no_key=True).get(pk=line.item_id)
    suspense.release(whole, by=by)
    with connection.cursor() as cursor:
        cursor.execute(_JOIN, [line.line_id, whole.pk, list(items)])
    Match.objects.filter(item=whole, state=Match.State.SUGGESTED).update(
        state=Match.State.STALE, ended_by=by, ended_at=suspense.now(), ended_why="details_came"
    )
    whole.state = Item.State.SPLIT
    whole.save(update_fields=["state"])
