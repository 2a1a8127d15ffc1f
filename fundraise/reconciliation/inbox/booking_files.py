"""A file that was looked at is booked: lines first, then what each item is, some thousands at once.

The file is said to be booked in the first transaction; whatever a lost process leaves is taken up
again (`finish`), and nothing is booked twice: every journal has its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import transaction
from django.db.models import Count, Q

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.ledger.models import Period
from fundraise.providers.models import Account
from fundraise.reconciliation import booking, exceptions, suspense, watching
from fundraise.reconciliation.formats.base import Kind
from fundraise.reconciliation.inbox import chain, doors, leaning, stripe_payouts, tying
from fundraise.reconciliation.inbox.storing import InboxError, content_of
from fundraise.reconciliation.models import BankAccount, Item, Line, Match, QueueItem, StatementFile

AT_ONCE = 2000
State = StatementFile.State
Code = QueueItem.Code


@dataclass(frozen=True, slots=True)
class Booked:
    """What booking a file came to: how many of its items stand, are suggested and are unknown."""

    file: StatementFile
    lines: int
    matched: int
    suggested: int
    unknown: int


def book(file_id: int, *, by: str) -> Booked:
    """Book what a file brought. Booked before: what is left of it, harmlessly.

    Raises InboxError("not_read") for a file that was refused, put away or not read yet.
    """
    with transaction.atomic():
        file = _locked(file_id)
        if file.state not in {State.READ, State.BOOKED}:
            raise InboxError("not_read")
        if file.state == State.READ:
            file = leaning.stand_alone(file, doors.read_stored)
            if file.state != State.READ:  # it does not fit what was booked meanwhile
                return _counted(file)
            file.state, file.booked_at, file.booked_by = State.BOOKED, clock.now(), by[:60]
            file.save(update_fields=["state", "booked_at", "booked_by"])
            audit.log_change(
                by=by,
                action="statement_file.booked",
                subject_type="statement_file",
                subject_ref=file.ref,
                after={"kind": file.kind, "rows": file.new_lines, "count": file.new_items},
            )
            _book_report(file)
            for account in accounts_of(file):
                chain.link(account)
                tying.tie(account, since=_first_day(file, account), by=by)
    finish(file)
    return _counted(file)


def _book_report(file: StatementFile) -> None:
    """Stripe's report of payouts, as if Stripe had told of them."""
    if file.kind != Kind.STRIPE_PAYOUTS:
        return
    account = Account.objects.get(provider="stripe", slug=file.facts["stripe_account"])
    stripe_payouts.book(content_of(StatementFile.objects.get(pk=file.pk)), account)


def _first_day(file: StatementFile, account: BankAccount) -> date:
    """The first day that the file tells of."""
    rows = file.statements.filter(account=account)
    return rows.order_by("from_day").values_list("from_day", flat=True)[0]


def accounts_of(file: StatementFile) -> list[BankAccount]:
    """Whose statements stand in it, in a fixed order."""
    rows = BankAccount.objects.filter(statements__file=file).distinct()
    return list(rows.select_related("entity").order_by("pk"))


def finish(file: StatementFile) -> None:
    """Everything of a booked file that is not in the books yet."""
    by = file.booked_by
    for ids in _chunks(Line, _lines(file)):
        with transaction.atomic():
            booking.book_lines(_locked_rows(Line, _lines(file), ids), by=by)
    for ids in _chunks(Item, _decided(file)):
        with transaction.atomic():
            items = _locked_rows(Item, _decided(file), ids)
            book_lines_of([item for item in items if item.account.is_shared], by=by)
            book_items(items)
    for ids in _chunks(Item, _open(file)):
        with transaction.atomic():
            park_items(_locked_rows(Item, _open(file), ids), by=by)


def unfinished() -> list[StatementFile]:
    """Booked files of which something is not in the books yet: a process was lost."""
    left = Match.objects.filter(
        state=Match.State.STANDS, booked_at=None, item__statement__file__state=State.BOOKED
    ).values("item__statement__file")
    unbooked = Line.objects.filter(
        journal=None,
        other_books=False,
        account__is_shared=False,
        statement__file__state=State.BOOKED,
    ).values("statement__file")
    loose = Item.objects.filter(
        line__journal__isnull=False,
        suspense_journal=None,
        state__in=[Item.State.SUGGESTED, Item.State.UNKNOWN],
    ).values("statement__file")
    which = Q(pk__in=left) | Q(pk__in=unbooked) | Q(pk__in=loose, state=State.BOOKED)
    rows = StatementFile.objects.filter(which).defer("sealed")
    return list(rows.order_by("pk"))


