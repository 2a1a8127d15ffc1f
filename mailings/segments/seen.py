"""What a condition looked at for one donor, so that "why" can show it: SQL of one value each."""

from __future__ import annotations

from collections.abc import Callable

from mailings.segments import bits, periods
from mailings.segments.compiling.parts import Known, Sql, both, within
from mailings.segments.tree import Is

_MEASURES = {
    "gifts": "count(*)",
    "sum": "coalesce(sum(ore), 0)",
    "largest": "coalesce(max(ore), 0)",
    "latest": "coalesce((array_agg(ore ORDER BY received_at DESC, id DESC))[1], 0)",
}


def of(one: Is, known: Known) -> Sql:
    """The value as text; NULL where yes or no says it all."""
    return _KINDS.get(one.kind, _nothing)(known.by_campaigns(one), known)


def _nothing(_one: Is, _known: Known) -> Sql:
    return Sql("NULL::text")


def _column(expression: str) -> Callable[[Is, Known], Sql]:
    return lambda _one, _known: Sql(f"({expression})::text")


def _gifts(expression: str, one: Is, known: Known) -> Sql:
    """Over the donor's own gifts, by the condition's cut and period."""
    parts = [Sql("s.donor_id = p.donor_id")]
    if "campaigns" in one.args:
        ids = known.campaign_ids(one.args["campaigns"])
        parts.append(Sql("campaign_id = ANY(%s)", (ids,)))
    if "channels" in one.args:
        parts.append(Sql("channel = ANY(%s)", (list(one.args["channels"]),)))
    if "during" in one.args:
        parts.append(within("day", periods.span(one.args["during"], known.today)))
    where = both(*parts)
    text = f"(SELECT ({expression})::text FROM giving_gift s WHERE {where.text})"  # noqa: S608
    return Sql(text, where.params)


_KINDS: dict[str, Callable[[Is, Known], Sql]] = {
    "kind": _column(f"CASE WHEN p.bits & {bits.PERSON} <> 0 THEN 'person' ELSE 'organisation' END"),
    "language": _column(f"CASE WHEN p.bits & {bits.SWEDISH} <> 0 THEN 'sv' ELSE 'en' END"),
    "source": _column("p.source"),
    "known": _column("p.known_on"),
    "postcode": _column("p.postcode"),
    "town": _column("p.town"),
    "country": _column("p.country"),
    "gave": lambda one, known: _gifts(_MEASURES[one.args["measure"]], one, known),
    "first_gift": lambda one, known: _gifts("min(day)", one, known),
    "last_gift": lambda one, known: _gifts("max(day)", one, known),
    "mailed": _column(
        "SELECT (last_mailed_at AT TIME ZONE 'Europe/Stockholm')::date"
        " FROM segments_mailstanding s WHERE s.donor_id = p.donor_id"
    ),
    "clicked": _column(
        "SELECT (last_human_click_at AT TIME ZONE 'Europe/Stockholm')::date"
        " FROM segments_mailstanding s WHERE s.donor_id = p.donor_id"
    ),
}
