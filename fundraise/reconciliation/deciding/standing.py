"""One door for everything that comes to stand: locked, checked, booked, learned and logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.reconciliation import booking, exceptions, suspense, watching
from fundraise.reconciliation.deciding import learning
from fundraise.reconciliation.deciding.errors import DecideError
from fundraise.reconciliation.models import Item, Kind, Line, Match, QueueItem, StatementFile
from fundraise.reconciliation.taking_back import ReturnError

OPEN = (Item.State.NEW, Item.State.SUGGESTED, Item.State.UNKNOWN)
ABOUT_ITEM = (QueueItem.Code.UNKNOWN_PAYER, QueueItem.Code.NOT_A_GIFT)


def open_item(item_id: int) -> Item:
    """An open item of a booked file, locked with its account. Raises DecideError."""
    item = (
        Item.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account__entity", "account__ledger_account", "statement__file", "line")
        .defer("statement__file__sealed")
        .get(pk=item_id)
    )
    if item.state not in OPEN:
        raise DecideError("not_open")
    if item.statement.file.state != StatementFile.State.BOOKED:
        raise DecideError("not_booked")
    return item


def _is_booked(item: Item) -> None:
    """An item that a file only told of may go again with its file. Raises DecideError."""
    file = StatementFile.objects.filter(statements__items=item).values_list("state", flat=True)
    if file[0] != StatementFile.State.BOOKED:
        raise DecideError("not_booked")


def keep(match: Match) -> None:
    """Write a match that stands. Raises DecideError("taken") when what it met is another's."""
    try:
        with transaction.atomic():
            match.save()
    except IntegrityError:
        raise DecideError("taken") from None


def stand(match: Match, *, by: str, learn: bool = True) -> None:
    """A match that was made or taken: its item is decided and in the books. In a transaction of the
    caller's, with the item locked. Raises DecideError."""
    item = match.item
    watching.one_at_a_time([match])
    if watching.is_stale(match):
        raise DecideError("stale")
    if match.kind == Kind.OWN_TRANSFER and match.other_item is not None:
        _is_booked(match.other_item)
    _end_others(match, by)
    if item.state != Item.State.MATCHED:
        item.state = Item.State.MATCHED
        item.save(update_fields=["state"])
    _book(match, by)
    subjects = [f"item:{item.ref}"]
    for code in ABOUT_ITEM:
        exceptions.solved(code, subjects, how="placed", by=by)
    if match.kind == Kind.OWN_TRANSFER and match.other_item is not None:
        _other_side(match, match.other_item, by)
    if learn and match.kind == Kind.GIFT:
        learning.learn(match, by=by)


def _book(match: Match, by: str) -> None:
    """Its line, where it was not ours before, and the match itself."""
    if match.kind == Kind.OTHER_BOOKS:
        keep_out([match.item])
        match.booked_at = clock.now()
        match.save(update_fields=["booked_at"])
        return
    try:
        book_line(match.item, by)
        with transaction.atomic():
            booking.book_matches([match])
    except ReturnError as error:
        raise DecideError("sum" if error.code == "amount" else "stale") from None
    except IntegrityError:
        raise DecideError("taken") from None


def keep_out(items: Sequence[Item]) -> None:
    """Whole lines of a shared account are of other books: summed, never booked.

    Raises DecideError: dedicated, booked (it is in our books), batch (some of the line is ours).
    """
    for item in items:
        if not item.account.is_shared:
            raise DecideError("dedicated")
        if item.line is None or item.line.journal_id is not None:
            raise DecideError("booked")
    lines = Line.objects.filter(pk__in={item.line_id for item in items}, other_books=False)
    chosen = {item.pk for item in items}
    whole = Item.objects.filter(line__in=lines).exclude(state__in=Item.TOLD_BY_OTHERS)
    if whole.exclude(pk__in=chosen).exists():
        raise DecideError("batch")
    lines.update(other_books=True)
    for item in items:
        if item.line is not None:
            item.line.other_books = True


def book_line(item: Item, by: str) -> None:
    """The line of an item of ours; on a shared account its other items go to suspense."""
    if item.line_id is None:
        return
    line = Line.objects.select_related("account__ledger_account").get(pk=item.line_id)
    booked = StatementFile.objects.filter(statements__lines=line, state=StatementFile.State.BOOKED)
    if line.journal_id is not None or line.other_books or not booked.exists():
        return
    booking.book_lines([line], by=by)
    others = (
        Item.objects.filter(line=line, state__in=OPEN, suspense_journal=None)
        .exclude(pk=item.pk)
        .select_related("account")
    )
    suspense.park(list(others), by=by)


def _end_others(match: Match, by: str) -> None:
    """Other suggestions for the item, and suggestions of others for what this one met."""
    about = Q(item_id=match.item_id)
    for name in ("gift_id", "refund_id"):
        value = getattr(match, name)
        if value is not None and match.kind in {Kind.GIFT, Kind.REFUND}:
            about |= Q(**{name: value, "kind": match.kind})
    rows = Match.objects.filter(about, state=Match.State.SUGGESTED).exclude(pk=match.pk)
    watching.end(list(rows), by=by, why="other_taken")


def _other_side(match: Match, opposite: Item, by: str) -> None:
    """The opposite item of a transfer is decided with it."""
    other = Item.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=opposite.pk, state__in=OPEN
    )
    item = other.select_related("account__entity", "account__ledger_account", "line").first()
    if item is None or item.amount_ore != -match.item.amount_ore:
        return
    twin = Match.objects.create(
        item=item,
        state=Match.State.STANDS,
        kind=Kind.OWN_TRANSFER,
        rule_id=match.rule_id,
        evidence=match.evidence,
        other_item=match.item,
        by=by[:60],
        made_at=clock.now(),
    )
    stand(twin, by=by, learn=False)


def log(match: Match, action: str, by: str, more: Mapping[str, object] | None = None) -> None:
    """What was said of an item, in codes, sums and refs."""
    audit.log_change(
        by=by,
        action=action,
        subject_type="match",
        subject_ref=match.ref,
        after={
            "kind": match.kind,
            "amount_ore": match.item.amount_ore,
            "item": match.item.ref,
            **(more or {}),
        },
        reason=match.why,
    )
