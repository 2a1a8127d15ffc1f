"""What a mail lacks before it can go: each fault with its block and place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mailings.composing import blocks as kinds
from mailings.composing import linking, markup, merging, plain
from mailings.composing.drafts import Draft
from mailings.composing.fields import FIELDS, Kind, Place
from mailings.composing.problems import Problem

SUBJECT_LONGEST, SUBJECT_GOOD = 150, 60
PREHEADER_GOOD, PREHEADER_LONGEST = 110, 150
SIZE_LONGEST = 100_000


def problems_of(draft: Draft, made: str) -> list[Problem]:
    """Everything that is wrong or worth knowing; `made` is the text that the blocks make."""
    found = [*_subject(draft.subject), *_preheader(draft.preheader)]
    if not draft.house.address.strip():
        found.append(Problem("mail", "", "no_postal_address"))
    if not draft.blocks:
        found.append(Problem("mail", "", "empty_mail"))
    elif not any(_leads_on(block) for block in draft.blocks):
        found.append(Problem("mail", "", "no_ask"))
    for block in draft.blocks:
        found += _block(block)
    return found + (_written(draft, made) if draft.text_edited.strip() else [])


def _subject(subject: str) -> Iterator[Problem]:
    if not subject.strip():
        yield Problem("subject", "", "subject_missing")
    if len(subject) > SUBJECT_LONGEST:
        yield Problem("subject", "", "subject_too_long")
    elif len(subject) > SUBJECT_GOOD:
        yield Problem("subject", "", "subject_long")
    yield from _faults("subject", "", subject, Place.SUBJECT)


def _preheader(preheader: str) -> Iterator[Problem]:
    if not preheader.strip():
        yield Problem("preheader", "", "preheader_missing")
    if len(preheader) > PREHEADER_LONGEST:
        yield Problem("preheader", "", "preheader_too_long")
    elif len(preheader) > PREHEADER_GOOD:
        yield Problem("preheader", "", "preheader_long")
    yield from _faults("preheader", "", preheader, Place.PREHEADER)


def _faults(block: str, place: str, text: str, where: Place) -> Iterator[Problem]:
    for code, typed in merging.faults(text, where):
        yield Problem(block, place, code, typed)


def _leads_on(block: Any) -> bool:
    """Whether a reader can do something with it."""
    if isinstance(block, kinds.Text):
        return bool(markup.anchors(markup.parse(block.text)))
    if isinstance(block, kinds.Picture):
        return bool(block.link)
    return isinstance(block, kinds.Ask | kinds.Button | kinds.Thermometer)


def _block(block: Any) -> Iterator[Problem]:
    for place, words in kinds.typed(block):
        yield from _faults(block.id, place, words, Place.BODY)
    match block:
        case kinds.Heading() | kinds.Button() if not block.text.strip():
            yield Problem(block.id, "text", "empty_block")
        case kinds.Text():
            yield from _text(block)
        case kinds.Picture():
            yield from _picture(block)
        case kinds.Signature():
            yield from _signature(block)
        case _:
            pass
    yield from _link(block.id, "link", getattr(block, "link", "") or None)


def _text(block: kinds.Text) -> Iterator[Problem]:
    if not block.text.strip():
        yield Problem(block.id, "text", "empty_block")
    for anchor in markup.anchors(markup.parse(block.text)):
        yield from _link(block.id, "text", anchor.url)
        if not markup.plain_words(anchor.inside).strip():
            yield Problem(block.id, "text", "link_without_words", anchor.url[:80])


def _picture(block: kinds.Picture) -> Iterator[Problem]:
    if not block.picture:
        yield Problem(block.id, "picture", "no_picture")
    if not block.alt.strip():
        yield Problem(block.id, "alt", "no_alt")


def _signature(block: kinds.Signature) -> Iterator[Problem]:
    if not block.name.strip():
        yield Problem(block.id, "name", "no_name")
    if block.picture and not block.alt.strip():
        yield Problem(block.id, "alt", "no_alt")


def _link(block: str, place: str, url: str | None) -> Iterator[Problem]:
    code = linking.fault(url) if url is not None else ""
    if code:
        yield Problem(block, place, code, (url or "")[:80])


def _written(draft: Draft, made: str) -> list[Problem]:
    """The text that was written by hand."""
    text, found = draft.text_edited, []
    at = 0
    for start, end, url in plain.addresses(text):
        found += list(_faults("text", "", text[at:start], Place.BODY))
        found += list(_link("text", "", plain.apart(url)[0]))
        at = end
    found += list(_faults("text", "", text[at:], Place.BODY))
    if draft.text_made_of and draft.text_made_of != plain.print_of(made):
        found.append(Problem("text", "", "text_stale"))
    return found


def is_targeting(names: tuple[str, ...]) -> bool:
    """Whether a mail with these tags says something of what a person gave (EU 2024/900)."""
    giving = {Kind.GIVING, Kind.ASK}
    fields = (FIELDS.get(name.partition("__")[0].removesuffix("_h")) for name in names)
    return any(field is not None and field.kind in giving for field in fields)
