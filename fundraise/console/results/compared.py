"""What an appeal added, in words: the people asked beside those left out to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fundraise.console.results import figures
from fundraise.console.templatetags.staff import kronor, whole_kronor
from mailings.appeals.models import Appeal
from mailings.attribution import added
from mailings.attribution.added import Added, Part


@dataclass(frozen=True, slots=True)
class Line:
    """One of the two parts, with the rows behind its numbers."""

    label: str | Promise
    part: Part
    people_url: str
    gifts_url: str

    @property
    def each_ore(self) -> int:
        return round(self.part.each_ore)


@dataclass(frozen=True, slots=True)
class Compared:
    """The card of a result."""

    found: Added
    lines: list[Line]
    said: str


def shown(appeal: Appeal) -> Compared | None:
    """Of an appeal that left people out by lot; None of any other."""
    found = added.added(appeal)
    if found is None:
        return None
    return Compared(
        found,
        [
            Line(_("Asked by the appeal"), found.asked, "", _gifts(appeal, "asked_by")),
            Line(
                _("Left out by lot"), found.held, figures.url(appeal, "holdout"),
                _gifts(appeal, "held_by"),
            ),
        ],
        _said(found),
    )  # fmt: skip


def _gifts(appeal: Appeal, name: str) -> str:
    return f"{reverse('console:gifts')}?{urlencode({name: str(appeal.ref), 'left': 'yes'})}"


def _said(found: Added) -> str:
    """The difference, and how sure it is."""
    if not found.says_something:
        return _(
            "Too few have given yet to say what the appeal added: at least %(least)s givers are"
            " needed in all."
        ) % {"least": added.LEAST_GIVERS}
    low, high = found.each_ore - found.margin_ore, found.each_ore + found.margin_ore
    spread = {"low": _signed(low), "high": _signed(high)}
    if found.may_be_chance:
        return (
            _(
                "The difference may be chance: for each person asked it lies between %(low)s and"
                " %(high)s (nineteen times of twenty)."
            )
            % spread
        )
    return _(
        "Each person asked gave %(each)s more than those left out, between %(low)s and %(high)s"
        " (nineteen times of twenty): about %(total)s in all that would not have come without it."
    ) % {
        **spread,
        "each": _signed(found.each_ore),
        "total": whole_kronor(round(found.total_ore, -2)),
    }


def _signed(ore: float) -> str:
    shown = kronor(abs(round(ore)))
    return f"−{shown}" if round(ore) < 0 else shown
