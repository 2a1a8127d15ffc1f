"""The ready-made segments: what fundraisers ask for every year, to be copied and changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mailings.segments import services
from mailings.segments.models import BETWEEN, Segment

BY = "system:segments"


@dataclass(frozen=True, slots=True)
class Ready:
    """One of them; its name is kept in both languages, and each reader sees one of them."""

    code: str
    sv: str
    en: str
    tree: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.sv}{BETWEEN}{self.en}"


def _gave(year: int) -> dict[str, Any]:
    return {"is": "gave", "measure": "gifts", "at_least": 1, "during": {"year": year}}


def _last(months: int) -> dict[str, Any]:
    return {"is": "last_gift", "when": {"last": months, "unit": "months"}}


_MONTHLY: dict[str, Any] = {"is": "pledge", "states": ["active"]}
_BEFORE: dict[str, Any] = {"is": "gave", "measure": "gifts", "at_least": 1}

READY = (
    Ready(
        "lybunt", "Gav förra året men inte i år", "Gave last year, not this year (LYBUNT)",
        {"all": [_gave(-1), {"not": _gave(0)}]},
    ),
    Ready(
        "sybunt", "Gav något år men inte i år eller förra året",
        "Gave some year, not this or last (SYBUNT)",
        {"all": [_BEFORE, {"not": _gave(0)}, {"not": _gave(-1)}]},
    ),
    Ready(
        "first_time", "Gav sin första gåva senaste 90 dagarna", "First gift in the last 90 days",
        {"all": [
            {"is": "first_gift", "when": {"last": 90, "unit": "days"}},
            {"is": "gave", "measure": "gifts", "at_most": 1},
        ]},
    ),
    Ready(
        "about_to_lapse", "Gav senast för tio till tolv månader sedan",
        "Last gift ten to twelve months ago",
        {"all": [
            _last(12), {"not": _last(10)}, {"not": _MONTHLY},
        ]},
    ),
    Ready("failing", "Månadsgåvan dras inte", "Monthly gift fails", {"is": "failing"}),
    Ready(
        "upgradable", "Har gett varje månad i ett år, högst 200 kr",
        "Monthly for a year, at most 200 kr",
        {"all": [
            {"is": "pledge", "states": ["active"], "at_most": 200_00, "intervals": [1],
             "started": {"before": 12, "unit": "months"}},
            {"not": {"is": "failing"}},
        ]},
    ),
    Ready(
        "never_asked", "Har aldrig fått ett utskick", "Never got an appeal",
        {"not": {"is": "mailed", "at_least": 1}},
    ),
    Ready(
        "monthly_ask", "Gav två gånger på ett år, ingen månadsgåva",
        "Two gifts in a year, no monthly gift",
        {"all": [
            {"is": "gave", "measure": "gifts", "at_least": 2,
             "during": {"last": 12, "unit": "months"}},
            {"not": _MONTHLY},
        ]},
    ),
)  # fmt: skip


def ensure() -> int:
    """Make those that are not there; staff's changes to the others stay. How many were made."""
    there = set(Segment.objects.exclude(code="").values_list("code", flat=True))
    missing = [one for one in READY if one.code not in there]
    for one in missing:
        services.create_segment(name=one.name, tree=one.tree, by=BY, code=one.code)
    return len(missing)
