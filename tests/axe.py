"""axe in a page of a real Chromium: what is at fault there, and nothing of what is in order."""

from __future__ import annotations

import os
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
BEST = (*WCAG, "best-practice")
OF_COLOURS = ("color-contrast", "link-in-text-block")
FULL = os.environ.get("SCALE") == "full"
KEPT = any(os.environ.get(name) for name in ("FUNDRAISE_SCREENSHOTS", "CONSOLE_SHOTS"))
RUN = "options => axe.run(document, options).then(found => found.violations)"


def violations(page: Page, *tags: str, colours: bool = True) -> list[dict[str, Any]]:
    """What the rules with these tags find, or every rule. Only faults leave the browser: all that
    passes would take longer on its way than axe took to look at it.

    To compare the colours of letters and links with all that lies around them takes five times as
    long as the other rules together, and what one page is painted with others are, too."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if tags:
        options["runOnly"] = {"type": "tag", "values": tags}
    if not (colours or FULL):
        options["rules"] = {name: {"enabled": False} for name in OF_COLOURS}
    page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(RUN, options)
    return found


def by_turns(pages: dict[str, str], turn: int) -> dict[str, str]:
    """Every other page: two looks share the pages, since what one page is made of stands on others
    too. `make prove` looks at all of them in every look, and so do pictures."""
    return pages if FULL or KEPT else dict(list(pages.items())[turn % 2 :: 2])
