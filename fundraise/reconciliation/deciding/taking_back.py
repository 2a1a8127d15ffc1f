"""A yes or a no that was said by mistake is taken back: what it was is suggested again."""

from __future__ import annotations

from django.db import transaction

from fundraise import clock
from fundraise.reconciliation import exceptions, watching
from fundraise.reconciliation.deciding import standing
from fundraise.reconciliation.deciding.errors import DecideError
from fundraise.reconciliation.deciding.undoing import Undone, undo
from fundraise.reconciliation.models import Item, Match

State = Match.State
SAME = ("kind", "rule", "evidence", "donor", "campaign", "entity", "payout", "deposit", "refund",
        "other_item", "makes_gift")  # fmt: skip


def take_back(match_id: int, *, by: str, why: str) -> Undone | Match:
    """Undo what was said last of an item, and suggest it again: that suggestion.

    What needs a second person, or can't be suggested any more, is only undone. Raises DecideError.
    """
    match = Match.objects.get(pk=match_id)
    with transaction.atomic():
        if match.state == State.STANDS:
            undone = undo(match_id, by=by, why=why)
            if undone.proposal is not None:
                return undone
        elif match.state != State.REFUSED:
            raise DecideError("not_open")
        match = Match.objects.select_related("gift", "payout", "deposit", "refund").get(pk=match_id)
        return _suggested_again(match, by) or Undone(match)


def _suggested_again(match: Match, by: str) -> Match | None:
    item = standing.open_item(match.item_id)
    again = Match(
        item=item,
        state=State.SUGGESTED,
        gift=None if match.makes_gift else match.gift,
        by="system:rules" if match.rule_id else by[:60],
        made_at=clock.now(),
        **{name: getattr(match, name) for name in SAME},
    )
    if watching.is_stale(again):
        return None
    again.save()
    item.state = Item.State.SUGGESTED
    item.save(update_fields=["state"])
    for code in standing.ABOUT_ITEM:
        exceptions.solved(code, [f"item:{item.ref}"], how="right_as_it_is", by=by)
    standing.log(again, "match.taken_back", by)
    return again
