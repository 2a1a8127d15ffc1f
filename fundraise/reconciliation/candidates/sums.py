"""Sums that a provider, we ourselves or another account tell of: payouts, deposits, refunds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models import Sum as Total

from fundraise import clock
from fundraise.gifts.models import Refund
from fundraise.providers.giro.models import Deposit
from fundraise.providers.models import Payout
from fundraise.reconciliation.limits_of_sums import NEVER_CAME, left_of_payout
from fundraise.reconciliation.matching.seen import Sum
from fundraise.reconciliation.models import Item, Match

AROUND = timedelta(days=15)
TAKEN_BACK_WITHIN = timedelta(days=60)
CONFIRMED_BEFORE = timedelta(days=120)  # so long a refund that staff confirmed waits for its line
LEAST_SERIAL = 1000  # a shorter number stands in many texts
STANDS = Match.State.STANDS
IN = "15"  # TK15: money into the account
CONFIRMED_WITHIN, CONFIRMED_TIMES = timedelta(days=400), 3  # a year's fee, said yes to by persons


def payouts(
    entity_id: int, days: tuple[date, date], *, is_in: bool, as_before: bool = False
) -> tuple[Sum, ...]:
    """Payouts of an entity's accounts, with what no line has shown of them yet that way.

    One that was shown wholly is told too: what names it is no other payout. `as_before`: as when no
    line had been decided, for the trial of a rule.
    """
    rows = Payout.objects.filter(
        account__entity_id=entity_id,
        arrives_on__gte=days[0] - AROUND,
        arrives_on__lte=days[1] + AROUND,
    )
    shown = {} if as_before else _shown("payout", [row.pk for row in rows])
    return tuple(
        Sum(
            row.pk,
            left_of_payout(
                row.amount_ore, *shown.get(row.pk, (0, 0)),
                failed=row.state in NEVER_CAME, is_in=is_in,
            ),
            row.arrives_on,
            _names(row.trace_id, row.provider_ref),
        )
        for row in rows.order_by("pk")
    )  # fmt: skip


def deposits(
    entity_id: int, days: tuple[date, date], *, as_before: bool = False
) -> tuple[Sum, ...]:
    """What autogiro's specifications say moved on the account, and no line has shown yet."""
    rows = Deposit.objects.filter(
        agreement__account__entity_id=entity_id,
        day__gte=days[0] - AROUND,
        day__lte=days[1] + AROUND,
    ).exclude(amount_ore=0)
    shown = {} if as_before else _shown("deposit", [row.pk for row in rows])
    found = []
    for row in rows.order_by("pk"):
        left = (row.amount_ore if row.code == IN else -row.amount_ore) - shown.get(row.pk, (0, 0))[
            0
        ]
        serial = str(row.serial) if row.serial >= LEAST_SERIAL else ""
        if left:
            found.append(Sum(row.pk, left, row.day, _names(serial)))
    return tuple(found)


def refunds(entity_id: int) -> tuple[Sum, ...]:
    """Refunds that left us and that no line has shown."""
    rows = refunds_not_shown(entity_id).filter(
        Q(state__in=[Refund.State.QUEUED, Refund.State.SENT])
        | Q(created_at__gte=clock.now() - CONFIRMED_BEFORE)
    )
    return tuple(
        Sum(
            row.pk,
            -row.amount_ore,
            clock.local_date(row.sent_at or row.created_at),
            _names(row.ref.hex, str(row.ref), row.provider_ref or "", row.idempotency_key),
        )
        for row in rows.order_by("pk")
    )


def refunds_not_shown(entity_id: int) -> QuerySet[Refund]:
    """Sent, or said by staff to have left, without a line of the bank's."""
    shown = Match.objects.filter(refund=OuterRef("pk"), state=STANDS, kind="refund")
    left = Q(state__in=[Refund.State.QUEUED, Refund.State.SENT]) | Q(
        state=Refund.State.SETTLED, provider_ref__startswith="manual:"
    )
    return Refund.objects.filter(
        left,
        ~Exists(shown),
        gift__entity_id=entity_id,
        gift__channel__in=["bank", "swish_number", "autogiro"],
    )


