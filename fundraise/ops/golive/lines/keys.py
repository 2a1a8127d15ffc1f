"""Are the keys in two places: fingerprints that were read at the second one are typed here."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from fundraise import crypto
from fundraise.ops.golive.line import Line, Result, State, Typed, Words, green, red

PRINT = re.compile(r"[A-Za-z0-9_-]{1,32}:[0-9a-f]{16}")


def ask() -> Result:
    """Nobody but a person can look in the second place."""
    return Result(State.WAITING, "look", {"number": len(_ours())})


def check(typed: str) -> Result:
    """Every key that this installation holds must be among those typed."""
    there = set(PRINT.findall(typed))
    if not there:
        return red("none_typed")
    missing = sorted(print_.partition(":")[0] for print_ in _ours() - there)
    if missing:
        return red("missing", ids=", ".join(missing))
    return green("both", number=len(_ours()))


def _ours() -> set[str]:
    return {one for ring in crypto.fingerprints().values() for one in ring}


LINE = Line(
    key="keys",
    title=_("The keys, in two places"),
    asks=_(
        "Field keys and look-up keys are in no backup. Read them at the second place with"
        " `manage.py keys --file …` and paste the fingerprints that it prints: they show nothing of"
        " the keys."
    ),
    ask=ask,
    typed=Typed(_("Fingerprints from the second place"), check, is_long=True),
    about=lambda: "\n".join(sorted(_ours())),
    holds_for=timedelta(days=365),
    watched=False,
    words={
        "look": Words(
            _("This installation holds %(number)s keys. Read them at the second place."),
            _("A vault, a sealed paper, another machine: not this one, and not the backup's."),
        ),
        "none_typed": Words(
            _("That holds no fingerprint."),
            _("One looks like k1:0123456789abcdef. `manage.py keys --file …` prints them."),
        ),
        "missing": Words(
            _("The second place lacks, or has otherwise, the key: %(ids)s."),
            _("Put the key there as it is here, then read it there anew."),
        ),
        "both": Words(_("All %(number)s keys are the same at the second place.")),
    },
)
