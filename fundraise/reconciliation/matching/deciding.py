"""Decide what items are: the first rule that knows one decides, and nothing is met twice.

The outcome does not depend on the order in which the items are given: what two items ask for goes
to the one that stands first by day and fingerprint, and a sum that several items fit equally well
is nobody's by itself. Plain Python.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from fundraise.reconciliation.matching.rules import DUPLICATE, FUNCTIONS
from fundraise.reconciliation.matching.seen import NOTHING, Decision, Known, Place, Seen
from fundraise.reconciliation.matching.shipped import AUTO, OFF, SUGGEST, RuleNow

NONE = Decision("none")
SURE = frozenset({"reference", "code", "proof", "payer"})  # names the giver, whoever pays twice


def decide(seen: Seen, known: Known, rules: Sequence[RuleNow]) -> Decision:
    """What one item is by itself."""
    suggested: Decision | None = None
    for rule in rules:
        if rule.mode == OFF:
            continue
        decision = FUNCTIONS[rule.key](seen, known, rule)
        if decision is None:
            continue
        if decision.mode == AUTO:
            # A surer rule that only suggests is not overruled by a weaker one.
            return decision if suggested is None else suggested
        suggested = suggested or decision
    return suggested or NONE


def decide_all(
    items: Iterable[Seen], known: Mapping[int, Known], rules: Sequence[RuleNow]
) -> dict[int, Decision]:
    """What each item is, by its key, when they are looked at together."""
    asked = list(items)
    told = {one.key: decide(one, known.get(one.key, NOTHING), rules) for one in asked}
    places = {one.key: one.place for one in asked}
    amounts = {one.key: one.amount_ore for one in asked}
    _met_once(told, places)
    _sums_once(told, amounts, known)
    return told


def _met_once(told: dict[int, Decision], places: Mapping[int, Place]) -> None:
    """A gift, refund or item that several ask for is the first one's; strongest evidence first.

    A payer who is known for certain and pays again gives again: a new gift, with a remark.
    """
    askers = defaultdict[tuple[str, int], list[int]](list)
    for key, decision in told.items():
        if decision.target is not None:
            askers[decision.target].append(key)
    for target, keys in askers.items():
        if len(keys) < 2:
            continue
        keys.sort(key=lambda key: (told[key].mode != AUTO, places[key]))
        for key in keys[1:]:
            told[key] = _without(told[key], target[0])


def _without(decision: Decision, target: str) -> Decision:
    """The same without what another item met."""
    if target != "gift" or decision.kind != "gift":
        return NONE
    if "entered" in decision.found or not SURE & set(decision.found):
        return NONE
    found = (*(one for one in decision.found if one != "waiting"), "again")
    exceptions = (*decision.exceptions, DUPLICATE) if "sum" in found else decision.exceptions
    return replace(decision, gift_id=None, found=found, exceptions=exceptions)


def _sums_once(
    told: dict[int, Decision], amounts: Mapping[int, int], known: Mapping[int, Known]
) -> None:
    """Of a payout or a deposit no more is met than it is; where it does not suffice, nobody's by
    itself: those that name it before those that only have its sum.

    What came and what went back are looked at apart: one leaves no room for more of the other.
    """
    askers = defaultdict[tuple[str, int, bool], list[int]](list)
    for key, decision in told.items():
        if decision.payout_id is not None:
            askers["payout", decision.payout_id, amounts[key] > 0].append(key)
        if decision.deposit_id is not None:
            askers["deposit", decision.deposit_id, amounts[key] > 0].append(key)
    for (what, pk, _is_in), keys in askers.items():
        if len(keys) < 2:
            continue
        left = min(_left(what, pk, known[key]) for key in keys)
        named = [key for key in keys if {"trace", "serial"} & set(told[key].found)]
        if named and len(named) < len(keys):
            _suggest(told, [key for key in keys if key not in named])
        if abs(sum(amounts[key] for key in (named or keys))) > left:
            _suggest(told, named or keys)


def _left(what: str, pk: int, known: Known) -> int:
    sums = known.payouts if what == "payout" else known.deposits
    return next((abs(one.amount_ore) for one in sums if one.pk == pk), 0)


def _suggest(told: dict[int, Decision], keys: Sequence[int]) -> None:
    for key in keys:
        told[key] = replace(told[key], mode=SUGGEST, found=(*told[key].found, "several"))
