"""Lines and decided items as journals: every item leaves clearing by one journal.

A line of ours is booked first (bank against clearing), so that the books' bank follows the bank at
once; what an item is, or that nobody knows, is booked after it. Everything here runs in the
caller's transaction with its items locked, and locks the ledger, so it comes last.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from fundraise import clock
from fundraise.ledger.models import Journal
from fundraise.ledger.services import JournalDraft, post_journals
from fundraise.reconciliation import gift_booking, suspense, taking_back
from fundraise.reconciliation.models import Kind, Line, Match
from fundraise.reconciliation.movement import Booked, clearing_of, draft_of, source_of
from fundraise.reconciliation.suspense import CLEARING, SERIES, entry

# What an item is -> the role of the account it belongs to.
ROLES = {
    Kind.MEMBERSHIP: "membership",
    Kind.PUBLIC_SUPPORT: "public_support",
    Kind.SALE: "sales",
    Kind.LOTTERY: "lottery",
    Kind.LOAN: "loan",
    Kind.WITHIN_PARTY: "within_party",
    Kind.OTHER_INCOME: "other_income",
    Kind.INTEREST: "interest",
    Kind.BANK_FEE: "fees",
    Kind.OWN_TRANSFER: "own_transfer",
    Kind.PAYOUT: "payout_in_transit",
    Kind.CASH_DEPOSIT: "cash",
}
# Booked where they were told of; the bank's line is all that was missing.
BOOKED_ELSEWHERE = {Kind.AUTOGIRO, Kind.AUTHORITY, Kind.OTHER_BOOKS}


def book_lines(lines: Sequence[Line], *, by: str) -> None:
    """Bank against clearing, for lines that are not booked."""
    waiting = [line for line in lines if line.journal_id is None and not line.other_books]
    drafts = [
        JournalDraft(
            entity_id=line.account.entity_id,
            series=SERIES,
            event_date=line.booked_on,
            text=f"Bankrad {line.ref}",
            source=f"bank:line:{line.ref}",
            by=by,
            entries=[entry(str(line.account.ledger_account.number), CLEARING, line.amount_ore)],
            document=f"statement:{line.statement_id}",
        )
        for line in waiting
    ]
    for line, posted in zip(waiting, post_journals(drafts), strict=True):
        line.journal_id = posted.id
    _set("reconciliation_line", "journal_id", [(line.pk, line.journal_id) for line in waiting])


def book_matches(matches: Sequence[Match]) -> None:
    """Journals of matches that stand and are not booked, with `item__account` at hand.

    Raises taking_back.ReturnError for a return that names nothing that can be undone.
    """
    done = Booked()
    waiting = [match for match in matches if match.booked_at is None]
    _release_where_booked_elsewhere(waiting)
    new = [match for match in waiting if gift_booking.is_new(match)]
    known = [match for match in waiting if match.kind == Kind.GIFT and match.gift_id is not None]
    gift_booking.book_new(new, done)
    for match in known:
        gift_booking.book_known(match)
    gift_booking.owe(known, done)
    for match in waiting:
        if match.kind == Kind.REFUND:
            taking_back.refund_shown(match)
        elif match.kind == Kind.RETURN:
            taking_back.returned(match)
    gift_booking.owe([match for match in waiting if match.kind == Kind.RETURN], done)
    _book_kinds([match for match in waiting if match.kind in ROLES], done)
    _book_settlements([match for match in waiting if match.kind == Kind.SETTLEMENT], done)
    _note(waiting, done)


# --- Everything else ------------------------------------------------------------------------------
def _book_kinds(matches: Sequence[Match], done: Booked) -> None:
    drafts = [
        draft_of(
            match,
            entry(clearing_of(match), ROLES[Kind(match.kind)], match.item.amount_ore),
            _TEXTS[Kind(match.kind)],
        )
        for match in matches
    ]
    for match, posted in zip(matches, post_journals(drafts), strict=True):
        done.journals[match.pk] = posted.id


def _book_settlements(matches: Sequence[Match], done: Booked) -> None:
    """What another entity owed us came; what we owed went."""
    drafts = [
        draft_of(
            match,
            entry(
                clearing_of(match),
                "owed_by_entity" if match.item.amount_ore > 0 else "owed_to_entity",
                match.item.amount_ore,
            ),
            "Avräkning",
        )
        for match in matches
    ]
    for match, posted in zip(matches, post_journals(drafts), strict=True):
        done.journals[match.pk] = posted.id


_TEXTS = {
    Kind.MEMBERSHIP: "Medlemsavgift",
    Kind.PUBLIC_SUPPORT: "Offentligt stöd",
    Kind.SALE: "Försäljning",
    Kind.LOTTERY: "Lotteri",
    Kind.LOAN: "Lån",
    Kind.WITHIN_PARTY: "Bidrag inom partiet",
    Kind.OTHER_INCOME: "Övrig intäkt",
    Kind.INTEREST: "Ränta",
    Kind.BANK_FEE: "Bankavgift",
    Kind.OWN_TRANSFER: "Egen överföring",
    Kind.PAYOUT: "Utbetalning",
    Kind.CASH_DEPOSIT: "Insatta kontanter",
}


def _release_where_booked_elsewhere(matches: Sequence[Match]) -> None:
    """What another file booked against clearing must not lie in suspense as well."""
    for match in matches:
        gift = match.gift if match.kind == Kind.GIFT else None
        entered = gift is not None and gift.state == gift.State.RECEIVED
        if match.kind in BOOKED_ELSEWHERE or entered:
            suspense.release(match.item, by=match.by)


# --- What is noted --------------------------------------------------------------------------------
def _note(matches: Sequence[Match], done: Booked) -> None:
    """Each match is booked, with its journal and its gift."""
    for match in matches:
        if match.pk not in done.journals and match.kind in {Kind.GIFT, Kind.REFUND, Kind.RETURN}:
            found = Journal.objects.filter(
                source=source_of(match), entity_id=match.item.account.entity_id
            ).first()
            if found is not None:
                done.journals[match.pk] = found.pk
        match.booked_at = clock.now()
        match.journal_id = done.journals.get(match.pk)
    rows = [(one.pk, one.journal_id, one.gift_id, one.refund_id) for one in matches]
    if rows:
        with connection.cursor() as cursor:
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(_BOOKED, [clock.now(), *columns])


_BOOKED = """
  UPDATE reconciliation_match m
     SET booked_at = %s, journal_id = t.journal, gift_id = t.gift, refund_id = t.refund
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
      AS t(id, journal, gift, refund)
   WHERE m.id = t.id"""


def _set(table: str, column: str, pairs: Sequence[tuple[int, int | None]]) -> None:
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} r SET {column} = t.value"  # noqa: S608
            " FROM unnest(%s::bigint[], %s::bigint[]) AS t(id, value) WHERE r.id = t.id",
            [list(values) for values in zip(*pairs, strict=True)],
        )
