"""The script for other sites, put together once: a stylesheet and three files in one address.

Comments and indentation stay here, so that what every visitor of every such site loads is small.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from fundraise.give import kept

FOLDER = Path(__file__).resolve().parent / "embed"
PARTS = ("words.js", "source.js", "elements.js")
# An hour, so that a fault that is mended is gone in an hour; older rather than none while we are
# away.
CACHE = "public, max-age=3600, stale-while-revalidate=86400, stale-if-error=2592000"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AROUND = re.compile(r"\s*([{};:,])\s*")


@cache
def script() -> kept.Answer:
    """Version 1. It only gains; what would break another site's page is a version of its own."""
    parts = [f"const STYLE = {json.dumps(_style())};", *map(_plain, map(_read, PARTS))]
    return kept.tagged("\n".join(parts) + "\n", "text/javascript; charset=utf-8")


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _plain(code: str) -> str:
    lines = (line.strip() for line in _COMMENT.sub("", code).splitlines())
    return "\n".join(line for line in lines if line)


def _style() -> str:
    """The stylesheet in one line. A space before a colon or brace of a selector means something,
    one after it never does."""
    return _AROUND.sub(r"\1", _COMMENT.sub("", _read("style.css"))).strip()
