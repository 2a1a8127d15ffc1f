"""The thermometer as words and shares: what the page, the picture and the JSON say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fundraise import clock
from fundraise.campaigns.queries import Reading
from fundraise.language import ENGLISH
from fundraise.money import ORE_PER_KRONA, format_kronor, format_number


@dataclass(frozen=True)
class Gauge:
    """One reading as it is shown. Shares are parts of a bar that is never more than full."""

    received: str
    promised: str
    goal: str
    percent: int
    donors: int | None
    donors_words: str
    gifts: int | None
    gifts_words: str
    days_left: int | None
    time: str
    stale: bool
    received_share: str
    promised_share: str

    @property
    def has_begun(self) -> bool:
        """Whether there is a percentage worth saying."""
        return self.percent >= 1

    @property
    def bar_now(self) -> int:
        """The progress bar's value, at most full."""
        return min(self.percent, 100)


def gauge_of(reading: Reading, language: str, ends_on: date | None, today: date) -> Gauge:
    """The reading in a page's language."""
    few = reading.public_donors is None
    return Gauge(
        received=format_kronor(reading.received_ore),
        promised=format_kronor(reading.promised_ore) if reading.promised_ore else "",
        goal=format_kronor(reading.goal_ore),
        percent=reading.percent,
        donors=reading.public_donors,
        donors_words=_grouped(reading.donors),
        gifts=None if few else reading.gifts,
        gifts_words=_grouped(reading.gifts),
        days_left=days_left(ends_on, today),
        time=clock_time(reading.at, language),
        stale=reading.stale,
        received_share=_share(reading.received_ore, 0, reading.goal_ore),
        promised_share=_share(reading.promised_ore, reading.received_ore, reading.goal_ore),
    )


def clock_time(at: datetime, language: str) -> str:
    """ "14.32" in Swedish, "14:32" in English; Stockholm's time."""
    return at.astimezone(clock.STOCKHOLM).strftime("%H:%M" if language == ENGLISH else "%H.%M")


def kronor_number(ore: int) -> str:
    """Kronor as a JSON number with two decimals: exact, never a float."""
    sign = "-" if ore < 0 else ""
    kronor, rest = divmod(abs(ore), ORE_PER_KRONA)
    return f"{sign}{kronor}.{rest:02d}"


def _grouped(number: int) -> str:
    """ "3 112"."""
    return format_number(number * ORE_PER_KRONA)


def days_left(ends_on: date | None, today: date) -> int | None:
    """Days until the campaign's last day; None without one, or after it."""
    return (ends_on - today).days if ends_on and ends_on >= today else None


def _share(ore: int, before_ore: int, goal_ore: int) -> str:
    """The part of the bar in hundredths of a per cent, with what lies before it within the goal."""
    start = min(max(0, before_ore), goal_ore)
    end = min(start + max(0, ore), goal_ore)
    hundredths = (end - start) * 10_000 // goal_ore
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
