"""Conditions on what somebody has given.

The whole sums stand in the profile, and a period's sum and number are the difference of two places
in its steps; a campaign's or channel's stand in rows of their own. What no roll-up holds (the
largest in a period, a channel within a campaign) is added up from the gifts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from mailings.segments import periods, steps
from mailings.segments.compiling.parts import Known, Sql, among, between, both, joined, within
from mailings.segments.periods import Span
from mailings.segments.tree import Is

_WHOLE = {
    "gifts": "p.gifts",
    "sum": "p.given_ore",
    "largest": "p.largest_ore",
    "latest": "p.last_ore",
}
_ROLLED = {"gifts": "gifts", "sum": "given_ore", "largest": "largest_ore", "latest": "last_ore"}
_SUMMED = {"gifts": "sum(gifts)", "sum": "sum(given_ore)", "largest": "max(largest_ore)"}
_ADDED_UP = {
    "gifts": "count(*)",
    "sum": "sum(ore)",
    "largest": "max(ore)",
    "latest": "(array_agg(ore ORDER BY received_at DESC, id DESC))[1]",
}
_ARRAYS = {"gifts": "counts", "sum": "sums_ore"}
_FROM_2000 = 2000
_MARKED_YEARS = range(2001, 2062)  # the ends of the marks hold all that lies beyond


def _gave(one: Is, known: Known) -> Sql:
    args = one.args
    during = periods.span(args["during"], known.today) if "during" in args else None
    table, cut = _cut(args, known)
    if during is None and not table:
        return between(_WHOLE[args["measure"]], args)
    if during is not None and not table and _is_any_gift(args):
        return _gave_during(during)
    if during is not None and not table and args["measure"] in _ARRAYS:
        return _of_steps(args, during)
    return _counted(args, lambda wanted: _rows(args, wanted, table, cut, during))


def _is_any_gift(args: Mapping[str, Any]) -> bool:
    return (args["measure"], args.get("at_least"), args.get("at_most")) == ("gifts", 1, None)


def _counted(args: Mapping[str, Any], rows: Callable[[Mapping[str, Any]], Sql]) -> Sql:
    """Who gave nothing has no row: "at most" is said as "not more"."""
    if "at_least" in args:
        return among(rows(args))
    return among(rows({"at_least": args["at_most"] + 1})).negated()


def _cut(args: Mapping[str, Any], known: Known) -> tuple[str, Sql]:
    """The roll-up that gifts are cut by, and the condition on it; "gifts" when there is none."""
    parts, tables = [], []
    if "campaigns" in args:
        parts.append(Sql("campaign_id = ANY(%s)", (known.campaign_ids(args["campaigns"]),)))
        tables.append("giving_campaigngiving")
    if "channels" in args:
        parts.append(Sql("channel = ANY(%s)", (list(args["channels"]),)))
        tables.append("giving_channelgiving")
    table = tables[0] if len(tables) == 1 else "gifts" if tables else ""
    return table, joined("AND", parts, empty="true")


def _rows(
    args: Mapping[str, Any], wanted: Mapping[str, Any], table: str, cut: Sql, during: Span | None
) -> Sql:
    """The donors who gave so much, so often, in the period, by the cut."""
    measure = args["measure"]
    many = any(len(args.get(name, ())) > 1 for name in ("campaigns", "channels"))
    unrolled = table == "gifts" or (during is not None and measure not in _ARRAYS)
    if unrolled or (many and measure == "latest"):
        return _from_gifts(measure, wanted, cut, during)
    if during is None:
        if many:
            held = between(_SUMMED[measure], wanted)
            return _select(table, cut, Sql("true"), held)
        return _select(table, both(cut, between(_ROLLED[measure], wanted)), Sql("true"), None)
    amount = _in_period(_ARRAYS[measure], during)
    touched = _touched(during)
    if many:
        total = Sql(f"sum({amount.text})", amount.params)
        return _select(table, cut, touched, _compared(total, wanted))
    return _select(table, both(cut, touched, _compared(amount, wanted)), Sql("true"), None)


def _select(table: str, where: Sql, more: Sql, having: Sql | None) -> Sql:
    found = both(where, more) if more.text != "true" else where
    text = f"SELECT donor_id FROM {table} WHERE {found.text}"  # noqa: S608
    if having is None:
        return Sql(text, found.params)
    return Sql(f"{text} GROUP BY donor_id HAVING {having.text}", (*found.params, *having.params))


def _from_gifts(measure: str, wanted: Mapping[str, Any], cut: Sql, during: Span | None) -> Sql:
    where = both(cut, within("day", during)) if during is not None else cut
    return _select("giving_gift", where, Sql("true"), between(_ADDED_UP[measure], wanted))


def _touched(during: Span, of: str = "") -> Sql:
    """Rows that can have a gift in the period: a glance before the places are looked for. NULL in
    a profile of somebody who gave nothing."""
    first, last = during
    parts = []
    if first is not None:
        parts.append(Sql(f"{of}last_on >= %s", (first,), sure=False))
    if last is not None:
        parts.append(Sql(f"{of}first_on <= %s", (last,), sure=False))
    return joined("AND", parts, empty="true")


def _in_period(column: str, during: Span) -> Sql:
    """What the arrays say up to the last day, less what they say up to the day before the first."""
    first, last = during
    text, params = f"{column}[cardinality({column})]", []
    if last is not None:
        text = f"coalesce({column}[width_bucket(%s::date, days)], 0)"
        params.append(last)
    if first is not None:
        text = f"({text} - coalesce({column}[width_bucket(%s::date, days)], 0))"
        params.append(first - timedelta(days=1))
    return Sql(text, tuple(params))


def _compared(amount: Sql, wanted: Mapping[str, Any]) -> Sql:
    low, high = wanted.get("at_least"), wanted.get("at_most")
    if low is not None and high is not None:
        return Sql(f"{amount.text} BETWEEN %s AND %s", (*amount.params, low, high))
    sign, bound = (">=", low) if high is None else ("<=", high)
    return Sql(f"{amount.text} {sign} %s", (*amount.params, bound))


def _of_steps(args: Mapping[str, Any], during: Span) -> Sql:
    """The sum or the number of gifts in a period, by the profile's steps; who gave nothing then is
    below the least that can be asked for, so "at most" is said as "not more"."""
    measure, low = args["measure"], args.get("at_least")
    wanted = args if low is not None else {"at_least": args["at_most"] + 1}
    enough = Sql(f"{_WHOLE[measure]} >= %s", (wanted["at_least"],))
    amount = _between(_WHOLE[measure], _SO_FAR[measure], during)
    found = both(_touched(during, "p."), enough, _compared(amount, wanted))
    return found if low is not None else found.negated()


def _between(whole: str, so_far: Callable[[date], Sql], during: Span) -> Sql:
    """What there was up to the last day, less what there was before the first; the steps are
    looked at only where the last and the first gift leave it open."""
    first, last = during
    text, params = whole, list[Any]()
    if last is not None:
        there = so_far(last)
        text = f"CASE WHEN p.last_on <= %s THEN {whole} ELSE {there.text} END"
        params += [last, *there.params]
    if first is not None:
        before = so_far(first - timedelta(days=1))
        text = f"({text} - CASE WHEN p.first_on >= %s THEN 0 ELSE {before.text} END)"
        params += [first, *before.params]
    return Sql(text, tuple(params))


def _place(day: date) -> Sql:
    """How many of the steps lie up to and with a day."""
    return Sql("width_bucket(%s::bigint, p.steps)", (steps.end_of(day),))


def _sum_so_far(day: date) -> Sql:
    place = _place(day)
    return Sql(f"(p.steps[{place.text}] & {steps.SUM})", place.params)


def _gifts_so_far(day: date) -> Sql:
    """As many as steps, where no day had two."""
    place = _place(day)
    text = f"CASE WHEN cardinality(p.counts) = 0 THEN {place.text} ELSE p.counts[{place.text}] END"
    return Sql(text, (*place.params, *place.params))


_SO_FAR = {"sum": _sum_so_far, "gifts": _gifts_so_far}


def _gave_during(during: Span) -> Sql:
    """At least one gift in the period: by the marked years where it is whole years, else by the
    last and the first gift, and by the steps only where those leave it open."""
    first, last = during
    marks = _marked(first, last)
    if marks:
        return Sql("p.years & %s <> 0", (marks,))
    if first is None or last is None:
        column = "p.last_on" if last is None else "p.first_on"
        return within(column, during)
    ends = joined("OR", [within("p.first_on", during), within("p.last_on", during)], empty="false")
    spans = Sql("p.first_on < %s AND p.last_on > %s", (first, last), sure=False)
    to, before = _place(last), _place(first - timedelta(days=1))
    some = Sql(f"{to.text} > {before.text}", (*to.params, *before.params))
    return joined("OR", [ends, both(spans, some)], empty="false")


def _marked(first: date | None, last: date | None) -> int:
    """The marks of a period of whole years; 0 when it is not."""
    if first is None or last is None:
        return 0
    if (first.month, first.day, last.month, last.day) != (1, 1, 12, 31):
        return 0
    years = range(first.year, last.year + 1)
    if years[0] not in _MARKED_YEARS or years[-1] not in _MARKED_YEARS:
        return 0
    return sum(1 << (year - _FROM_2000) for year in years)


def _end_gift(one: Is, known: Known, end: str) -> Sql:
    """The day of the first or last gift, of all or by a cut."""
    args, span = one.args, periods.span(one.args["when"], known.today)
    table, cut = _cut(args, known)
    column = f"{'first' if end == 'min' else 'last'}_on"
    if not table:
        return within(f"p.{column}", span)
    if table == "gifts":
        return among(_select("giving_gift", cut, Sql("true"), within(f"{end}(day)", span)))
    return among(_select(table, cut, Sql("true"), within(f"{end}({column})", span)))


KINDS: dict[str, Callable[[Is, Known], Sql]] = {
    "gave": _gave,
    "first_gift": lambda one, known: _end_gift(one, known, "min"),
    "last_gift": lambda one, known: _end_gift(one, known, "max"),
}
