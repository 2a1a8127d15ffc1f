"""Cut-offs and lead times, as dated rows of settings.AUTOGIRO_TIMES: the newest one begun holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from django.conf import settings
from django.utils.module_loading import import_string

NOON = time(12)


@dataclass(frozen=True, slots=True)
class Times:
    """Bank days and hours (Stockholm) that hold from a day on.

    `until`: what reaches us by then still goes into the day's file. `cut_off`: when Bankgirot has
    to have it. `mandate`, `draw`: bank days before the first draw, and before a draw, that the file
    must be there. `notice`: bank days between telling the donor and drawing. `by_hand`: `until`
    where files are carried by hand, in the morning, so that whoever forgets one is told at noon.
    """

    begins: date
    until: time
    cut_off: time
    mandate: int
    draw: int
    notice: int
    by_hand: time = time(9)

    def until_for(self, *, by_hand: bool) -> time:
        """The hour at which a day's file closes."""
        return min(self.until, self.by_hand) if by_hand else self.until


def read_times(rows: list[dict[str, object]]) -> list[Times]:
    """The rows of the setting, the oldest first. Raises KeyError, ValueError."""
    times = [
        Times(
            begins=date.fromisoformat(str(row["from"])),
            until=time.fromisoformat(str(row["until"])),
            cut_off=time.fromisoformat(str(row["cut_off"])),
            mandate=int(str(row["mandate"])),
            draw=int(str(row["draw"])),
            notice=int(str(row["notice"])),
            by_hand=time.fromisoformat(str(row.get("by_hand", "09:00"))),
        )
        for row in rows
    ]
    if any(one.until > one.cut_off or one.draw < 1 or one.notice < one.draw for one in times):
        raise ValueError("until comes before cut_off, and notice is at least draw, which is one")
    if any(one.by_hand >= NOON for one in times):
        raise ValueError("files carried by hand are made before noon, when their carriers are told")
    return sorted(times, key=lambda one: one.begins)


def times_on(day: date) -> Times:
    """What holds on a day."""
    times = read_times(settings.AUTOGIRO_TIMES)
    return [one for one in times if one.begins <= day][-1]


def until_of(entity_id: int, day: date) -> time:
    """When an entity's file of a day closes: earlier where its files are carried by hand, which the
    provider knows (settings.AUTOGIRO_BY_HAND)."""
    by_hand: bool = import_string(settings.AUTOGIRO_BY_HAND)(entity_id)
    return times_on(day).until_for(by_hand=by_hand)
