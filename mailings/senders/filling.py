"""Tags `-fr_<name>-` in a text, looked for once and filled for each person at a stroke.

One replace per tag and person would be twenty times slower. A tag that the content has no value for
is a fault of whoever made the content, so it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter

TAG = re.compile(r"-fr_([A-Za-z0-9_]+)-")
Filled = Callable[[Sequence[str]], str]


class UnknownTag(ValueError):
    """A text holds a tag that nobody has a value for. Its name is no secret."""


def tag(name: str) -> str:
    return f"-fr_{name}-"


def has_tags(text: str) -> bool:
    return TAG.search(text) is not None


def cut(text: str, tags: Sequence[str]) -> Filled:
    """A function from a person's values to the text with its tags filled.

    Raises UnknownTag.
    """
    pieces = TAG.split(text)
    if len(pieces) == 1:
        return lambda _values: text
    values_of = itemgetter(*(place_of(name, tags) for name in pieces[1::2]))
    form = "%s".join(piece.replace("%", "%%") for piece in pieces[::2])
    return lambda values: form % values_of(values)


def place_of(name: str, tags: Sequence[str]) -> int:
    """Raises UnknownTag."""
    try:
        return tags.index(name)
    except ValueError:
        raise UnknownTag(f"no value for the tag {tag(name)}") from None
