"""Open items are looked at again: what was not known when they came may be known by now.

A payout that Stripe tells of a day late, a payer confirmed yesterday, a rule switched on. What a
person refused is not suggested again. Batches whose payers have not come become anybody's matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count

from fundraise import bankdays, clock, crypto
from fundraise.reconciliation import exceptions, rules, said, watching
from fundraise.reconciliation.candidates import Finder
from fundraise.reconciliation.deciding.standing import ABOUT_ITEM
from fundraise.reconciliation.inbox import booking_files
from fundraise.reconciliation.inbox.rows import PAYER
from fundraise.reconciliation.matching.seen import Decision, Seen
from fundraise.reconciliation.matching.words import codes, folded
from fundraise.reconciliation.models import BankAccount, Item, Match, StatementFile
from fundraise.reconciliation.noting import evidence
from fundraise.reconciliation.said import NOTHING, Said

AT_ONCE = 1000
BACK = timedelta(days=120)  # older items are a person's
DETAILS_LATE = 5  # bank days after which payers that should follow are missed
BY = "system:rules"
OPEN = (Item.State.SUGGESTED, Item.State.UNKNOWN)


@dataclass(slots=True)
class Found:
    """What looking again came to."""

    looked_at: int = 0
    matched: int = 0
    suggested: int = 0
    stale: int = 0


def rematch(account: BankAccount, *, by: str = BY) -> Found:
    """Look at an account's open items again. Harmless when nothing has changed."""
    found, finder = Found(), Finder(account, rules.current(account.entity_id))
    for ids in _chunks(account):
        with transaction.atomic():
            _again(finder, ids, found, by)
    return found


