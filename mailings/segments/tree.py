"""The conditions of a segment as a tree: groups, `not`, and single conditions. Plain Python.

As JSON: {"all": […]}, {"any": […]}, {"not": …}, or a condition {"is": KIND, …} whose fields are in
terms.py. What is wrong is told with its place in the tree, all of it at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mailings.segments import terms

DEEPEST = 6
MOST = 100
MOST_IN_ALL = 500  # with those of the segments inside

Json = Mapping[str, Any]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Is:
    """One condition: its kind and its fields, as they were checked."""

    kind: str
    args: Json


@dataclass(frozen=True, slots=True)
class All:
    """All of these are true; of none: everybody."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of these is true; of none: nobody."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It is not true."""

    node: Node


Node = Is | All | Some | Not
EVERYBODY = All(())


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where in the tree; `code` is a key of words.PROBLEMS."""

    path: Path
    code: str


class TreeError(Exception):
    """The tree can't be used; all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(sorted({problem.code for problem in problems})))
        self.problems = problems


def parse(raw: object) -> Node:
    """The tree of its JSON. Raises TreeError."""
    problems: list[Problem] = []
    if sum(1 for _ in _walk_raw(raw, 0)) > MOST:
        raise TreeError([Problem((), "too_many")])
    node = _node(raw, (), 1, problems)
    if problems or node is None:
        raise TreeError(problems)
    return node


def _walk_raw(raw: object, depth: int) -> Iterator[object]:
    """Every node that may be one, without going deeper than makes sense."""
    yield raw
    if isinstance(raw, Mapping) and depth <= 2 * DEEPEST + 2:
        for key in ("all", "any"):
            inside = raw.get(key)
            for one in inside if isinstance(inside, list) else []:
                yield from _walk_raw(one, depth + 1)
        if "not" in raw:
            yield from _walk_raw(raw["not"], depth + 1)


def _node(raw: object, path: Path, depth: int, problems: list[Problem]) -> Node | None:
    if not isinstance(raw, Mapping) or len({"all", "any", "not", "is"} & raw.keys()) != 1:
        problems.append(Problem(path, "no_node"))
        return None
    if depth > DEEPEST:
        problems.append(Problem(path, "too_deep"))
        return None
    if "is" in raw:
        return _condition(raw, path, problems)
    key = next(iter(raw))
    if len(raw) != 1:
        problems.append(Problem(path, "no_node"))
        return None
    if key == "not":
        node = _node(raw["not"], (*path, "not"), depth + _is_not(raw["not"]), problems)
        return None if node is None else Not(node)
    return _group(key, raw[key], path, depth, problems)


def _is_not(raw: object) -> bool:
    return isinstance(raw, Mapping) and "not" in raw


def _is_leaf(raw: object) -> bool:
    """A condition, also one that is turned round: only groups go deeper."""
    while isinstance(raw, Mapping) and "not" in raw:
        raw = raw["not"]
    return isinstance(raw, Mapping) and "is" in raw


def _group(
    key: str, inside: object, path: Path, depth: int, problems: list[Problem]
) -> Node | None:
    if not isinstance(inside, list):
        problems.append(Problem(path, "no_node"))
        return None
    nodes = [
        _node(one, (*path, key, place), depth + (not _is_leaf(one)), problems)
        for place, one in enumerate(inside)
    ]
    found = tuple(node for node in nodes if node is not None)
    return All(found) if key == "all" else Some(found)


def _condition(raw: Json, path: Path, problems: list[Problem]) -> Node | None:
    kind = raw["is"]
    if not isinstance(kind, str) or kind not in terms.KINDS:
        problems.append(Problem((*path, "is"), "unknown_kind"))
        return None
    given = {name: value for name, value in raw.items() if name != "is"}
    wrong = terms.check(kind, given)
    problems += [Problem((*path, name) if name else path, code) for name, code in wrong]
    return None if wrong else Is(kind, given)


def dump(node: Node) -> dict[str, Any]:
    """The tree as JSON."""
    match node:
        case Is(kind, args):
            return {"is": kind, **args}
        case All(nodes):
            return {"all": [dump(one) for one in nodes]}
        case Some(nodes):
            return {"any": [dump(one) for one in nodes]}
        case Not(inner):
            return {"not": dump(inner)}


def conditions(node: Node) -> Iterator[Is]:
    """Every condition, from left to right."""
    match node:
        case Is():
            yield node
        case All(nodes) | Some(nodes):
            for one in nodes:
                yield from conditions(one)
        case Not(inner):
            yield from conditions(inner)


def inside(node: Node) -> set[str]:
    """The refs of the segments that are named directly."""
    return {str(one.args["ref"]) for one in conditions(node) if one.kind == "segment"}


def expanded(node: Node, trees: Mapping[str, Node]) -> Node:
    """The tree with the trees of other segments in their place.

    Raises TreeError on a ring, a segment that is not there, and too many conditions in all.
    """
    return _expand(node, trees, (), [MOST_IN_ALL])


def _expand(node: Node, trees: Mapping[str, Node], seen: tuple[str, ...], left: list[int]) -> Node:
    left[0] -= 1
    if left[0] < 0:
        raise TreeError([Problem((), "too_many")])
    match node:
        case Is("segment", args):
            ref = str(args["ref"])
            if ref in seen:
                raise TreeError([Problem((), "ring")])
            if ref not in trees:
                raise TreeError([Problem((), "no_segment")])
            return _expand(trees[ref], trees, (*seen, ref), left)
        case Is():
            return node
        case All(nodes):
            return All(tuple(_expand(one, trees, seen, left) for one in nodes))
        case Some(nodes):
            return Some(tuple(_expand(one, trees, seen, left) for one in nodes))
        case Not(inner):
            return Not(_expand(inner, trees, seen, left))
