"""Was it a person? What all visits and opens of one message look like. Plain Python.

Gateways follow every link of a mail before its reader sees it, and mail programs fetch pictures
ahead. So a visit is a machine's when it says so of itself, comes within seconds of the delivery, or
belongs to a burst over many links. What is left is human, with a stated confidence:

    high    our page was shown in a browser that runs scripts, and said so
    medium  no sign of a machine, well after the delivery
    low     no sign of a machine, but the delivery is not known (yet)

It is a function of everything that is known of the message, so it does not matter in what order
that came. It decides nothing: nobody is unsubscribed, chosen or left out by it, and no test of
versions is won by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailings.mail_events import signs

AT_ONCE = timedelta(seconds=10)  # after the delivery: nobody has opened the mail yet
BURST = timedelta(seconds=5)
BURST_LINKS = 3
SHOWN_WITHIN = timedelta(minutes=10)  # of the visit: the page's own word
LOW, MEDIUM, HIGH = "low", "medium", "high"
_RANK = {"": 0, LOW: 1, MEDIUM: 2, HIGH: 3}


@dataclass(frozen=True, slots=True, order=True)
class Visit:
    """A link was followed, or (`beacon`) our page said that it was shown."""

    at: datetime
    link: int
    sign: str = ""
    beacon: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Open:
    """The mail's pictures were fetched."""

    at: datetime
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """First times; None where there was none."""

    human_click_at: datetime | None = None
    machine_click_at: datetime | None = None
    human_open_at: datetime | None = None
    machine_open_at: datetime | None = None
    click_confidence: str = ""


def judge(
    visits: Sequence[Visit], opens: Sequence[Open], *, delivered_at: datetime | None, links: int
) -> Verdict:
    """What they look like together; `links` is how many the mail holds."""
    followed = sorted(visit for visit in visits if not visit.beacon)
    shown = [visit for visit in visits if visit.beacon and not visit.sign]
    burst = _burst(followed, links)
    human: list[tuple[datetime, str]] = []
    machine: list[datetime] = []
    for visit in followed:
        confidence = _confidence(visit, shown, burst, delivered_at)
        if confidence:
            human.append((visit.at, confidence))
        else:
            machine.append(visit.at)
    by_people, by_machines = _opens(opens, delivered_at)
    return Verdict(
        human_click_at=min((at for at, _said in human), default=None),
        machine_click_at=min(machine, default=None),
        human_open_at=min(by_people, default=None),
        machine_open_at=min(by_machines, default=None),
        click_confidence=max((said for _at, said in human), key=_RANK.__getitem__, default=""),
    )


def _confidence(
    visit: Visit, shown: Sequence[Visit], burst: set[Visit], delivered_at: datetime | None
) -> str:
    """How surely a person made the visit; empty: a machine."""
    if visit.sign or visit in burst or _too_soon(visit.at, delivered_at):
        return ""
    if any(s.link == visit.link and visit.at <= s.at <= visit.at + SHOWN_WITHIN for s in shown):
        return HIGH
    return MEDIUM if delivered_at is not None else LOW


def _too_soon(at: datetime, delivered_at: datetime | None) -> bool:
    # Also before it: a gateway looks at the links before it lets the mail in.
    return delivered_at is not None and at < delivered_at + AT_ONCE


def _burst(followed: Sequence[Visit], links: int) -> set[Visit]:
    """Visits among which many different links, or all there are, were followed at once."""
    least = min(BURST_LINKS, links) if links > 1 else BURST_LINKS
    found: set[Visit] = set()
    for number, first in enumerate(followed):
        near = [visit for visit in followed[number:] if visit.at - first.at <= BURST]
        if len({visit.link for visit in near}) >= max(least, 2):
            found.update(near)
    return found


def _opens(
    opens: Sequence[Open], delivered_at: datetime | None
) -> tuple[list[datetime], list[datetime]]:
    people: list[datetime] = []
    machines: list[datetime] = []
    for one in opens:
        by_machine = one.sign in signs.MACHINES or _too_soon(one.at, delivered_at)
        (machines if by_machine else people).append(one.at)
    return people, machines
