"""Reads: who is in, how many, why, and the trees of saved segments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F

from fundraise import clock
from fundraise.campaigns.models import Campaign, Fund
from fundraise.campaigns.queries import campaigns_of_funds
from mailings.segments import asking, bits, seen, targeting, words
from mailings.segments.compiling import Known, Sql, compiled, condition
from mailings.segments.compiling.parts import both
from mailings.segments.models import Segment, SegmentVersion
from mailings.segments.tree import Is, Node, conditions, expanded, inside, parse

USABLE = Sql(f"p.bits & {bits.USABLE} <> 0")
SAMPLE = 10


def known(*nodes: Node) -> Known:
    """What these trees need to be read: today, and the campaigns, funds and appeals they name."""
    campaigns: set[str] = set()
    named: set[str] = set()
    appeals: set[str] = set()
    for node in nodes:
        for one in conditions(node):
            campaigns.update(one.args.get("campaigns", ()))
            named.update(one.args.get("funds", ()))
            if one.kind == "appeal":
                appeals.add(one.args["ref"])
    funds = campaigns_of_funds(named)
    campaigns.update(*funds.values())
    sent = _appeals(appeals) if appeals else []
    found = Campaign.objects.filter(ref__in=campaigns).values_list("ref", "pk")
    return Known(
        today=clock.today(),
        campaigns={str(ref): pk for ref, pk in found} if campaigns else {},
        funds=funds,
        appeals={ref: pk for ref, pk, _kept in sent},
        reached={pk for _ref, pk, kept in sent if kept},
        enough=settings.LEGAL_BASES,
    )


_APPEALS = """
  SELECT a.ref::text, a.id, k.appeal_id IS NOT NULL
    FROM appeals_appeal a LEFT JOIN appeals_reached k ON k.appeal_id = a.id
   WHERE a.ref = ANY(%s::uuid[])"""


def _appeals(refs: Iterable[str]) -> list[tuple[str, int, bool]]:
    """The appeals by ref, and whether it is kept whom they reached, as it is of every finished one;
    their tables lie above this package."""
    with connection.cursor() as cursor:
        cursor.execute(_APPEALS, [list(refs)])
        return [(ref, pk, kept) for ref, pk, kept in cursor.fetchall()]


# --- Saved segments -------------------------------------------------------------------------------
def latest_trees(refs: Iterable[str]) -> dict[str, Node]:
    """The newest trees of segments by ref, and of all segments inside those."""
    trees: dict[str, Node] = {}
    wanted = set(refs)
    while wanted:
        rows = SegmentVersion.objects.filter(
            segment__ref__in=wanted, number=F("segment__latest")
        ).values_list("segment__ref", "tree")
        fresh = {str(ref): parse(tree) for ref, tree in rows}
        trees |= fresh
        wanted = {ref for node in fresh.values() for ref in inside(node)} - trees.keys()
    return trees


def whole(node: Node) -> Node:
    """The tree with the segments inside written out. Raises TreeError."""
    named = inside(node)
    return expanded(node, latest_trees(named)) if named else node


def tree_of(version_id: int) -> Node:
    """The tree of a saved version, with the segments inside as they are now. Raises TreeError."""
    return whole(parse(SegmentVersion.objects.values_list("tree", flat=True).get(pk=version_id)))


def names(language: str) -> words.Names:
    """What campaigns, funds, appeals and segments are called."""
    campaigns = {str(one.ref): one.title(language) for one in Campaign.objects.all()}
    funds = {str(one.ref): one.name(language) for one in Fund.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT ref::text, title FROM appeals_appeal")
        appeals = dict(cursor.fetchall())
    segments = {str(one.ref): one.called(language) for one in Segment.objects.all()}
    return words.Names(campaigns, appeals, segments, funds)


def targets(node: Node) -> list[Is]:
    """The conditions that target, with those of the segments inside. Raises TreeError."""
    return targeting.targeting(whole(node), settings.UNTARGETED_CONDITIONS)


# --- Who is in ------------------------------------------------------------------------------------
def where(node: Node) -> Sql:
    """SQL of who is in, about the profile `p`. Raises TreeError."""
    flat = whole(node)
    return both(USABLE, compiled(flat, known(flat)))


def count(node: Node, *, key: str = "") -> int:
    """How many are in, exactly. Raises TreeError, TooSlow."""
    chosen = where(node)
    text = f"SELECT count(*) FROM segments_profile p WHERE {chosen.text}"  # noqa: S608
    return int(asking.rows(text, chosen.params, key=key)[0][0])


def ids(node: Node, order: str = "p.donor_id") -> list[int]:
    """The donors who are in. `order` is SQL of the caller's own. Raises TreeError, TooSlow."""
    chosen = where(node)
    text = f"SELECT p.donor_id FROM segments_profile p WHERE {chosen.text} ORDER BY {order}"  # noqa: S608
    return [pk for (pk,) in asking.rows(text, chosen.params)]


def sample(node: Node, number: int = SAMPLE, *, seed: int = 0) -> list[int]:
    """Some of the donors who are in; the same ones for the same seed while nothing changes."""
    chosen = where(node)
    text = (
        f"SELECT p.donor_id FROM segments_profile p WHERE {chosen.text}"  # noqa: S608
        " ORDER BY hashint8extended(p.donor_id, %s), p.donor_id LIMIT %s"
    )
    return [pk for (pk,) in asking.rows(text, (*chosen.params, seed, number))]


# --- Why ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Why:
    """One condition of a tree for one donor: is it true, and what was looked at (JSON)."""

    condition: Is
    holds: bool
    seen: Any


@dataclass(frozen=True, slots=True)
class Explained:
    """Whether a donor is in; `usable` is False for who has died, wants no contact, or rests."""

    chosen: bool
    usable: bool
    conditions: list[Why]


def explain(node: Node, donor_id: int) -> Explained:
    """Why a donor is in or out: every condition with its answer. Raises TreeError."""
    flat = whole(node)
    read = known(flat)
    leaves = list(conditions(flat))
    asked = [USABLE, compiled(flat, read), *(condition(one, read) for one in leaves)]
    looked = [seen.of(one, read) for one in leaves]
    columns = [f"({one.text}) IS TRUE" for one in asked] + [one.text for one in looked]
    params = tuple(value for one in (*asked, *looked) for value in one.params)
    text = f"SELECT {', '.join(columns)} FROM segments_profile p WHERE p.donor_id = %s"  # noqa: S608
    found = asking.rows(text, (*params, donor_id))
    if not found:
        return Explained(False, False, [Why(one, False, None) for one in leaves])
    usable, chosen, *rest = found[0]
    answers, values = rest[: len(leaves)], rest[len(leaves) :]
    whys = [Why(*one) for one in zip(leaves, answers, values, strict=True)]
    return Explained(usable and chosen, usable, whys)


def as_json(found: Explained) -> Mapping[str, Any]:
    """For the API and the log: kinds and answers, no person."""
    return {
        "chosen": found.chosen,
        "usable": found.usable,
        "conditions": [
            {"is": why.condition.kind, **why.condition.args, "holds": why.holds}
            for why in found.conditions
        ],
    }
