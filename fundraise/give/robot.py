"""Two small signs of a robot: a field that no person sees, and a form sent faster than one writes.

Both are answered by the page itself, with everything kept and the hidden field emptied, and neither
is named: a person whose browser filled the field in, or who was very quick, presses once more.
"""

from __future__ import annotations

from collections.abc import Mapping

from fundraise.give.tokens import FormToken

TRAP = "message"  # what robots like to fill in, and no browser fills in by itself


def seen(sent: Mapping[str, str], token: FormToken) -> str:
    """ "trap" or "hasty", or nothing."""
    if sent.get(TRAP, "").strip():
        return "trap"
    return "hasty" if token.is_hasty else ""
