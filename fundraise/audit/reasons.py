"""Reasons in people's own words: kept for ever in the log, so they tell of no person.

Nobody can take a line out of the log, not even when a donor is forgotten. What a person is found
by (an address, a telephone, an identity number, a card) is refused before it is written; a name in
a sentence no program knows, so the page that asks says it too.
"""

from __future__ import annotations

import re

BY_ADDRESS = "@\uff20"
MONTH, DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
GAP = r"[ ()./\u00a0\u2010-\u2015\u202f-]{0,3}"
NOT_INSIDE = r"(?<![0-9])(?<![0-9][-.:])"  # a number begins here, not a part of a date or a time
LIKE = [
    # An identity number, ten or twelve digits, also one for coordination (the day + 60).
    rf"(?<![0-9])(?:(?:19|20)[0-9]{{2}}|[0-9]{{2}}){GAP}{MONTH}{GAP}{DAY}{GAP}[-+]?{GAP}"
    r"[0-9]{4}(?![0-9]|-[0-9]{2})",
    # A telephone, with a country's number or an area's.
    rf"\+(?:{GAP}[0-9]){{7,15}}",
    rf"{NOT_INSIDE}(?:00[1-9]|0[1-9])(?:{GAP}[0-9]){{5,13}}",
    # A card.
    r"(?<![0-9])(?:[0-9]{13,19}|[0-9]{4}(?:[ -][0-9]{4}){3})(?![0-9])",
]
PERSON = re.compile("|".join(LIKE))


def tell_of_a_person(text: str) -> bool:
    """Whether the text holds what a person is found by."""
    return any(sign in text for sign in BY_ADDRESS) or PERSON.search(text) is not None
