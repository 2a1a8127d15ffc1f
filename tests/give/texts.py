"""The texts to translate in a package, found as Django and Babel find them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation.template import templatize

KEYWORDS = {"gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2)}
CALL = re.compile(r"""\b(?:n?gettext|_)\(u?((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))""")


def texts_in(folder: Path) -> set[str]:
    """Every msgid (the singular one of a pair) in a package's Python and templates."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        with path.open("rb") as file:
            for _line, ids, _comments, _context in extract("python", file, keywords=KEYWORDS):
                found.add(ids[0] if isinstance(ids, tuple) else ids)
    for path in [*folder.rglob("*.html"), *folder.rglob("*.svg")]:
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        found |= {ast.literal_eval(text) for text in CALL.findall(code)}
    return found