def gifts_to_take_back(account_id: int, amounts: Collection[int], day: date) -> tuple[Sum, ...]:
    """Gifts of an account's lines, as the returns that would undo them (below zero)."""
    rows = Match.objects.filter(
        item__account_id=account_id,
        item__amount_ore__in=[-ore for ore in amounts],
        item__booked_on__gte=day - TAKEN_BACK_WITHIN,
        state=STANDS,
        kind="gift",
        gift__refunded_ore=0,
    )
    values = rows.order_by("pk").values_list(
        "gift_id", "item__amount_ore", "item__booked_on", "item__bank_ref", "item__reference"
    )
    return tuple(
        Sum(gift, -ore, on, _names(bank_ref, reference))
        for gift, ore, on, bank_ref, reference in values
        if gift is not None
    )


def refunds_to_take_back(account_id: int, day: date) -> tuple[Sum, ...]:
    """Refunds that an account's lines have shown, as what would come back of them."""
    rows = Match.objects.filter(
        item__account_id=account_id,
        item__booked_on__gte=day - TAKEN_BACK_WITHIN,
        state=STANDS,
        kind="refund",
        refund__state=Refund.State.SETTLED,
    ).select_related("refund", "item")
    return tuple(
        Sum(
            row.refund_id,
            row.refund.amount_ore,
            row.item.booked_on,
            _names(row.refund.ref.hex, str(row.refund.ref), row.item.bank_ref),
        )
        for row in rows.order_by("pk")
        if row.refund is not None and row.refund_id is not None
    )


def opposites(
    account_id: int,
    entity_id: int,
    amounts: Collection[int],
    days: tuple[date, date],
    *,
    as_before: bool = False,
) -> dict[int, tuple[Sum, ...]]:
    """Open items of the entity's other accounts, by the sum that would be their opposite."""
    states = [Item.State.NEW, Item.State.SUGGESTED, Item.State.UNKNOWN]
    rows = Item.objects.filter(
        account__entity_id=entity_id,
        amount_ore__in=[-ore for ore in amounts],
        booked_on__gte=days[0] - AROUND,
        booked_on__lte=days[1] + AROUND,
        state__in=[*states, Item.State.MATCHED] if as_before else states,
    ).exclude(account_id=account_id)
    found = defaultdict[int, list[Sum]](list)
    for pk, ore, on in rows.order_by("pk").values_list("pk", "amount_ore", "booked_on"):
        found[-ore].append(Sum(pk, ore, on))
    return {ore: tuple(sums) for ore, sums in found.items()}


def confirmed(entity_id: int, kinds: Collection[str]) -> frozenset[tuple[str, int]]:
    """Kinds with sums that persons have confirmed often enough of late."""
    rows = Match.objects.filter(
        item__account__entity_id=entity_id, state=STANDS, kind__in=kinds,
        made_at__gte=clock.now() - CONFIRMED_WITHIN,
    ).exclude(by__startswith="system:")  # fmt: skip
    told = rows.values_list("kind", "item__amount_ore").annotate(times=Count("pk")).order_by()
    return frozenset((kind, ore) for kind, ore, times in told if times >= CONFIRMED_TIMES)


def _shown(what: str, ids: list[int]) -> dict[int, tuple[int, int]]:
    """How much of each the lines have shown so far, and how many lines."""
    if not ids:
        return {}
    rows = Match.objects.filter(state=STANDS, **{f"{what}__in": ids}).values(f"{what}_id")
    told = rows.annotate(ore=Total("item__amount_ore"), lines=Count("pk")).order_by()
    return {row[f"{what}_id"]: (row["ore"], row["lines"]) for row in told}


def _names(*texts: str) -> frozenset[str]:
    return frozenset(text.casefold() for text in texts if text)
