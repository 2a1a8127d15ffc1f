"""Merge fields as staff type them: `{{first_name|vän}}`, with the words for who has none."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from mailings.composing import tags
from mailings.composing.fields import FIELDS, Field, Kind, Place

LONGEST_FALLBACK = 60
_FIELD = re.compile(r"\{\{([^{}]*)\}\}")
_BRACES = re.compile(r"\{\{|\}\}")
_LEFT = re.compile(r"\[\[([^\[\]]*)\]\]")  # what a template leaves for the writer


@dataclass(frozen=True, slots=True)
class Merge:
    """A field as it was typed."""

    name: str
    fallback: str
    typed: str


Piece = str | Merge


def split(text: str) -> list[Piece]:
    """Text and fields in their order; empty text is left out."""
    pieces: list[Piece] = []
    at = 0
    for match in _FIELD.finditer(text):
        pieces += [text[at : match.start()], _merge(match)]
        at = match.end()
    pieces.append(text[at:])
    return [piece for piece in pieces if piece]


def _merge(match: re.Match[str]) -> Merge:
    name, _, fallback = match[1].partition("|")
    return Merge(name.strip(), " ".join(fallback.split()), match[0])


def faults(text: str, place: Place) -> list[tuple[str, str]]:
    """(code, what was typed) for every field that can't stand here as it is."""
    found = []
    for piece in split(text):
        if isinstance(piece, Merge):
            code = _fault(piece, place)
            found += [(code, piece.typed)] if code else []
        elif _BRACES.search(piece):
            found.append(("unclosed_field", piece.strip()[:60]))
    found += [("left_to_write", left[1].strip()[:60]) for left in _LEFT.finditer(text)]
    return found


def _fault(merge: Merge, place: Place) -> str:
    field = FIELDS.get(merge.name)
    if field is None:
        return "unknown_field"
    if place not in field.places:
        return "field_not_here"
    if not field.always and not merge.fallback:
        return "no_fallback"
    return "long_fallback" if len(merge.fallback) > LONGEST_FALLBACK else ""


def as_html(text: str, constants: Mapping[str, str]) -> str:
    """The text for HTML: escaped, with tags for what differs from person to person."""
    return "".join(
        html.escape(_filled(piece, constants, escaped=True), quote=True)
        if isinstance(piece, str) or _is_constant(piece)
        else _tag(piece, escaped=True)
        for piece in split(text)
    )


def as_plain(text: str, constants: Mapping[str, str]) -> str:
    """The text for a subject or the plain part."""
    return "".join(_filled(piece, constants, escaped=False) for piece in split(text))


def _is_constant(merge: Merge) -> bool:
    field = FIELDS.get(merge.name)
    return field is None or field.kind is Kind.HOUSE


def _filled(piece: Piece, constants: Mapping[str, str], *, escaped: bool) -> str:
    if isinstance(piece, str):
        return tags.neutral(piece)
    if piece.name in constants:
        return tags.neutral(constants[piece.name])
    return tags.neutral(piece.typed) if _is_constant(piece) else _tag(piece, escaped=escaped)


def _tag(merge: Merge, *, escaped: bool) -> str:
    field: Field = FIELDS[merge.name]
    fallback = "" if field.always else merge.fallback[:LONGEST_FALLBACK]
    # The fallback was typed too, so a field that can fall back is escaped like a name.
    return tags.Tag(field.name, escaped and not field.always, fallback).written
