"""Where somebody was on the way to when asked to log in: a page of My pages, and one's own.

Only a path of this house is kept, by the name of its page, and never a whole address: so no link
can lead a person who has just logged in to somewhere else. What is not theirs is the front.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import Resolver404, ResolverMatch, resolve

from fundraise import clock
from fundraise.give import links
from fundraise.give.mine.people import Person
from fundraise.reporting.models import Receipt

LONGEST = 200


def _has_receipt(person: Person, named: dict[str, Any]) -> bool:
    return Receipt.objects.filter(ref=named["ref"], gift__in=person.gifts()).exists()


def _gave_in(person: Person, named: dict[str, Any]) -> bool:
    days = person.gifts().values_list("received_at", flat=True)
    return any(at and clock.local_date(at).year == named["year"] for at in days)


def _has_pledge(person: Person, named: dict[str, Any]) -> bool:
    return person.pledges().filter(ref=named["ref"]).exists()


def _anybody(_person: Person, _named: dict[str, Any]) -> bool:
    return True


Own = Callable[[Person, dict[str, Any]], bool]
# The pages that a link leads to, each with whether it is this person's.
PAGES: dict[str, Own] = {
    "receipt": _has_receipt,
    "year": _gave_in,
    **dict.fromkeys(("gifts", "details", "identity", "tax_number"), _anybody),
    **dict.fromkeys(
        ("amount", "day", "skip", "pause", "resume", "stop", "own_account", "own_repair",
         "own_card"),
        _has_pledge,
    ),
}  # fmt: skip


def kept(path: str) -> str:
    """The path, if it is one of those pages; else nothing."""
    return path if _match(path) is not None else ""


def where(path: str, person: Person, language: str) -> str:
    """Where to go after the log-in: there, if it is theirs, else to the front of My pages."""
    match = _match(path)
    if match is None or not PAGES[_name(match)](person, match.kwargs):
        return links.mine(language)
    return path


def _match(path: str) -> ResolverMatch | None:
    if not path.startswith("/") or len(path) > LONGEST:
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match if match.app_name == "give" and _name(match) in PAGES else None


def _name(match: ResolverMatch) -> str:
    name, _, _language = (match.url_name or "").rpartition("_")
    return name
