"""Pieces of SQL with their parameters."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from fundraise import clock
from mailings.segments.periods import Span
from mailings.segments.tree import Is


@dataclass(frozen=True, slots=True)
class Sql:
    """A condition with its parameters in order. `sure`: it is never NULL."""

    text: str
    params: tuple[Any, ...] = ()
    sure: bool = True

    def negated(self) -> Sql:
        """True where this is not true."""
        text = f"NOT ({self.text})" if self.sure else f"({self.text}) IS NOT TRUE"
        return Sql(text, self.params)


@dataclass(frozen=True, slots=True)
class Known:
    """What the tree is read with: the day, row ids by ref, and which bases carry a purpose."""

    today: date
    campaigns: Mapping[str, int] = field(default_factory=dict)
    funds: Mapping[str, Collection[str]] = field(default_factory=dict)  # the campaigns of each
    appeals: Mapping[str, int] = field(default_factory=dict)
    reached: Collection[int] = ()  # the appeals whose receivers are kept as bits
    enough: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def campaign_ids(self, refs: Sequence[str]) -> list[int]:
        """Of campaigns that are there; nobody gave to another one."""
        return sorted(self.campaigns[ref] for ref in refs if ref in self.campaigns)

    def by_campaigns(self, one: Is) -> Is:
        """The condition with the campaigns of its funds instead: a gift's fund is its campaign's,
        so the sums per campaign answer for funds too."""
        if "funds" not in one.args:
            return one
        of_funds = {ref for fund in one.args["funds"] for ref in self.funds[fund]}
        wanted = of_funds & set(one.args.get("campaigns", of_funds))
        rest = {name: value for name, value in one.args.items() if name != "funds"}
        return Is(one.kind, {**rest, "campaigns": sorted(wanted)})


def joined(word: str, parts: Sequence[Sql], *, empty: str) -> Sql:
    """All of them with AND or OR between."""
    if not parts:
        return Sql(empty)
    if len(parts) == 1:
        return parts[0]
    return Sql(
        "(" + f" {word} ".join(f"({one.text})" for one in parts) + ")",
        tuple(value for one in parts for value in one.params),
        all(one.sure for one in parts),
    )


def both(*parts: Sql) -> Sql:
    return joined("AND", parts, empty="true")


def within(column: str, span: Span) -> Sql:
    """A day within a stretch; NULL where there is no day."""
    first, last = span
    if first is not None and last is not None:
        return Sql(f"{column} BETWEEN %s AND %s", (first, last), sure=False)
    if first is not None:
        return Sql(f"{column} >= %s", (first,), sure=False)
    if last is not None:
        return Sql(f"{column} <= %s", (last,), sure=False)
    return Sql(f"{column} IS NOT NULL")


def at_within(column: str, span: Span) -> Sql:
    """An instant within a stretch of Stockholm's days; NULL where there is none."""
    first, last = span
    parts = []
    if first is not None:
        parts.append(Sql(f"{column} >= %s", (midnight(first),), sure=False))
    if last is not None:
        parts.append(Sql(f"{column} < %s", (midnight(last + timedelta(days=1)),), sure=False))
    return both(*parts) if parts else Sql(f"{column} IS NOT NULL")


def midnight(day: date) -> datetime:
    """When a day begins in Stockholm."""
    return datetime.combine(day, time(), clock.STOCKHOLM)


def between(expression: str, args: Mapping[str, Any]) -> Sql:
    """A number from `at_least` up to `at_most`, where they are given."""
    low, high = args.get("at_least"), args.get("at_most")
    parts = []
    if low is not None:
        parts.append(Sql(f"{expression} >= %s", (low,)))
    if high is not None:
        parts.append(Sql(f"{expression} <= %s", (high,)))
    return both(*parts)


# The donors as a row of bits, made once for the whole question and handed to all who work on it: a
# hashed list of a million would be made by each of them. A bit stands where get_bit looks for it in
# a word of eight bytes. "> 0" is taken for a third of all, whichever way it is turned.
_MARKED = """
  get_bit((
    SELECT string_agg(int8send(coalesce(bits, 0)), ''::bytea ORDER BY word)
      FROM generate_series(0, (SELECT max(donor_id) >> 6 FROM segments_profile)) every(word)
      LEFT JOIN (SELECT donor_id >> 6 AS word,
                        bit_or(1::bigint << ((donor_id & 7 | 56 - (donor_id & 56))::int)) AS bits
                   FROM ({rows}) those(donor_id) GROUP BY 1) w USING (word)
  ), p.donor_id) > 0"""


def among(rows: Sql) -> Sql:
    """The donor is one of those whom a query of donor ids gives; the query gives no NULL."""
    return Sql(_MARKED.format(rows=rows.text), rows.params)
