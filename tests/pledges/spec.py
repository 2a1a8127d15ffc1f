"""A pledge in plain Python: the executable specification, written a second time from the rules.

It keeps one pledge with its mandates, periods and draws, moves them by `rules` and the tables of
`states` alone, and asserts at every step what must never happen. `test_spec.py` walks it at random,
and walks it side by side with the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from fundraise import bankdays, clock
from fundraise.pledges import rules, schedule, states
from fundraise.pledges.rules import Answer, Draw, Outcome

NOTICE, PLAN_DAYS, BEFORE_NEXT, PAYDAY, MARGIN = 8, 62, 10, 25, 6
UNTIL = time(17)


@dataclass
class Told:
    """A notice: what it announces, and whether it still holds for following days."""

    kind: str
    first_on: date
    made_on: date
    covers: bool
    withdrawn: bool = False


@dataclass
class Try:
    """One draw."""

    mandate: int
    due_on: date
    state: str = "queued"
    sent_on: date | None = None
    cancel_for: str = ""


@dataclass
class Period:
    """One instalment."""

    due_on: date
    told: Told | None
    state: str = "planned"
    retried: bool = False
    reason: str = ""
    given: bool = False  # another way
    draws: list[Try] = field(default_factory=list)

    @property
    def open(self) -> list[Try]:
        return [draw for draw in self.draws if draw.state in states.OPEN_COLLECTION]


class Spec:
    """One pledge, from the day that it was written."""

    def __init__(self, today: date, day: int) -> None:
        self.today, self.day, self.hour = today, day, 10
        self.pledge = "unconfirmed"
        self.paused_until: date | None = None
        self.not_before: date | None = None
        self.starts_on = schedule.first_day(day, today)
        self.first_period = schedule.period_of_due(day, self.starts_on)
        self.mandates = ["draft"]
        self.decided: dict[int, date] = {}
        self.told: list[Told] = []
        self.periods: dict[date, Period] = {}
        self.stopped = False

    # --- Moves, each along its table ---
    def _pledge(self, new: str) -> None:
        if new != self.pledge:
            assert new in states.PLEDGE[self.pledge], (self.pledge, new)
            self.pledge = new
            if new != "paused":
                self.paused_until = None

    def _mandate(self, at: int, new: str) -> None:
        old = self.mandates[at]
        if new != old:
            assert new in states.MANDATE[old], (old, new)
            self.mandates[at] = new
        assert self.mandates.count("active") <= 1
        assert sum(m in states.WAITING_MANDATE for m in self.mandates) <= 1

    def _period(self, period: Period, new: str, reason: str = "") -> None:
        if new != period.state:
            assert new in states.INSTALMENT[period.state], (period.state, new)
            period.state, period.reason = new, reason

    def _draw(self, period: Period, draw: Try, new: str) -> None:
        if new != draw.state:
            assert new in states.COLLECTION[draw.state], (draw.state, new)
            draw.state = new
        assert len(period.open) <= 1
        assert sum(d.state in {"paid", "refunded"} for d in period.draws) <= 1

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(self.hour), clock.STOCKHOLM)

    # --- Sign, answer, end ---
    def sign(self) -> None:
        waiting = [at for at, m in enumerate(self.mandates) if m == "draft"]
        if not waiting:
            return
        self._mandate(waiting[0], "created")
        if self.pledge == "unconfirmed":
            self._pledge("pending")
            self.starts_on = max(self.starts_on, schedule.first_day(self.day, self.today))
            self.first_period = schedule.period_of_due(self.day, self.starts_on)
            self.told.append(Told("sign_up", self.starts_on, self.today, covers=True))
        elif self.pledge == "halted":
            self._pledge("pending")

    def send_mandate(self) -> None:
        for at, mandate in enumerate(self.mandates):
            if mandate == "created":
                self._mandate(at, "sent")

    def answer(self, at: int, what: Answer, *, by_payer: bool = False) -> None:
        was = self.mandates[at]
        new = rules.mandate_after(was, what)
        if new == was:
            return
        if was == "created" and new in {"active", "refused"}:
            self._mandate(at, "sent")
        if new == "active":
            for other, mandate in enumerate(self.mandates):
                if mandate == "active":
                    self._mandate(other, "retiring")
                    self._let_go(other)
        self._mandate(at, new)
        if new == "active":
            self.decided[at] = self.today
        if new == "active" or was not in {"ending", "retiring"}:
            self._follow(new, at, by_payer)

    def _follow(self, new: str, at: int, by_payer: bool) -> None:
        useful = {"active", *states.WAITING_MANDATE}
        others = any(m in useful for n, m in enumerate(self.mandates) if n != at)
        after = rules.pledge_after_mandate(self.pledge, new, others=others, by_payer=by_payer)
        if after == "ended" and self.pledge != "ended":
            self._end(at_the_bank=True)
        elif after != self.pledge:
            if after == "halted":
                self._recall("plan", at_the_bank=True)
                self._withdraw()
            self._pledge(after)

    def _let_go(self, at: int) -> None:
        out = [d for p in self.periods.values() for d in p.open if d.mandate == at]
        if self.mandates[at] == "retiring" and not out:
            self._mandate(at, "ending")

    def new_account(self) -> None:
        if self.pledge == "ended":
            return
        for at, mandate in enumerate(self.mandates):
            if mandate in states.WAITING_MANDATE:
                self._mandate(at, "ending" if mandate == "sent" else "ended")
        self.mandates.append("draft")

    def stop(self) -> None:
        if self.pledge != "ended":
            self._end(at_the_bank=False)
            self.stopped = True

    def _end(self, *, at_the_bank: bool) -> None:
        self._recall("stop", at_the_bank=at_the_bank)
        for period in self.periods.values():
            if period.state in {"planned", "skipped"}:
                self._period(period, "cancelled")
        for at, mandate in enumerate(self.mandates):
            if mandate in {"draft", "created", "received"}:
                self._mandate(at, "ended")
            elif mandate in {"sent", "active", "retiring"}:
                self._mandate(at, "ending")
        self._pledge("ended")

    # --- Plan and tell ---
    def beat(self) -> None:
        self._plan()
        soon = bankdays.add(self.today, NOTICE + MARGIN)
        if self.paused_until is not None and self.paused_until <= soon:
            self._pledge("active")
        self._announce()
        day = rules.next_file_day(self.now, UNTIL)
        for period in sorted(self.periods.values(), key=lambda p: p.due_on):
            if period.state == "planned" and period.due_on <= day:
                self._period(period, "cancelled")
                if self.pledge == "pending" or self._yes_came_late(period):
                    self._move_on()

    def _yes_came_late(self, period: Period) -> bool:
        if self.pledge != "active" or period.told is None or "active" not in self.mandates:
            return False
        return self.decided[self.mandates.index("active")] >= schedule.file_day(period.due_on)

    def _plan(self) -> None:
        if self.pledge in {"unconfirmed", "ended"}:
            return
        last = max(self.periods, default=None)
        rhythm = schedule.Rhythm(1, self.day, self.first_period)
        for month in rhythm.periods(after=last):
            first = month == self.first_period
            due_on = self.starts_on if first else rhythm.due_in(month)
            if due_on > self.today + timedelta(days=PLAN_DAYS):
                return
            paused = self.not_before is not None and due_on < self.not_before
            told = None if paused else self._standing(due_on)
            self.periods[month] = Period(due_on, told, "skipped" if paused else "planned")
            if paused:
                self.periods[month].reason = ""

    def _standing(self, due_on: date) -> Told | None:
        holding = [one for one in self.told if one.covers and not one.withdrawn]
        if holding and holding[-1].first_on <= due_on:
            return holding[-1]
        same = [one for one in self.told if one.first_on == due_on and not one.withdrawn]
        return same[-1] if same else None

    def _announce(self) -> None:
        first, last = (bankdays.add(self.today, n) for n in (NOTICE, NOTICE + MARGIN))
        for period in sorted(self.periods.values(), key=lambda p: p.due_on):
            planned = period.state == "planned" and period.told is None
            if planned and first <= period.due_on <= last and self.pledge == "active":
                again = any(one.withdrawn for one in self.told)
                self._tell("resume" if again else "draw", period)

    def _tell(self, kind: str, first: Period) -> None:
        same = [
            one
            for one in self.told
            if (one.kind, one.first_on, one.withdrawn) == (kind, first.due_on, False)
        ]
        told = same[0] if same else Told(kind, first.due_on, self.today, covers=kind != "retry")
        if not same:
            self.told.append(told)
        for period in self.periods.values():
            later = told.covers and period.state == "planned" and period.due_on >= first.due_on
            if period is first or later:
                period.told = told

    def _withdraw(self) -> None:
        for one in self.told:
            one.withdrawn = True
        for period in self.periods.values():
            if period.state == "planned":
                period.told = None

    def _move_on(self) -> None:
        soonest = bankdays.add(self.today, NOTICE)
        coming = [p for p in self.periods.values() if p.state == "planned"]
        coming = sorted((p for p in coming if p.due_on >= soonest), key=lambda p: p.due_on)
        if coming:
            self._tell("moved", coming[0])

    # --- Draw ---
    def send(self) -> None:
        """Queue the draws of the next two bank days and send them."""
        until = bankdays.add(self.today, 2)
        active = self.mandates.index("active") if "active" in self.mandates else -1
        for period in self.periods.values():
            draw = Draw(
                self.pledge, "active" if active >= 0 else "", period.state, bool(period.open),
                period.told.made_on if period.told else None, period.due_on,
            )  # fmt: skip
            if period.due_on <= until and rules.may_draw(draw, self.today, NOTICE):
                self._period(period, "collecting")
                period.draws.append(Try(active, period.due_on))
            for queued in period.open:
                if queued.state == "queued" and self._holds(queued):
                    self._sent(period, queued)

    def _holds(self, draw: Try) -> bool:
        return self.pledge == "active" and self.mandates[draw.mandate] == "active"

    def _sent(self, period: Period, draw: Try) -> None:
        assert not self.stopped
        assert all(d.state not in {"paid", "refunded"} for d in period.draws)
        assert period.told is not None
        assert schedule.is_announced_in_time(period.told.made_on, period.due_on, NOTICE)
        self._draw(period, draw, "sent")
        draw.sent_on = self.today

    def outcome(self, month: date, n: int, what: Outcome, *, retry: bool, halts: bool) -> None:
        period = self.periods[month]
        draw = period.draws[n]
        new = rules.collection_after(draw.state, what, period_paid=period.state == "paid")
        if new == draw.state:
            return
        self._draw(period, draw, new)
        if new == "paid":
            self._period(period, "paid")
        elif new == "failed":
            self._failed(month, period, retry, halts)
        elif new == "cancelled":
            self._settle_cancelled(period, draw)
        if new not in states.OPEN_COLLECTION:
            self._let_go(draw.mandate)

    def _settle_cancelled(self, period: Period, draw: Try) -> None:
        after = rules.instalment_after(
            period.state, "cancelled", cancel_for=draw.cancel_for, again=False
        )
        self._period(period, after, draw.cancel_for)

    def _failed(self, month: date, period: Period, retry: bool, halts: bool) -> None:
        again = self._retry_day(month, period) if retry else None
        after = rules.instalment_after(
            period.state, "failed", cancel_for="", again=again is not None
        )
        moved = after != period.state
        self._period(period, after)
        if moved and again is not None:
            period.due_on, period.retried, period.told = again, True, None
            self._tell("retry", period)
        if halts and self.pledge in {"active", "paused", "pending"}:
            self._withdraw()
            self._pledge("halted")

    def _retry_day(self, month: date, period: Period) -> date | None:
        if period.retried or self.pledge != "active":
            return None
        later = [p.due_on for p in self.periods.values() if p.due_on > period.due_on]
        following = schedule.due_day(schedule.add_months(month, 1), self.day)
        return rules.retry_day(
            self.today, min(later) if later else following, notice_bank_days=NOTICE,
            days_before_next=BEFORE_NEXT, payday=PAYDAY,
        )  # fmt: skip

    # --- Wishes ---
    def _recall(self, why: str, *, at_the_bank: bool = False, only: Period | None = None) -> bool:
        all_stopped = True
        for period in [only] if only else list(self.periods.values()):
            for draw in period.open:
                if draw.state == "queued":
                    draw.cancel_for = why
                    self._draw(period, draw, "cancelled")
                    self._settle_cancelled(period, draw)
                elif draw.state == "cancelling":
                    draw.cancel_for = rules.cancel_wish(draw.cancel_for, why)
                elif draw.state == "sent" and rules.may_cancel(
                    draw.due_on, draw.sent_on, self.now, UNTIL
                ):
                    draw.cancel_for = why
                    if not at_the_bank:
                        self._draw(period, draw, "cancelling")
                else:
                    all_stopped = False
        return all_stopped

    def skip(self) -> None:
        if self.pledge not in {"active", "pending"}:
            return
        coming = [p for p in self.periods.values() if p.state in {"planned", "collecting"}]
        coming = sorted((p for p in coming if p.due_on > self.today), key=lambda p: p.due_on)
        if not coming:
            return
        if coming[0].state == "planned":
            self._period(coming[0], "skipped", "skip")
        elif self._stoppable(coming[0]):
            self._recall("skip", only=coming[0])

    def instead(self) -> None:
        """A gift given in the place of a month whose new try waits has come."""
        waiting = [p for p in self.periods.values() if p.retried and not p.given]
        waiting = [p for p in waiting if p.state in {"planned", "collecting"}]
        if not waiting:
            return
        period = max(waiting, key=lambda p: p.due_on)
        period.given = True
        if period.state == "planned":
            self._period(period, "skipped", "instead")
        else:
            self._recall("instead", only=period)

    def _stoppable(self, period: Period) -> bool:
        return all(
            draw.state in {"queued", "cancelling"}
            or (
                draw.state == "sent"
                and rules.may_cancel(draw.due_on, draw.sent_on, self.now, UNTIL)
            )
            for draw in period.open
        )

    def pause(self, until: date) -> None:
        if self.pledge not in {"active", "paused"}:
            return
        self._recall("pause")
        if self.pledge == "active":
            self._pledge("paused")
        self.paused_until = self.not_before = until
        for period in self.periods.values():
            if period.state == "planned" and period.due_on < until:
                self._period(period, "skipped", "pause")
        self._withdraw()

    def resume(self) -> None:
        if self.pledge != "paused":
            return
        self._pledge("active")
        self.not_before = None
        soonest = bankdays.add(self.today, NOTICE)
        for month, period in self.periods.items():
            due_on = schedule.due_day(month, self.day)
            if (period.state, period.reason) == ("skipped", "pause") and due_on >= soonest:
                self._period(period, "planned")
                period.told, period.due_on = None, due_on
        coming = [p for p in self.periods.values() if p.state == "planned"]
        coming = sorted((p for p in coming if p.due_on >= soonest), key=lambda p: p.due_on)
        if coming:
            self._tell("resume", coming[0])

    def picture(self) -> Mapping[str, object]:
        """What the database must show too."""
        return {
            "pledge": self.pledge,
            "mandates": list(self.mandates),
            "periods": {
                month.isoformat(): (p.state, p.due_on.isoformat(), [d.state for d in p.draws])
                for month, p in sorted(self.periods.items())
            },
        }
