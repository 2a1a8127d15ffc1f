"""What the builder is answered: the number, the sentence, what targets, what is wrong and where."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fundraise.campaigns.models import Campaign
from mailings.segments import audience, looked, queries, words
from mailings.segments.audience import Options
from mailings.segments.errors import SegmentError
from mailings.segments.queries import Why
from mailings.segments.tree import All, Is, Node, Not, Some, TreeError, parse
from mailings.segments.words import Names

LARGEST = 200_000  # letters of JSON


def reader() -> str:
    """The language of who reads."""
    return "en" if (get_language() or "sv").startswith("en") else "sv"


def names() -> Names:
    """What campaigns, appeals and segments are called, for who reads."""
    return queries.names(reader())


def read_tree(request: HttpRequest) -> Node:
    """The tree that was sent. Raises TreeError."""
    return parse(sent(request))


def sent(request: HttpRequest) -> object:
    """What was sent as a tree, whether it is one or not."""
    raw = request.POST.get("tree", "")
    try:
        found: object = json.loads(raw) if len(raw) <= LARGEST else None
    except (ValueError, RecursionError):
        found = None
    return found


def problems(error: TreeError) -> list[dict[str, Any]]:
    """Where what is wrong, in words."""
    return [
        {"path": list(one.path), "text": str(words.PROBLEMS[one.code])} for one in error.problems
    ]


def counted(request: HttpRequest, campaign: Campaign | None) -> Mapping[str, Any]:
    """The answer to a look while building. Nothing in it is a person."""
    try:
        node = read_tree(request)
        said = words.sentence(node, reader(), names())
        found: dict[str, Any] = {"sentence": said, "targeting": _targeting(node), "problems": []}
        key = request.POST.get("key", "")
        key = f"{request.user.pk}x{key}" if key.isalnum() and key.isascii() else ""
        if campaign is None:
            return {**found, "count": queries.count(node, key=key.lower())}
        reckoned = audience.reckoned(node, Options(), campaign, key=key.lower())
        return {**found, "count": reckoned.matching, "groups": groups(node, reckoned, campaign)}
    except TreeError as error:
        return {"problems": problems(error)}
    except SegmentError as error:
        return {"problems": [], "error": str(words.ERRORS[error.code])}


def groups(
    node: Node, reckoned: audience.Reckoned, campaign: Campaign
) -> list[dict[str, str | int]]:
    """Both groups of an appeal and who is left out, as lines."""
    parts = audience.parts_people(node, campaign)
    lines: list[tuple[str, int]] = []
    if parts:
        lines.append((_("agreed to be chosen: get it, with sums of their own"), reckoned.targeted))
        lines.append((_("did not: get it with standard sums, chosen without what targets"),
                      reckoned.untargeted))  # fmt: skip
    else:
        lines.append((_("get it"), reckoned.people))
    left = [
        (_("left out: no ground to ask them"), reckoned.no_basis),
        (_("left out: no e-mail address"), reckoned.no_address),
        (_("left out: gave to the campaign in the last 14 days"), reckoned.recent),
        (_("left out: gives every month"), reckoned.monthly),
    ]
    lines += [line for line in left if line[1]]
    return [{"text": text, "people": people} for text, people in lines]


def _targeting(node: Node) -> list[str]:
    """The conditions that target, in words, the segments inside written out."""
    known = names()
    return list(dict.fromkeys(words.phrase(one, reader(), known) for one in queries.targets(node)))


def why(node: Node, donor_id: int) -> dict[str, Any]:
    """Why a donor is in or out: every group and condition with its answer, as they lie in it."""
    found = queries.explain(node, donor_id)
    flat = queries.whole(node)
    _holds, lines = _lines(flat, iter(found.conditions), names(), 0)
    if isinstance(flat, All) and flat.nodes:  # what is true of all of it goes without saying
        lines = lines[1:]
    return {"chosen": found.chosen, "usable": found.usable, "lines": lines}


Lines = list[dict[str, Any]]


def _lines(node: Node, answers: Iterator[Why], known: Names, depth: int) -> tuple[bool, Lines]:
    """Whether it holds, and it with what lies in it, a line each."""
    match node:
        case Is():
            one = next(answers)
            return one.holds, [_line(node, one, known, depth, holds=one.holds)]
        case Not(Is()):
            one = next(answers)
            return not one.holds, [_line(node, one, known, depth, holds=not one.holds)]
        case Not(inner):
            holds, lines = _lines(inner, answers, known, depth + 1)
            return not holds, [_head(_("not"), depth, holds=not holds), *lines]
        case All(nodes) | Some(nodes):
            parts = [_lines(one, answers, known, depth + 1) for one in nodes]
            every = isinstance(node, All)
            holds = (all if every else any)(part for part, _lines_of in parts)
            title = _("All of these") if every else _("At least one of these")
            inside = [line for _part, lines in parts for line in lines]
            return holds, [_head(title, depth, holds=holds), *inside]


def _line(node: Node, one: Why, known: Names, depth: int, *, holds: bool) -> dict[str, Any]:
    return {
        "text": words.phrase(node, reader(), known),
        "holds": holds,
        "seen": looked.said(one.condition, one.seen, reader()),
        "depth": depth,
    }


def _head(text: str, depth: int, *, holds: bool) -> dict[str, Any]:
    return {"text": text, "holds": holds, "seen": "", "depth": depth}
