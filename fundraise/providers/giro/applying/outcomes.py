"""What a bank's word about one draw does. The words' codes stand in autogiro/codes.py.

Reasons that stay with a draw: a digit is a status, two digits are a rejection, `25+12` is a
cancellation's record and comment.
"""

from __future__ import annotations

from fundraise.pledges.services import outcomes
from fundraise.pledges.services.outcomes import Failure
from fundraise.providers.autogiro import codes
from fundraise.providers.autogiro.codes import DrawOutcome

# Two digits of the rejected payments. The account or the mandate does not hold any more:
HALTS = {"01", "02"}
# The fault was the day's, so a day that is announced anew may do:
LATE = {"12", "13"}
# Nothing that a donor did: settings or agreement are not right, and somebody is told.
OURS = {"05", "06", "07", "08", "09", "10", "15", "24"}


def by_status(collection_id: int, status: str, event_id: str) -> bool:
    """Not paid, as the payment specification says. False when it was known."""
    came_of = codes.draw_outcome(status)
    if came_of is DrawOutcome.TRIED_AGAIN:
        return outcomes.trying(collection_id, status, event_id)
    why = Failure(
        status,
        may_retry=came_of is DrawOutcome.NO_FUNDS,
        halts=came_of is DrawOutcome.NO_ACCOUNT,
        event_id=event_id,
    )
    return outcomes.failed(collection_id, why)


def by_rejection(collection_id: int, comment: str, event_id: str) -> bool:
    """Bankgirot did not take the order. False when it was known."""
    why = Failure(comment, may_retry=comment in LATE, halts=comment in HALTS, event_id=event_id)
    return outcomes.failed(collection_id, why)


def by_change(collection_id: int, record: str, comment: str, event_id: str) -> bool:
    """A cancellation was done, or found nothing. False when it was known."""
    reason = f"{record}+{comment}"
    if codes.is_done(comment):
        return outcomes.cancelled(collection_id, reason, event_id)
    return outcomes.not_cancelled(collection_id, reason, event_id)
