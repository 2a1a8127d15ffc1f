"""Conditions on mail: how often, what came of it, which appeals; and the random share.

The tables of appeals lie above this package, so they are named here, in SQL, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from mailings.segments import periods
from mailings.segments.compiling.parts import Known, Sql, among, at_within, between, both
from mailings.segments.tree import Is

MESSAGES, FATES, REACHED = "appeals_message", "appeals_fate", "appeals_reached"
_ALL = 1 << 32

# Of a record that was merged into another, what it got is the other's.
_OF_MERGED = f"""
   UNION ALL
  SELECT one.kept_id FROM donors_donormerge one JOIN {MESSAGES} m ON m.donor_id = one.gone_id"""  # noqa: S608
_RECEIVED = f"""
  SELECT donor_id FROM {MESSAGES} WHERE appeal_id = %s AND outcome = ''{_OF_MERGED}
   WHERE m.appeal_id = %s AND m.outcome = ''"""  # noqa: S608
# Of a finished appeal it is kept as a row of bits, for the donors that there were then. What is
# added for those who came later also brings the whole row into memory, once.
_REACHED = f"""
  get_bit((
    SELECT bits || decode(repeat('00', greatest(0, 8 * (last.word + 1) - length(bits))::int), 'hex')
      FROM {REACHED}, (SELECT max(donor_id) >> 6 AS word FROM segments_profile) last
     WHERE appeal_id = %s), p.donor_id) > 0
  OR p.donor_id IN (
    SELECT one.kept_id FROM donors_donormerge one JOIN {MESSAGES} m ON m.donor_id = one.gone_id
     WHERE m.appeal_id = %s AND m.outcome = '')"""  # noqa: S608
_CLICKED = f"""
  SELECT m.donor_id FROM {FATES} f JOIN {MESSAGES} m USING (appeal_id, seq)
   WHERE f.appeal_id = %s AND f.human_click_at IS NOT NULL{_OF_MERGED}
    JOIN {FATES} f USING (appeal_id, seq)
   WHERE f.appeal_id = %s AND f.human_click_at IS NOT NULL"""  # noqa: S608
_SUPPRESSED = """
  SELECT c.donor_id FROM suppressions_suppression s
    JOIN donors_contactpoint c
      ON c.value_hash = s.email_key AND c.kind = 'email' AND c.is_primary
   WHERE s.lifted_at IS NULL AND s.scope <> 'campaign'"""


def _stood(one: Is, known: Known, last: str, number: str) -> Sql:
    """When last, and how often in all; who has no row was never sent anything."""
    args = one.args
    parts = []
    if "when" in args:
        parts.append(at_within(last, periods.span(args["when"], known.today)))
    if "at_least" in args:
        parts.append(between(number, args))
    elif "at_most" in args:
        more = among(_standing(Sql(f"{number} > %s", (args["at_most"],)))).negated()
        return both(among(_standing(both(*parts))), more) if parts else more
    return among(_standing(both(*parts)))


def _standing(where: Sql) -> Sql:
    text = f"SELECT donor_id FROM segments_mailstanding WHERE {where.text}"  # noqa: S608
    return Sql(text, where.params)


def _appeal(one: Is, known: Known) -> Sql:
    appeal = known.appeals.get(str(UUID(one.args["ref"])))
    if appeal is None:
        return Sql("false")
    received = one.args["what"] == "received"
    if received and appeal in known.reached:
        return Sql(f"({_REACHED})", (appeal, appeal))
    told = _RECEIVED if received else _CLICKED
    return among(Sql(told, (appeal, appeal)))


def _share(one: Is, _known: Known) -> Sql:
    """So many of a hundred: the first four bytes of sha256(seed and ref) as a place among all."""
    first = one.args.get("from", 0)
    last = first + one.args["percent"]
    low, high = (edge(percent) for percent in (first, last))
    place = "sha256(%s::bytea || uuid_send(p.ref))"
    seed = one.args["seed"].encode()
    parts = []
    if first > 0:
        parts.append(Sql(f"{place} >= %s::bytea", (seed, low)))
    if last < 100:
        parts.append(Sql(f"{place} < %s::bytea", (seed, high)))
    return both(*parts)


def edge(percent: int) -> bytes:
    """Where a percentage lies among four bytes."""
    return min(percent * _ALL // 100, _ALL - 1).to_bytes(4, "big")


KINDS: dict[str, Callable[[Is, Known], Sql]] = {
    "mailed": lambda one, known: _stood(one, known, "last_mailed_at", "mails"),
    "clicked": lambda one, known: _stood(one, known, "last_human_click_at", "human_clicks"),
    "appeal": _appeal,
    "suppressed": lambda _one, _known: among(Sql(_SUPPRESSED)),
    "share": _share,
}
