"""What becomes of each monthly gift of a seed: when it was signed, its months, how it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from fundraise import bankdays
from fundraise.pledges import schedule
from fundraise.pledges.schedule import Rhythm
from fundraise.pledges.services.starting import first_day

SUMS = {50: 8, 100: 30, 150: 8, 200: 28, 250: 6, 300: 8, 500: 10, 1000: 2}
DAYS = {1: 10, 15: 10, 25: 40, 28: 25, 31: 15}
INTERVALS = {1: 92, 3: 5, 12: 3}
PAID, MISSED = 0.94, 0.97  # the rest is skipped
STOPPED, PAUSED, HALTED = 0.07, 0.12, 0.18
BANK_TAKES = 4  # bank days until the bank's yes
UNSIGNED_DAYS, UNSIGNED = 20, 0.25
PAUSE = timedelta(days=70)
NO_MONEY, NO_ACCOUNT = "1", "2"


@dataclass(frozen=True, slots=True)
class Month:
    """One period: the day of its draw and what became of it."""

    period: date
    due_on: date
    state: str
    reason: str = ""


@dataclass(slots=True)
class Life:
    """One monthly gift from its sign-up on; days are Stockholm's, sums öre."""

    signed_on: date
    ore: int
    day: int
    interval: int
    state: str
    starts_on: date
    first_period: date
    approved_on: date
    changed_on: date | None = None  # stopped, paused or halted
    paused_until: date | None = None
    months: list[Month] = field(default_factory=list)

    @property
    def mandate_state(self) -> str:
        """How its mandate stands."""
        return {"unconfirmed": "draft", "pending": "created", "ended": "ended"}.get(
            self.state, "active"
        )


def live(rng: Random, first: date, last: date, ahead: date) -> Life:
    """One life between two days, with what is planned until `ahead`."""
    signed_on = first + timedelta(days=int(rng.random() * ((last - first).days + 1)))
    day, interval = _pick(rng, DAYS), _pick(rng, INTERVALS)
    starts_on = first_day(day, signed_on)
    life = Life(
        signed_on=signed_on,
        ore=_pick(rng, SUMS) * 100,
        day=day,
        interval=interval,
        state="active",
        starts_on=starts_on,
        first_period=schedule.period_of_due(day, starts_on),
        approved_on=bankdays.add(signed_on, BANK_TAKES),
    )
    chance = rng.random()
    if life.approved_on > last:
        life.state = "pending"
    elif chance < UNSIGNED and signed_on > last - timedelta(days=UNSIGNED_DAYS):
        life.state = "unconfirmed"
        return life
    _tell_months(life, rng, last, ahead)
    if life.state == "active":
        _turn(life, rng.random(), last)
    return life


def _pick(rng: Random, weights: dict[int, int]) -> int:
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def _tell_months(life: Life, rng: Random, last: date, ahead: date) -> None:
    rhythm = Rhythm(life.interval, life.day, life.first_period)
    for period in rhythm.periods():
        due_on = rhythm.due_in(period)
        if due_on > ahead:
            return
        chance = rng.random()
        if due_on > last:
            life.months.append(Month(period, due_on, "planned"))
        elif chance < PAID:
            life.months.append(Month(period, due_on, "paid"))
        elif chance < MISSED:
            life.months.append(Month(period, due_on, "missed", NO_MONEY))
        else:
            life.months.append(Month(period, due_on, "skipped", "skip"))


def _turn(life: Life, chance: float, last: date) -> None:
    """Now and then it is stopped, paused or halted after one of its months."""
    past = [month for month in life.months if month.due_on <= last]
    if chance > HALTED or not past:
        return
    at = past[-1]
    if chance < STOPPED:
        life.state = "ended"
        life.changed_on = min(at.due_on + timedelta(days=2), last)
        life.months = past
    elif chance < PAUSED:
        life.state, life.changed_on = "paused", min(at.due_on + timedelta(days=2), last)
        until = life.paused_until = last + PAUSE
        life.months = [
            month if month.due_on <= last or month.due_on >= until
            else Month(month.period, month.due_on, "skipped", "pause")
            for month in life.months
        ]  # fmt: skip
    else:
        life.state, life.changed_on = "halted", at.due_on
        missed = Month(at.period, at.due_on, "missed", NO_ACCOUNT)
        life.months = [*past[:-1], missed]
