"""Suggestions: taken one by one or many at once, and refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from fundraise import clock
from fundraise.reconciliation import exceptions, watching
from fundraise.reconciliation.deciding import standing
from fundraise.reconciliation.deciding.errors import DecideError
from fundraise.reconciliation.models import Item, Kind, Match, QueueItem

State = Match.State


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one suggestion; `code` is empty when it stands, else why it does not."""

    match_id: int
    code: str = ""

    @property
    def ok(self) -> bool:
        return not self.code


def take(match_id: int, *, by: str) -> Match:
    """A person says yes to a suggestion: it is checked once more and booked.

    Raises DecideError: not_open, not_booked, stale (it is ended and its item is open), taken,
    campaign.
    """
    try:
        with transaction.atomic():
            return _taken(match_id, by)
    except DecideError as error:
        if error.code in {"stale", "taken"}:
            _end(match_id, by)
        raise


def _taken(match_id: int, by: str) -> Match:
    match = _suggested(match_id)
    if match.kind == Kind.GIFT and match.campaign_id is None and match.gift_id is None:
        raise DecideError("campaign")
    match.state, match.by = State.STANDS, by[:60]
    standing.keep(match)
    standing.stand(match, by=by)
    standing.log(match, "match.taken", by)
    return match


def _suggested(match_id: int) -> Match:
    """A suggestion that still waits, with its item locked first."""
    item = standing.open_item(Match.objects.values_list("item_id", flat=True).get(pk=match_id))
    match = (
        Match.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign", "gift", "refund__gift", "payout", "deposit")
        .get(pk=match_id)
    )
    if match.state != State.SUGGESTED:
        raise DecideError("not_open")
    match.item = item
    return match


def _end(match_id: int, by: str) -> None:
    with transaction.atomic():
        rows = Match.objects.select_for_update(of=("self",)).filter(
            pk=match_id, state=State.SUGGESTED
        )
        watching.end(list(rows.select_related("item")), by=by)


def take_many(match_ids: Sequence[int], *, by: str) -> list[Outcome]:
    """Yes to each by itself: one that can't be taken keeps none of the others back."""
    return _each(take, match_ids, by)


def refuse_many(match_ids: Sequence[int], *, by: str) -> list[Outcome]:
    """No to each by itself."""
    return _each(refuse, match_ids, by)


def _each(say: Callable[..., Match], match_ids: Sequence[int], by: str) -> list[Outcome]:
    outcomes = []
    for pk in dict.fromkeys(match_ids):
        try:
            say(pk, by=by)
        except DecideError as error:
            outcomes.append(Outcome(pk, error.code))
        except Match.DoesNotExist:
            outcomes.append(Outcome(pk, "not_open"))
        else:
            outcomes.append(Outcome(pk))
    return outcomes


def refuse(match_id: int, *, by: str) -> Match:
    """A person says no: it is not suggested again. Raises DecideError: not_open, not_booked."""
    with transaction.atomic():
        match = _suggested(match_id)
        match.state = State.REFUSED
        match.ended_by, match.ended_at, match.ended_why = by[:60], clock.now(), "refused"
        match.save(update_fields=["state", "ended_by", "ended_at", "ended_why"])
        _leave_open(match)
        standing.log(match, "match.refused", by)
    return match


def _leave_open(match: Match) -> None:
    item = match.item
    if Match.objects.filter(item=item, state=State.SUGGESTED).exists():
        return
    item.state = Item.State.UNKNOWN
    item.save(update_fields=["state"])
    code = QueueItem.Code.UNKNOWN_PAYER if item.amount_ore > 0 else QueueItem.Code.NOT_A_GIFT
    exceptions.open_(
        code,
        f"item:{item.ref}",
        entity_id=item.account.entity_id,
        amount_ore=item.amount_ore,
    )