def _chunks(account: BankAccount) -> Iterator[list[int]]:
    last = 0
    rows = Item.objects.filter(
        account=account,
        state__in=OPEN,
        statement__file__state=StatementFile.State.BOOKED,
        booked_on__gte=clock.today() - BACK,
    ).exclude(line__other_books=True)
    while ids := list(
        rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        yield ids
        last = ids[-1]


def _again(finder: Finder, ids: Sequence[int], found: Found, by: str) -> None:
    items = list(
        Item.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .filter(pk__in=ids, state__in=OPEN)
        .select_related("account__entity", "account__ledger_account", "part_of", "line")
        .order_by("pk")
    )
    decisions = finder.decide(seen(items))
    before = _before(items)
    found.looked_at += len(items)
    auto: list[Item] = []
    for item in items:
        decision, known = decisions[item.pk], before.get(item.pk, [])
        found.stale += _end_stale(known, by)
        if decision.mode == "none" or any(_same(decision, match) for match in known):
            continue
        _note(item, decision, by)
        if decision.mode == "auto":
            auto.append(item)
            found.matched += 1
        else:
            found.suggested += 1
    _book(auto, by)


def _book(items: list[Item], by: str) -> None:
    """What is placed now leaves the queue."""
    if not items:
        return
    booking_files.book_lines_of(items, by=by)
    booking_files.book_items(items)
    for code in ABOUT_ITEM:
        exceptions.solved(code, [f"item:{item.ref}" for item in items], how="placed")


def _before(items: Sequence[Item]) -> dict[int, list[Match]]:
    found: dict[int, list[Match]] = {}
    rows = Match.objects.filter(
        item__in=items, state__in=[Match.State.SUGGESTED, Match.State.REFUSED, Match.State.UNDONE]
    ).select_related("item", "gift", "payout", "deposit", "refund")
    for match in rows:
        found.setdefault(match.item_id, []).append(match)
    return found


def _end_stale(known: Sequence[Match], by: str) -> int:
    stale = [
        match
        for match in known
        if match.state == Match.State.SUGGESTED and watching.is_stale(match)
    ]
    watching.end(stale, by=by)
    return len(stale)


def _same(decision: Decision, match: Match) -> bool:
    """Whether it was said before; a suggestion that a rule may take by itself now is new."""
    if match.state == Match.State.SUGGESTED and decision.mode == "auto":
        return False
    if match.state == Match.State.STALE:
        return False
    return (
        decision.kind, decision.donor_id, decision.gift_id, decision.payout_id,
        decision.deposit_id, decision.refund_id, decision.other_item_id,
    ) == (
        match.kind, match.donor_id, match.gift_id if not match.makes_gift else None,
        match.payout_id, match.deposit_id, match.refund_id, match.other_item_id,
    )  # fmt: skip


def _note(item: Item, decision: Decision, by: str) -> None:
    stands = decision.mode == "auto"
    if stands:
        rows = Match.objects.filter(item=item, state=Match.State.SUGGESTED)
        watching.end(list(rows.select_related("item")), by=by, why="other_taken")
    Match.objects.create(
        item=item,
        state=Match.State.STANDS if stands else Match.State.SUGGESTED,
        kind=decision.kind,
        rule_id=decision.rule,
        evidence=evidence(decision.found, decision.exceptions, decision.usual_ore),
        donor_id=decision.donor_id,
        campaign_id=decision.campaign_id,
        entity_id=decision.entity_id,
        gift_id=decision.gift_id,
        makes_gift=decision.kind == "gift" and decision.gift_id is None,
        payout_id=decision.payout_id,
        deposit_id=decision.deposit_id,
        refund_id=decision.refund_id,
        other_item_id=decision.other_item_id,
        by=by,
        made_at=clock.now(),
    )
    item.state = Item.State.MATCHED if stands else Item.State.SUGGESTED
    item.save(update_fields=["state"])


def seen(items: Sequence[Item]) -> list[Seen]:
    """Items that were kept, as the rules saw them when their file was read: what the bank says of a
    line is said of its only item too. Raises crypto.CryptoError when a key is missing."""
    told, sole = said.of(items), _sole(items)
    lines = {item.pk: item.line for item in items if item.line is not None and item.pk in sole}
    texts = said.texts(lines.values())
    return [
        _seen(
            item, told.get(item.pk, NOTHING),
            text=texts.get(lines[item.pk].pk, "") if item.pk in lines else "",
            is_sole=item.pk in sole,
        )
        for item in items
    ]  # fmt: skip


def _sole(items: Sequence[Item]) -> set[int]:
    """Those that are the whole of their line; without a line, those that name no batch."""
    whole = [item for item in items if item.part_of_id is None]
    beside = (
        Item.objects.filter(line__in={item.line_id for item in whole} - {None}, part_of=None)
        .values("line")
        .annotate(number=Count("pk"))
    )
    shared = set(beside.filter(number__gt=1).values_list("line", flat=True))
    return {
        item.pk
        for item in whole
        if (item.line_id not in shared if item.line_id is not None else not item.batch_ref)
    }


def _seen(item: Item, told: Said, *, text: str, is_sole: bool) -> Seen:
    known_by = told.account or told.phone
    keys = tuple(crypto.lookup_hashes(PAYER, known_by)) if known_by else ()
    if not keys and item.payer_key is not None:
        keys = (bytes(item.payer_key),)
    return Seen(
        key=item.pk,
        place=(item.booked_on, bytes(item.fingerprint), item.nth),
        amount_ore=item.amount_ore,
        booked_on=item.booked_on,
        reference=item.reference,
        codes=codes(told.message or text),
        end_to_end=told.end_to_end,
        bank_ref=item.bank_ref,
        payer_keys=keys,
        has_payer=bool(told.name or known_by),
        name=told.name,
        words=folded(f"{told.message} {text} {told.order}"),
        code=item.code,
        is_return=item.is_return,
        is_sole=is_sole,
    )


@transaction.atomic
def miss_details(account: BankAccount, *, by: str = BY) -> int:
    """Batches whose payers should have come by now are unknown, and lie in suspense."""
    latest = bankdays.add(clock.today(), -DETAILS_LATE)
    items = list(
        Item.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            account=account,
            state=Item.State.NEW,
            statement__file__state=StatementFile.State.BOOKED,
            booked_on__lt=latest,
        )
        .select_related("account__entity", "account__ledger_account")
        .order_by("pk")
    )
    for item in items:
        item.state = Item.State.UNKNOWN
    Item.objects.bulk_update(items, ["state"], batch_size=1000)
    booking_files.park_items([item for item in items if item.line_id is not None], by=by)
    return len(items)
