"""What a condition looked at for one donor, so that "why" can show it: SQL of one value each."""

from __future__ import annotations

from collections.abc import Callable

from donors.queries import stands_sql
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


_BASES = f"""(
  SELECT coalesce(string_agg(DISTINCT basis, ',' ORDER BY basis), '') FROM donors_legalbasis
   WHERE donor_id = p.donor_id AND purpose = %s AND {stands_sql()})"""  # noqa: S608 - columns of ours


def _purpose(one: Is, _known: Known) -> Sql:
    """The bases that stand for the purpose."""
    return Sql(_BASES, (one.args["purpose"],))


def _share(one: Is, _known: Known) -> Sql:
    """The place of the lot, of a hundred."""
    place = "encode(substr(sha256(%s::bytea || uuid_send(p.ref)), 1, 4), 'hex')"
    text = f"((('x' || {place})::bit(32)::bigint * 100) >> 32)::text"
    return Sql(text, (one.args["seed"].encode(),))


def _stood(number: str, last: str) -> Callable[[Is, Known], Sql]:
    """How often, and the last day."""
    return _column(
        f"coalesce((SELECT {number} || ',' || coalesce("  # noqa: S608 - columns of ours
        f"(({last} AT TIME ZONE 'Europe/Stockholm')::date)::text, '')"
        " FROM segments_mailstanding s WHERE s.donor_id = p.donor_id), '0,')"
    )


_PLEDGES = """
  SELECT coalesce(string_agg(l.state || ':' || l.amount_ore, ',' ORDER BY l.id DESC), '')
    FROM pledges_pledge l WHERE l.donor_id = p.donor_id AND l.state <> 'unconfirmed'"""
_MANDATES = """
  SELECT coalesce(string_agg(m.state, ',' ORDER BY m.id DESC), '')
    FROM pledges_pledge l JOIN pledges_mandate m ON m.pledge_id = l.id
   WHERE l.donor_id = p.donor_id"""
_CARDS = """
  SELECT coalesce(min(m.card_expires_on)::text, '')
    FROM pledges_pledge l JOIN pledges_mandate m ON m.pledge_id = l.id AND m.state = 'active'
   WHERE l.donor_id = p.donor_id AND l.state IN ('active', 'paused')"""
_TAGS = """
  SELECT coalesce(string_agg(t.label, ', ' ORDER BY t.label), '')
    FROM donors_donortag b JOIN donors_tag t ON t.id = b.tag_id WHERE b.donor_id = p.donor_id"""
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
    "allowed": _purpose,
    "basis": _purpose,
    "tag": _column(_TAGS),
    "pledge": _column(_PLEDGES),
    "mandate": _column(_MANDATES),
    "card_ends": _column(_CARDS),
    "mailed": _stood("mails", "last_mailed_at"),
    "clicked": _stood("human_clicks", "last_human_click_at"),
    "share": _share,
}
