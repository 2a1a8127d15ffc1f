"""A tree as one condition of SQL about the profile `p`, with parameters.

Names of tables and columns come from this package alone; every value is a parameter. A condition
may be NULL, which counts as no: AND and OR keep that, and `not` is written IS NOT TRUE where it
matters.
"""

from __future__ import annotations

from collections.abc import Callable

from mailings.segments.compiling import giving, mail, people, pledges
from mailings.segments.compiling.parts import Known, Sql, joined
from mailings.segments.tree import All, Is, Node, Not, Some

__all__ = ["Known", "Sql", "compiled", "condition"]

_KINDS: dict[str, Callable[[Is, Known], Sql]] = {
    **people.KINDS,
    **giving.KINDS,
    **pledges.KINDS,
    **mail.KINDS,
}


def compiled(node: Node, known: Known) -> Sql:
    """The whole tree, with no other segments left in it (tree.expanded)."""
    match node:
        case Is():
            return condition(node, known)
        case All(nodes):
            return joined("AND", [compiled(one, known) for one in nodes], empty="true")
        case Some(nodes):
            return joined("OR", [compiled(one, known) for one in nodes], empty="false")
        case Not(inner):
            return compiled(inner, known).negated()


def condition(one: Is, known: Known) -> Sql:
    """One condition."""
    return _KINDS[one.kind](known.by_campaigns(one), known)
