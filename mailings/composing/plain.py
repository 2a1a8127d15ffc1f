"""The plain text of a mail: made of its blocks, or written by hand.

Both are the same kind of text: merge fields as staff type them, and addresses in full. `compiled`
turns the fields to tags and the addresses to ours, so what a person reads and edits is what is
sent. The footer is put under it, and can't be edited away.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from mailings.composing import blocks as kinds
from mailings.composing import markup, merging
from mailings.composing.drafts import Draft, House
from mailings.composing.fields import LADDERS, STEPS
from mailings.composing.linking import AMOUNT, Links
from mailings.composing.markup import Anchor, Inline, Line, Words
from mailings.composing.wording import WORDS

ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)(?:\{\{[^{}]*\}\}|[^\s<>\"{}])+")
_TAIL = re.compile(r"[.,;:!?)\]]+$")
_SUM = re.compile(rf"[?&](?:belopp|amount)=\{{\{{((?:{'|'.join(LADDERS)})[123]_kr)\}}\}}$")


def source(draft: Draft) -> str:
    """The text that the blocks make, as staff may edit it."""
    said = [_block(block, draft) for block in draft.blocks]
    return "\n\n".join(part for part in said if part) + "\n"


def print_of(made: str) -> str:
    """What is kept of the made text when it begins to be written by hand: is it still the same?"""
    return hashlib.sha256(made.encode()).hexdigest()


def _block(block: Any, draft: Draft) -> str:
    words, page = WORDS[draft.language], draft.house.page(draft.language)
    match block:
        case kinds.Heading():
            return block.text.upper() if "{{" not in block.text else block.text
        case kinds.Text():
            return _text(block.text)
        case kinds.Picture():
            alt = f"[{words['picture']}: {block.alt}]" if block.alt else ""
            return f"{alt}\n{block.link}".strip() if block.link else alt
        case kinds.Button():
            return f"{block.text}:\n{block.link or page}" if block.text else ""
        case kinds.Ask():
            return _ask(block, draft)
        case kinds.Thermometer():
            return _thermometer(block, draft.language, page)
        case _:
            lines = [block.closing, block.name, block.role]
            return "\n".join(line for line in lines if line)


def _text(text: str) -> str:
    said = []
    for part in markup.parse(text):
        if isinstance(part, markup.Paragraph):
            said.append("\n".join(_line(line) for line in part.lines))
        else:
            marks = [f"{n}." if part.numbered else "-" for n in range(1, len(part.items) + 1)]
            items = zip(marks, part.items, strict=True)
            said.append("\n".join(f"{mark} {_line(item)}" for mark, item in items))
    return "\n\n".join(said)


def _line(line: Line) -> str:
    return "".join(_inline(one) for one in line)


def _inline(one: Inline) -> str:
    if isinstance(one, Words):
        return one.text
    words = _line(one.inside)
    if not isinstance(one, Anchor):
        return words
    bare = one.url.removeprefix("mailto:").removeprefix("tel:")
    return f"{words} ({one.url})" if words not in {one.url, bare} else one.url


def _ask(block: kinds.Ask, draft: Draft) -> str:
    words, monthly = WORDS[draft.language], block.period == "monthly"
    page = draft.house.page(draft.language, monthly=monthly)
    joint = "&" if monthly else "?"
    give = words["give_monthly" if monthly else "give"]
    lines = [block.text] if block.text else []
    for step in STEPS:
        name = f"{block.ladder}{step}"
        asked = f"{page}{joint}{AMOUNT[draft.language]}={{{{{name}_kr}}}}"
        lines.append(f"{give.format(sum=f'{{{{{name}}}}}')}: {asked}")
    lines.append(f"{words['other_monthly' if monthly else 'other']}: {page}")
    return "\n".join(lines)


def _thermometer(block: kinds.Thermometer, language: str, page: str) -> str:
    names = ("raised", "goal", "percent")
    fields = {name: f"{{{{{name}}}}}" for name in names}
    words = WORDS[language]
    reading = f"{words['reading'].format_map(fields)}. {{{{standing}}}}"
    return "\n".join(line for line in (block.text, reading, page) if line)


def compiled(text: str, links: Links, constants: dict[str, str]) -> str:
    """The text as it is sent: tags for fields, our addresses for theirs."""
    said, at = [], 0
    for start, end, url in addresses(text):
        said += [merging.as_plain(text[at:start], constants), _ours(url, links)]
        at = end
    said.append(merging.as_plain(text[at:], constants))
    return "".join(said)


def addresses(text: str) -> list[tuple[int, int, str]]:
    """(start, end, address) of every address in a text; a full stop after one is no part of it."""
    found = []
    for match in ADDRESS.finditer(text):
        url = _TAIL.sub("", match[0]) if "(" not in match[0] else match[0]
        found.append((match.start(), match.start() + len(url), url))
    return found


def apart(url: str) -> tuple[str, str]:
    """An address and the name of the sum's tag that it asks for, if it does."""
    asked = _SUM.search(url)
    return (url[: asked.start()], asked[1]) if asked else (url, "")


def _ours(url: str, links: Links) -> str:
    target, sum_tag = apart(url)
    return links.to(target, sum_tag=sum_tag)


def footer(language: str, house: House, links: Links) -> str:
    """Who sent it, why, and how to stop."""
    words, names = WORDS[language], house.constants
    who = words["who"].format(organisation=names["organisation"], org_number=house.org_number)
    lines = [
        "-- ",
        merging.as_plain(who, {}),
        merging.as_plain(house.address, {}),
        merging.as_plain(words["why"].format(organisation=names["organisation"]), {}),
        f"{words['leave']}: {links.unsubscribe}",
        f"{words['choose']}: {links.preferences}",
    ]
    return "\n".join(line for line in lines if line)
