"""A stand-in is never a part of a live installation."""

from __future__ import annotations

import os


class LiveModeRefused(SystemExit):
    """Told to whoever started it; nothing was made."""


def refuse_live_mode(of_what: str) -> None:
    """Raises LiveModeRefused when FUNDRAISE_MODE is live. `of_what`: whom it stands in for."""
    if os.environ.get("FUNDRAISE_MODE", "demo").strip().lower() == "live":
        raise LiveModeRefused(
            f"The stand-in for {of_what} does not start when FUNDRAISE_MODE=live."
        )
