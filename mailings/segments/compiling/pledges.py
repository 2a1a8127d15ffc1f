"""Conditions on pledges and the mandates and cards they are drawn on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from mailings.segments import bits, periods
from mailings.segments.compiling.parts import Known, Sql, among, at_within, between, both
from mailings.segments.tree import Is

_STATES = ["pending", "active", "paused", "halted", "ended"]  # who never confirmed has none


def _pledge(one: Is, known: Known) -> Sql:
    """One pledge of which all of it is true."""
    args = one.args
    if not args:
        return Sql(f"p.bits & {bits.PLEDGED} <> 0")
    if dict(args) == {"states": ["active"]}:
        return Sql(f"p.bits & {bits.MONTHLY} <> 0")
    states = list(args.get("states", _STATES))
    parts = [Sql("donor_id IS NOT NULL"), Sql("state = ANY(%s)", (states,))]
    if {"at_least", "at_most"} & args.keys():
        parts.append(between("amount_ore", args))
    if "intervals" in args:
        parts.append(Sql("interval_months = ANY(%s)", (list(args["intervals"]),)))
    if "methods" in args:
        parts.append(Sql("method = ANY(%s)", (list(args["methods"]),)))
    if "campaigns" in args:
        parts.append(Sql("campaign_id = ANY(%s)", (known.campaign_ids(args["campaigns"]),)))
    if "started" in args:
        parts.append(at_within("created_at", periods.span(args["started"], known.today)))
    if "ended" in args:
        parts.append(at_within("ended_at", periods.span(args["ended"], known.today)))
    where = both(*parts)
    return among(Sql(f"SELECT donor_id FROM pledges_pledge WHERE {where.text}", where.params))  # noqa: S608


# The newest period that is over with says how it stands; on halt there is nothing to draw on.
_FAILING = """
  SELECT donor_id FROM pledges_pledge l
   WHERE donor_id IS NOT NULL AND (state = 'halted' OR state IN ('active', 'paused') AND (
     SELECT i.state FROM pledges_instalment i
      WHERE i.pledge_id = l.id AND i.state IN ('paid', 'missed')
      ORDER BY i.period DESC LIMIT 1) = 'missed')"""
_CARD_ENDS = """
  SELECT l.donor_id FROM pledges_pledge l
    JOIN pledges_mandate m ON m.pledge_id = l.id AND m.state = 'active'
   WHERE l.donor_id IS NOT NULL AND l.state IN ('active', 'paused')
     AND m.card_expires_on <= %s"""
_MANDATE = """
  SELECT l.donor_id FROM pledges_pledge l JOIN pledges_mandate m ON m.pledge_id = l.id
   WHERE l.donor_id IS NOT NULL AND m.state = ANY(%s)"""


def _failing(_one: Is, _known: Known) -> Sql:
    return among(Sql(_FAILING))


def _card_ends(one: Is, known: Known) -> Sql:
    last = known.today + timedelta(days=one.args["within_days"])
    return among(Sql(_CARD_ENDS, (last,)))


def _mandate(one: Is, _known: Known) -> Sql:
    return among(Sql(_MANDATE, (list(one.args["states"]),)))


KINDS: dict[str, Callable[[Is, Known], Sql]] = {
    "pledge": _pledge,
    "failing": _failing,
    "card_ends": _card_ends,
    "mandate": _mandate,
}
