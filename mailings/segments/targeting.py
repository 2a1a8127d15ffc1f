"""Which conditions target political messages, and the people a tree means without those.

EU Regulation 2024/900, Art. 18: to choose receivers by personal data beyond what they subscribed
with needs each person's separate, explicit consent (purpose "targeting"). Which conditions that is
stands in settings.UNTARGETED_CONDITIONS, an assumption that docs/segments.md explains. Plain
Python.
"""

from __future__ import annotations

from collections.abc import Collection

from mailings.segments.tree import EVERYBODY, All, Is, Node, Not, Some, conditions

PURPOSE = "targeting"


def targeting(node: Node, free: Collection[str]) -> list[Is]:
    """The conditions that target, from left to right; `free` are the kinds that do not."""
    return [one for one in conditions(node) if one.kind not in free]


def without(node: Node, free: Collection[str]) -> Node:
    """The tree by what does not target: everybody whom the whole tree might mean, whatever the
    targeting conditions say of them. So who is in by the tree is in by this."""
    return _weakened(node, free, holds=True)


def _weakened(node: Node, free: Collection[str], *, holds: bool) -> Node:
    """A tree that is true (`holds`) or false whenever this one may be."""
    match node:
        case Is(kind, _args):
            if kind in free:
                return node
            return EVERYBODY if holds else Not(EVERYBODY)
        case All(nodes):
            return _all([_weakened(one, free, holds=holds) for one in nodes])
        case Some(nodes):
            return _some([_weakened(one, free, holds=holds) for one in nodes])
        case Not(inner):
            return _not(_weakened(inner, free, holds=not holds))


def _all(nodes: list[Node]) -> Node:
    left = [one for one in nodes if one != EVERYBODY]
    if Not(EVERYBODY) in left:
        return Not(EVERYBODY)
    return left[0] if len(left) == 1 else All(tuple(left))


def _some(nodes: list[Node]) -> Node:
    if EVERYBODY in nodes:
        return EVERYBODY
    left = [one for one in nodes if one != Not(EVERYBODY)]
    return left[0] if len(left) == 1 else Some(tuple(left))


def _not(node: Node) -> Node:
    return node.node if isinstance(node, Not) else Not(node)
