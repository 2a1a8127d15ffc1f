"""A sheet whose links were mended after it was sent, as it is written on from: a copy of it leads
where its mails lead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mailings.composing import plain
from mailings.composing.drafts import House
from mailings.composing.sheets import Sheet, read

OTHERS = "web"  # our own pages follow from the campaign and are never written


def mended(sheet: Sheet, language: str, house: House, targets: Mapping[int, str]) -> Sheet:
    """With other addresses in place of those that have these numbers. Text that was written by hand
    stays, and is as new or as old as it was."""
    links = sheet.compiled(language, house).links if targets else ()
    moved = {
        link.url: targets[link.n] for link in links if link.n in targets and link.kind == OTHERS
    }
    if not moved:
        return sheet
    made = read(_moved(sheet.dump(), moved))
    if sheet.text_basis != _print(sheet, language, house):
        return made
    return replace(made, text_basis=_print(made, language, house))


def _print(sheet: Sheet, language: str, house: House) -> str:
    return plain.print_of(plain.source(sheet.draft(language, house)))


def _moved(kept: Any, moved: Mapping[str, str]) -> Any:
    if isinstance(kept, str):
        whole = "|".join(map(re.escape, sorted(moved, key=len, reverse=True)))
        # The whole address: not the beginning of a longer one.
        return re.sub(rf"(?:{whole})(?![^\s)>\]*]*[^\s)>\]*.,;:!?])", lambda m: moved[m[0]], kept)
    if isinstance(kept, list):
        return [_moved(one, moved) for one in kept]
    if isinstance(kept, dict):
        return {key: _moved(value, moved) for key, value in kept.items()}
    return kept