def book_lines_of(items: list[Item], *, by: str) -> None:
    """The lines of items that stand, where a shared account's were not ours before."""
    lines = Line.objects.filter(
        items__in=items, journal=None, other_books=False, statement__file__state=State.BOOKED
    ).select_related("account__ledger_account")
    booking.book_lines(list(lines.distinct().order_by("pk")), by=by)


def book_items(items: list[Item]) -> None:
    """Book what stands of these; what is not true any more is looked at again."""
    matches = list(
        Match.objects.filter(item__in=items, state=Match.State.STANDS, booked_at=None)
        .select_related("campaign", "gift", "refund__gift", "payout", "deposit")
        .order_by("item_id")
    )
    rows = {item.pk: item for item in items}
    for match in matches:
        match.item = rows[match.item_id]
    true = watching.still_true(matches)
    booking.book_matches(true)
    _tell(true)


def park_items(items: list[Item], *, by: str) -> None:
    """Into suspense, and into the queue where no rule has a word."""
    suspense.park(items, by=by)
    exceptions.open_many(
        exceptions.Found(
            Code.UNKNOWN_PAYER if item.amount_ore > 0 else Code.NOT_A_GIFT,
            f"item:{item.ref}",
            item.account.entity_id,
            item.amount_ore,
        )
        for item in items
        if item.state == Item.State.UNKNOWN
    )


def _tell(matches: Iterable[Match]) -> None:
    """What a rule remarked, and money that belongs to a closed month."""
    told = list(matches)
    found = [
        exceptions.Found(code, f"match:{match.ref}", match.item.account.entity_id,
                         match.item.amount_ore, {"found": match.evidence.get("found", [])})
        for match in told
        for code in match.evidence.get("exceptions", ())
    ]  # fmt: skip
    closed = _closed_months({match.item.account.entity_id for match in told})
    found += [
        exceptions.Found(
            Code.CLOSED_PERIOD,
            f"match:{match.ref}",
            match.item.account.entity_id,
            match.item.amount_ore,
        )
        for match in told
        if (match.item.account.entity_id, match.item.booked_on.replace(day=1)) in closed
    ]
    exceptions.open_many(found)


def _closed_months(entities: set[int]) -> set[tuple[int, date]]:
    rows = Period.objects.filter(entity_id__in=entities).exclude(state=Period.State.OPEN)
    return set(rows.values_list("entity_id", "first_day"))


# --- What is left to do ---------------------------------------------------------------------------
def _lines(file: StatementFile) -> Q:
    """Lines of dedicated accounts; of a shared one those with something of ours in them."""
    mine = Q(account__is_shared=False) | Q(items__matches__state=Match.State.STANDS) & ~Q(
        items__matches__kind="other_books"
    )
    return Q(statement__file=file, journal=None, other_books=False) & mine


def _decided(file: StatementFile) -> Q:
    return Q(
        statement__file=file,
        matches__state=Match.State.STANDS,
        matches__booked_at=None,
    )


def _open(file: StatementFile) -> Q:
    """Booked with their line, or details that came alone; not what waits for its own details."""
    placed = Q(line__journal__isnull=False) | Q(line=None, account__is_shared=False)
    return (
        Q(statement__file=file, suspense_journal=None)
        & Q(state__in=[Item.State.SUGGESTED, Item.State.UNKNOWN])
        & placed
    )


M = TypeVar("M", Line, Item)


def _chunks(model: type[M], which: Q) -> Iterator[list[int]]:
    """Keys of what is left to do, some thousands at once."""
    last = 0
    while True:
        rows = model._default_manager.filter(which, pk__gt=last).order_by("pk").distinct()
        ids = list(rows.values_list("pk", flat=True)[:AT_ONCE])
        if not ids:
            return
        yield ids
        if len(ids) < AT_ONCE:
            return
        last = ids[-1]


def _locked_rows(model: type[M], which: Q, ids: list[int]) -> list[M]:
    """Those of which it is still so, now that they are locked."""
    rows = (
        model._default_manager.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=ids)
        .select_related("account__entity", "account__ledger_account")
        .order_by("pk")
    )
    found = list(rows)
    still = model._default_manager.filter(which, pk__in=ids).values_list("pk", flat=True)
    left = set(still)
    return [row for row in found if row.pk in left]


def _locked(file_id: int) -> StatementFile:
    rows = StatementFile.objects.select_for_update(no_key=True).defer("sealed")
    return rows.get(pk=file_id)


def _counted(file: StatementFile) -> Booked:
    states = Item.objects.filter(statement__file=file, part_of=None).values_list("state")
    number = dict(states.annotate(n=Count("pk")).order_by())
    return Booked(
        file,
        Line.objects.filter(statement__file=file).count(),
        number.get(Item.State.MATCHED, 0),
        number.get(Item.State.SUGGESTED, 0),
        number.get(Item.State.UNKNOWN, 0) + number.get(Item.State.NEW, 0),
    )
