"""Whether a decision is still true when it is booked, and open items looked at again.

Between looking at a file and booking it the world goes on: a waiting gift is paid another way, a
payout fails, a donor is forgotten. What is not true any more is ended, and its item is open again.
"""

from __future__ import annotations

from collections.abc import Sequence

from donors.models import Donor
from fundraise import clock
from fundraise.gifts import undoing
from fundraise.gifts.models import Gift
from fundraise.providers.giro.models import Deposit
from fundraise.providers.models import Payout
from fundraise.reconciliation import limits_of_sums
from fundraise.reconciliation.models import Item, Kind, Match

BY = "system:rules"
NEVER_LEFT = ("awaiting_second", "failed", "refused")  # states of a refund without its money


def still_true(matches: Sequence[Match], *, by: str = BY) -> list[Match]:
    """Those that can be booked as they are; the others end as no longer true."""
    one_at_a_time(matches)
    gone = _forgotten(matches)
    true: list[Match] = []
    stale: list[Match] = []
    for match in matches:
        gone_by = match.donor_id in gone or _is_stale(match) or _cannot_go_back(match)
        (stale if gone_by else true).append(match)
    end(stale, by=by)
    return true


def one_at_a_time(matches: Sequence[Match]) -> None:
    """Two lines that are said to be one payout's at the same time, by whomever: the second waits,
    and is looked at by what the first has left. In a transaction of the caller's."""
    payouts = [match.payout_id for match in matches]
    deposits = [match.deposit_id for match in matches]
    for model, named in ((Payout, payouts), (Deposit, deposits)):
        ids = {pk for pk in named if pk is not None}
        if ids:
            rows = model.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
            list(rows.values_list("pk", flat=True))


def is_stale(match: Match) -> bool:
    """Whether a suggestion names something that is not so any more."""
    return _is_stale(match) or bool(_forgotten([match]))


def _is_stale(match: Match) -> bool:
    if match.kind == Kind.GIFT and match.gift is not None:
        return not _waits(match, match.gift)
    if match.kind == Kind.PAYOUT:
        return match.payout is None or _too_much(match)
    if match.kind == Kind.AUTOGIRO:
        return match.deposit is None or _too_much(match)
    if match.kind == Kind.REFUND:
        return match.refund is None or match.refund.state in NEVER_LEFT
    return False


def _cannot_go_back(match: Match) -> bool:
    """A return that would undo more than stands: the money went back another way meanwhile."""
    if match.kind != Kind.RETURN:
        return False
    if match.item.amount_ore > 0:
        return match.refund is None or match.refund.state != "settled"
    return match.gift is None or match.gift.standing_ore < -match.item.amount_ore


def _waits(match: Match, gift: Gift) -> bool:
    """A gift without its money, one that staff entered with the same sum and nothing gone, or one
    that this very line was, until that was undone."""
    if gift.state == Gift.State.RECEIVED:
        same_sum = gift.amount_ore == match.item.amount_ore
        if same_sum and gift.provider_ref == f"bank:{match.item.ref}" and undoing.is_undone(gift):
            return True
        return gift.origin == "staff" and same_sum and not gift.refunded_ore
    return True


def _too_much(match: Match) -> bool:
    """More than is left of a payout or a deposit."""
    left = limits_of_sums.left_of(match)
    ore = match.item.amount_ore
    return not (0 < ore <= left or left <= ore < 0)


def _forgotten(matches: Sequence[Match]) -> set[int | None]:
    ids = {match.donor_id for match in matches if match.donor_id is not None}
    if not ids:
        return set()
    erased = Donor.objects.filter(pk__in=ids, status=Donor.Status.ERASED)
    return set(erased.values_list("pk", flat=True))


def end(matches: Sequence[Match], *, by: str, why: str = "stale") -> None:
    """What was suggested or decided and never booked is no longer true."""
    now = clock.now()
    for match in matches:
        suggested = match.state == Match.State.SUGGESTED
        match.state = Match.State.STALE if suggested else Match.State.UNDONE
        match.ended_by, match.ended_at, match.ended_why = by[:60], now, why
        match.save(update_fields=["state", "ended_by", "ended_at", "ended_why"])
    ids = [match.item_id for match in matches]
    still = set(
        Match.objects.filter(item__in=ids, state=Match.State.SUGGESTED).values_list(
            "item_id", flat=True
        )
    )
    open_ones = Item.objects.filter(pk__in=ids).exclude(state__in=Item.TOLD_BY_OTHERS)
    open_ones.exclude(pk__in=still).update(state=Item.State.UNKNOWN)
    open_ones.filter(pk__in=still).update(state=Item.State.SUGGESTED)
