"""What follows from what: the decisions about pledges, mandates and draws. Plain Python.

Every function takes states and days and answers with a state or a day; services.py's modules carry
the answers out, and tests/pledges/test_spec.py walks them at random. The sources are Bankgirot's
user manual of July 2014 (3.2.2 notice, 5 times) and the house's own rules: a missed gift is not a
debt, at most one new try, and a stop that reaches us before the cut-off is carried out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from fundraise import bankdays, clock
from fundraise.pledges import schedule


# --- Mandates -------------------------------------------------------------------------------------
class Answer(Enum):
    """What the bank says about a mandate."""

    APPROVED = "approved"
    REFUSED = "refused"
    ENDED = "ended"


def mandate_after(state: str, answer: Answer) -> str:
    """The mandate's state after an answer; the same state when the answer changes nothing.

    An answer may come late or twice: an end stays an end, and a yes to a mandate that is being
    ended or replaced does not wake it.
    """
    if answer is Answer.APPROVED:
        return "active" if state in {"created", "sent"} else state
    if answer is Answer.REFUSED:
        return "refused" if state in {"created", "sent"} else state
    return state if state in {"refused", "ended"} else "ended"


def pledge_after_mandate(pledge: str, mandate: str, *, others: bool, by_payer: bool) -> str:
    """The pledge's state after its mandate came to be active, refused or ended.

    `others`: another mandate of the pledge draws or waits. `by_payer`: the payer or their bank has
    ended it, which is a stop.
    """
    if pledge == "ended":
        return pledge
    if mandate == "active":
        return pledge if pledge == "paused" else "active"
    if mandate not in {"refused", "ended"} or others:
        return pledge
    return "ended" if by_payer else "halted"


# --- Cut-off --------------------------------------------------------------------------------------
def next_file_day(now: datetime, until: time) -> date:
    """The next bank day whose file still takes what reaches us now (`until`, Stockholm time)."""
    local = now.astimezone(clock.STOCKHOLM)
    today = local.date()
    if bankdays.is_bank_day(today) and local.time() < until:
        return today
    return bankdays.add(today, 1)


def may_cancel(due_on: date, sent_on: date | None, now: datetime, until: time) -> bool:
    """Whether a draw can still be stopped: never in a file of the day that it was sent."""
    day = next_file_day(now, until)
    if sent_on is not None and day <= sent_on:
        day = bankdays.add(sent_on, 1)
    return day <= schedule.file_day(due_on)


# --- Draws ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Draw:
    """What decides whether an instalment may be drawn."""

    pledge: str
    mandate: str
    instalment: str
    has_open: bool
    told_on: date | None
    due_on: date


def may_draw(draw: Draw, today: date, notice_bank_days: int) -> bool:
    """Whether a draw may be queued: everything holds, nothing is out, and the donor was told."""
    return (
        draw.pledge == "active"
        and draw.mandate == "active"
        and draw.instalment == "planned"
        and not draw.has_open
        and draw.due_on > today
        and draw.told_on is not None
        and schedule.is_announced_in_time(draw.told_on, draw.due_on, notice_bank_days)
    )


class Outcome(Enum):
    """What is said about a draw."""

    PAID = "paid"
    FAILED = "failed"
    TRYING = "trying"
    CANCELLED = "cancelled"
    NOT_CANCELLED = "not_cancelled"
    UNKNOWN = "unknown"


OVER = {"failed", "cancelled"}
MONEY = {"paid", "surplus", "refunded"}


def collection_after(state: str, outcome: Outcome, *, period_paid: bool) -> str:
    """The draw's state after what was said of it; the same state when it changes nothing.

    Money that is seen always counts, also after a failure or a cancellation; when its month was
    paid already it is a surplus, to be given back.
    """
    if state in MONEY:
        return state
    if outcome is Outcome.PAID:
        return "surplus" if period_paid else "paid"
    if state in OVER or (state == "queued" and outcome is not Outcome.CANCELLED):
        return state
    return {
        Outcome.FAILED: "failed",
        Outcome.TRYING: "trying" if state in {"sent", "doubt"} else state,
        Outcome.CANCELLED: "cancelled",
        Outcome.NOT_CANCELLED: "doubt" if state == "cancelling" else state,
        Outcome.UNKNOWN: "doubt",
    }[outcome]


# Why a draw is cancelled, the weakest first: a later and weaker wish does not undo an earlier one.
CANCEL_WISHES = ("", "plan", "pause", "skip", "instead", "stop")


def cancel_wish(old: str, new: str) -> str:
    """Which of two wishes holds for a draw that is being cancelled."""
    return max(old, new, key=CANCEL_WISHES.index)


def instalment_after(instalment: str, collection: str, *, cancel_for: str, again: bool) -> str:
    """The instalment's state after its draw came to an end.

    `again`: its one new try is planned. `cancel_for`: why the draw was cancelled (`plan` draws it
    anew on another day or account; empty when the payer or the bank stopped this one draw).
    """
    if collection == "paid":
        return "paid"
    if instalment != "collecting":
        return instalment
    if collection == "failed":
        return "planned" if again else "missed"
    if collection == "cancelled":
        after = {"stop": "cancelled", "skip": "skipped", "pause": "skipped", "plan": "planned"}
        after["instead"] = "skipped"
        return after.get(cancel_for, "missed")
    return instalment


def retry_day(
    failed_on: date,
    next_due: date | None,
    *,
    notice_bank_days: int,
    days_before_next: int,
    payday: int,
) -> date | None:
    """The day of the one new try, or None when there is no room for it and the month is skipped.

    The bank day after payday where it fits, else the first day that can be announced in time; at
    least `days_before_next` days before the next draw.
    """
    earliest = bankdays.add(failed_on, notice_bank_days)
    latest = None if next_due is None else next_due - timedelta(days=days_before_next)
    after_payday = _after_payday(earliest, payday)
    for day in (after_payday, earliest):
        if latest is None or day <= latest:
            return day
    return None


def _after_payday(earliest: date, payday: int) -> date:
    """The first bank day after a payday that is not before `earliest`."""
    period = schedule.period_of(earliest)
    while True:
        paid = bankdays.on_or_before(period.replace(day=payday))
        day = bankdays.add(paid, 1)
        if day >= earliest:
            return day
        period = schedule.add_months(period, 1)
