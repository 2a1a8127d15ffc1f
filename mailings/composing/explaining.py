"""Why a person is asked for just these sums, in words for the staff member who looks."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mailings.composing.formats import kronor
from mailings.composing.values import Record


def explain(record: Record, ladder: str) -> str:
    """One or two sentences about the ladder "ask", "top" or "month" of this person."""
    return f"{_base(record, ladder)} {_limits(record)}"


def _base(record: Record, ladder: str) -> str:
    if not record.targeted:
        return _("The campaign's own sums: we may not choose sums by what this person has given.")
    if ladder == "month" and record.monthly_ore:
        return _(
            "Gives %(sum)s every month now: a quarter more, half as much more and twice as much."
        ) % {"sum": kronor(record.monthly_ore)}
    base = record.largest_ore if ladder == "top" else record.last_ore
    if base <= 0:
        return _("The campaign's own sums: no gift before.")
    return _from_gift(ladder) % {"sum": kronor(base)}


def _from_gift(ladder: str) -> str:
    if ladder == "month":
        return _(
            "The last gift was %(sum)s: a tenth of it, and one and a half, two or three times that."
        )
    if ladder == "top":
        return _("The largest gift was %(sum)s: the same, one and a half, two or three times it.")
    return _("The last gift was %(sum)s: the same, one and a half, two or three times it.")


def _limits(record: Record) -> str:
    terms = record.terms
    return _("Rounded up to sums that people give, from %(low)s to %(high)s.") % {
        "low": kronor(terms.minimum_ore),
        "high": kronor(terms.maximum_ore),
    }
