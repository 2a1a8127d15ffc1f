"""Tags: `-fr_<name>-` in a compiled mail, where each person's words are put.

A name says all that is needed to find its words: the field, `_h` when they are escaped for HTML,
and after two underscores what stands there for who has none, as hexadecimal UTF-8. So a compiled
mail can be sent years later without anything beside it, and no list of fallbacks can be lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

OPEN, CLOSE = "-fr_", "-"
TAG = re.compile(r"-fr_([a-z0-9_]+)-")
HYPHEN = "\N{NON-BREAKING HYPHEN}"
JOINER = "\N{WORD JOINER}"
# What SendGrid would read as its own, and the beginning of a tag of ours.
_FOREIGN = re.compile(r"-(?=fr_)|(?<=<)%|(?<=\[)%|(?<=%)\](?!\()")
# Control signs, and those that turn the direction of what follows.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag's name taken apart."""

    field: str
    escaped: bool = False
    fallback: str = ""

    @property
    def name(self) -> str:
        """The name that `read` takes apart again."""
        after = f"__{self.fallback.encode().hex()}" if self.fallback else ""
        return f"{self.field}{'_h' if self.escaped else ''}{after}"

    @property
    def written(self) -> str:
        """As it stands in a mail."""
        return f"{OPEN}{self.name}{CLOSE}"


def written(name: str) -> str:
    """A tag by its name, as it stands in a mail."""
    return f"{OPEN}{name}{CLOSE}"


def read(name: str) -> Tag:
    """The tag behind a name. Raises ValueError when the fallback is no UTF-8 in hexadecimal."""
    field, _, after = name.partition("__")
    escaped = field.endswith("_h")
    return Tag(field.removesuffix("_h"), escaped, bytes.fromhex(after).decode())


def names(*texts: str) -> tuple[str, ...]:
    """Every tag's name in some texts, sorted, each once."""
    return tuple(sorted({found for text in texts for found in TAG.findall(text)}))


def neutral(text: str) -> str:
    """Text that somebody typed, so that nothing in it is read as a tag or as SendGrid's."""
    return _FOREIGN.sub(_other, _CONTROL.sub("", text))


def _other(match: re.Match[str]) -> str:
    return HYPHEN if match[0] == "-" else JOINER + match[0]
