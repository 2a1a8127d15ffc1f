"""The mark-up of a text block: **bold**, *italic*, [words](address), lists, blank lines between.

It is read into a tree, and only the tree becomes HTML or plain text, so there is no HTML to clean.
What looks like mark-up and isn't stays as it was typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Union

_TOKEN = re.compile(
    r"(?P<field>\{\{[^{}]*\}\})"
    r"|\[(?P<words>[^\[\]\n]*)\]\((?P<url>[^()\s]*)\)"
    r"|\*\*(?P<strong>(?=\S)(?:[^*\n]|\*(?!\*))+?(?<=\S))\*\*"
    r"|\*(?P<em>[^*\s](?:[^*\n]*[^*\s])?)\*"
)
_ITEM = re.compile(r"[-•]\s+(.*)")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s+(.*)")


@dataclass(frozen=True, slots=True)
class Words:
    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    inside: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Em:
    inside: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    inside: tuple[Inline, ...]
    url: str


Inline = Union[Words, Strong, Em, Anchor]  # noqa: UP007 - the names are read when the module is
Line = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Line, ...]
    numbered: bool = False


Part = Paragraph | Listing


def parse(text: str) -> list[Part]:
    """The parts of a text, in their order."""
    found: list[Part] = []
    for chunk in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        found += _parts([line.strip() for line in chunk.split("\n") if line.strip()])
    return found


def _parts(lines: list[str]) -> list[Part]:
    """Lines of one kind that stand together are one paragraph or one list."""
    runs: list[tuple[str, list[Line]]] = []
    for line in lines:
        kind, words = _kind(line)
        if not runs or runs[-1][0] != kind:
            runs.append((kind, []))
        runs[-1][1].append(inline(words))
    return [_part(kind, tuple(said)) for kind, said in runs]


def _kind(line: str) -> tuple[str, str]:
    if item := _ITEM.fullmatch(line):
        return "item", item[1]
    if item := _NUMBERED.fullmatch(line):
        return "numbered", item[1]
    return "line", line


def _part(kind: str, lines: tuple[Line, ...]) -> Part:
    return Paragraph(lines) if kind == "line" else Listing(lines, kind == "numbered")


def inline(text: str) -> Line:
    """One line: words, bold, italic and links."""
    found: list[Inline] = []
    at = 0
    for match in _TOKEN.finditer(text):
        if match.start() > at:
            found.append(Words(text[at : match.start()]))
        found.append(_one(match))
        at = match.end()
    return (*found, Words(text[at:])) if at < len(text) else tuple(found)


def _one(match: re.Match[str]) -> Inline:
    if match["field"]:
        return Words(match["field"])
    if match["url"] is not None:
        return Anchor(_without_links(inline(match["words"])), match["url"])
    if match["strong"]:
        return Strong(inline(match["strong"]))
    return Em(inline(match["em"]))


def _without_links(line: Line) -> Line:
    return tuple(one for part in line for one in (part.inside if _is_link(part) else (part,)))  # type: ignore[union-attr]


def _is_link(part: Inline) -> bool:
    return isinstance(part, Anchor)


def plain_words(line: Line) -> str:
    """The words alone, without marks."""
    return "".join(one.text if isinstance(one, Words) else plain_words(one.inside) for one in line)


def anchors(parts: list[Part]) -> list[Anchor]:
    """Every link of a text."""
    lines = [
        line
        for part in parts
        for line in (part.lines if isinstance(part, Paragraph) else part.items)
    ]
    return [anchor for line in lines for anchor in _anchors_of(line)]


def _anchors_of(line: Line) -> list[Anchor]:
    found: list[Anchor] = []
    for one in line:
        if isinstance(one, Anchor):
            found.append(one)
        elif not isinstance(one, Words):
            found += _anchors_of(one.inside)
    return found
