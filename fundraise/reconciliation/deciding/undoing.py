"""A decision is undone: what it booked is reversed, and its item is open again, in suspense.

In a month that is closed a second person must agree first.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from fundraise import clock
from fundraise.audit import reasons
from fundraise.gifts import refunds
from fundraise.gifts.booking import Movement
from fundraise.gifts.models import Gift, Refund
from fundraise.gifts.refunds import RefundError
from fundraise.gifts.undoing import undo_gift
from fundraise.ledger import services as ledger
from fundraise.ledger.models import Journal, Period
from fundraise.reconciliation import proposals, returned
from fundraise.reconciliation.deciding import learning, standing
from fundraise.reconciliation.deciding.errors import DecideError
from fundraise.reconciliation.inbox.booking_files import park_items
from fundraise.reconciliation.models import Item, Kind, Line, Match, Proposal
from fundraise.reconciliation.movement import source_of
from fundraise.reconciliation.taking_back import MANUAL, shown_by

State = Match.State


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of it: undone, or asked of a second person first."""

    match: Match
    proposal: Proposal | None = None


def undo(match_id: int, *, by: str, why: str) -> Undone:
    """Undo what stands. Raises DecideError: not_open, why, personal, refunded, final."""
    if not why.strip():
        raise DecideError("why")
    if reasons.tell_of_a_person(why):
        raise DecideError("personal")
    with transaction.atomic():
        match = _standing(match_id)
        if _in_closed_month(match):
            return Undone(match, _asked(match, by, why))
        _undo(match, by, why)
        return Undone(match)


def _asked(match: Match, by: str, why: str) -> Proposal:
    try:
        return proposals.ask(
            Proposal.Kind.UNDO,
            match.item.account.entity,
            f"match:{match.ref}",
            what={"match": str(match.ref)},
            by=by,
            why=why,
        )
    except proposals.ProposalError as error:
        raise DecideError(error.code) from None


def _agreed(proposal: Proposal, by: str) -> None:
    """The second person has agreed. Raises DecideError when it does not stand any more."""
    pk = Match.objects.values_list("pk", flat=True).get(ref=proposal.what["match"])
    _undo(_standing(pk), proposal.asked_by, proposal.why)


proposals.DOES[Proposal.Kind.UNDO] = _agreed


def _standing(match_id: int) -> Match:
    item_id = Match.objects.values_list("item_id", flat=True).get(pk=match_id)
    item = (
        Item.objects.select_for_update(of=("self",), no_key=True)
        .select_related("account__entity", "account__ledger_account")
        .get(pk=item_id)
    )
    match = (
        Match.objects.select_for_update(of=("self",), no_key=True)
        .select_related("gift", "refund", "journal__series", "campaign")
        .get(pk=match_id)
    )
    if match.state != State.STANDS or match.booked_at is None:
        raise DecideError("not_open")
    match.item = item
    return match


def _in_closed_month(match: Match) -> bool:
    """Whether anything that would be reversed stands in a closed month: of another entity whose
    gift it is, and of the other side of a transfer, too."""
    all_of_it = [match, *_with_it(match).select_related("item__account")]
    entities = {one.item.account.entity_id for one in all_of_it}
    entities |= {one.entity_id for one in all_of_it if one.entity_id is not None}
    rows = Journal.objects.filter(
        entity__in=entities, source__in=[source_of(one) for one in all_of_it]
    )
    shut = Period.objects.filter(entity__in=entities).exclude(state=Period.State.OPEN)
    closed = set(shut.values_list("entity_id", "first_day"))
    days = rows.values_list("entity_id", "accounting_date")
    return any((entity, day.replace(day=1)) in closed for entity, day in days)


def _undo(match: Match, by: str, why: str) -> None:
    _undo_one(match, by, why)
    for pk in _with_it(match).order_by("item_id").values_list("pk", flat=True):
        _undo_one(_standing(pk), by, why)


def _with_it(match: Match) -> QuerySet[Match]:
    """What stands or falls with it: the other side of a transfer, the rest of others' batch."""
    stands = Match.objects.filter(state=State.STANDS, kind=match.kind)
    if match.kind == Kind.OWN_TRANSFER and match.other_item_id is not None:
        return stands.filter(item=match.other_item_id, other_item=match.item_id)
    if match.kind == Kind.OTHER_BOOKS and match.item.line_id is not None:
        return stands.filter(item__line=match.item.line_id)
    return stands.none()


def _undo_one(match: Match, by: str, why: str) -> None:
    _take_out(match, by, why)
    match.state = State.UNDONE
    match.ended_by, match.ended_at, match.ended_why = by[:60], clock.now(), why[:200]
    match.save(update_fields=["state", "ended_by", "ended_at", "ended_why"])
    learning.unlearn(match)
    returned.undone(match, by=by)
    item = match.item
    item.state = Item.State.UNKNOWN
    item.save(update_fields=["state"])
    if match.kind == Kind.OTHER_BOOKS:
        Line.objects.filter(items=item).update(other_books=False)
    else:
        park_items([item], by=by)
    standing.log(match, "match.undone", by)


def _take_out(match: Match, by: str, why: str) -> None:
    """Everything that the match booked, reversed."""
    if match.kind == Kind.GIFT and match.gift is not None:
        _take_gift_out(match, match.gift, by, why)
    elif match.kind in {Kind.REFUND, Kind.RETURN}:
        _take_refund_out(match, by)
    elif match.journal is not None:
        _reverse(match.journal, match, by)


def _take_gift_out(match: Match, gift: Gift, by: str, why: str) -> None:
    source = source_of(match)
    income = Journal.objects.filter(entity_id=gift.entity_id, source=source)
    journal = income.select_related("series").first()
    if gift.origin == "staff":  # the gift stands without the line; what was moved back stays moved
        if match.journal is not None:
            _reverse(match.journal, match, by)
        return
    if journal is None:
        raise DecideError("final")
    try:
        undo_gift(gift.pk, journal, event_date=clock.today(), by=by, why=why)
    except RefundError:
        raise DecideError("refunded") from None
    if match.journal is not None and match.journal.pk != journal.pk:
        _reverse(match.journal, match, by)  # what was owed to the other entity


def _take_refund_out(match: Match, by: str) -> None:
    """The refund is said to have failed: it can be asked for anew. A refund that came back is
    not: the money is here."""
    journal, refund = match.journal, match.refund
    if refund is not None and match.kind == Kind.REFUND and _was_confirmed(refund):
        return  # staff said that it had left: the line booked nothing, and another one shows it
    if journal is None or match.item.amount_ore > 0:
        raise DecideError("final")
    gift_id = refund.gift_id if refund is not None else match.gift_id
    if gift_id is None:
        raise DecideError("final")
    at = clock.now()
    refunds.record_refund(
        gift_id,
        refunds.RefundSeen(
            provider_ref=(refund and refund.provider_ref) or shown_by(match),
            amount_ore=-match.item.amount_ore,
            at=at,
            movement=Movement(source_of(match), at, by),
            failed=True,
            failure="match_undone",
            failed_at=at,
        ),
    )
    if match.entity_id is not None:
        _reverse(journal, match, by)  # what was owed to the other entity


def _was_confirmed(refund: Refund) -> bool:
    return (refund.provider_ref or "").startswith(MANUAL)


def _reverse(journal: Journal, match: Match, by: str) -> None:
    draft = ledger.reversal_of(
        journal, event_date=clock.today(), text=f"Ångrad matchning {match.item.ref}", by=by
    )
    ledger.post_journals([draft])
