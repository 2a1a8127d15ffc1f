"""Decide what items are: the first rule that knows one decides, and nothing is met twice.

The outcome does not depend on the order in which the items are given: what two items ask for goes
to the one that stands first by day and fingerprint, and a sum that several items fit equally well
is nobody's by itself. Plain Python.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from fundraise.reconciliation.matching.rules import DUPLICATE, FUNCTIONS, first_of
from fundraise.reconciliation.matching.seen import (
    NOTHING,
    Decision,
    Known,
    Place,
    Seen,
    Waiting,
)
from fundraise.reconciliation.matching.shipped import AUTO, OFF, SUGGEST, RuleNow

NONE = Decision("none")
BY_DONOR = frozenset({"reference", "payer"})  # names the donor, not one gift of the donor's
SURE = BY_DONOR | {"code", "proof"}  # names the giver, whoever pays twice


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
    amounts = {one.key: one.amount_ore for one in asked}
    _met_once(told, {one.key: one for one in asked}, known)
    _sums_once(told, amounts, known)
    return told


def _met_once(
    told: dict[int, Decision], asked: Mapping[int, Seen], known: Mapping[int, Known]
) -> None:
    """A gift, refund or item that several ask for is the first one's; strongest evidence first.

    A donor who is known for certain has paid the next promise of just that sum; where none is left
    the donor gives again: a new gift, with a remark. So no promise is paid twice.
    """
    askers = defaultdict[tuple[str, int], list[int]](list)
    for key, decision in told.items():
        if decision.target is not None:
            askers[decision.target].append(key)

    def order(key: int) -> tuple[bool, Place]:
        return told[key].mode != AUTO, asked[key].place

    late = [key for keys in askers.values() for key in sorted(keys, key=order)[1:]]
    taken = {pk for what, pk in askers if what == "gift"}
    for key in sorted(late, key=order):
        decision = told[key]
        met = _next(decision, known[key], asked[key].amount_ore, taken)
        if met is None:
            told[key] = _without(decision)
        else:
            taken.add(met.gift_id)
            found = (*_proof(decision), "entered" if met.by_hand else "waiting")
            told[key] = replace(
                decision, gift_id=met.gift_id, campaign_id=met.campaign_id, found=found
            )


def _next(decision: Decision, known: Known, amount_ore: int, taken: Set[int]) -> Waiting | None:
    """The donor's oldest promise of the sum that nobody pays; a code or a proof names its own."""
    if decision.kind != "gift" or decision.gift_id is None or not BY_DONOR & set(decision.found):
        return None
    left = [one for one in known.waiting if one.gift_id not in taken]
    return first_of(left, amount_ore, decision.donor_id, _entity_of(decision, known))


def _entity_of(decision: Decision, known: Known) -> int:
    """Whose gift the one that was asked for is."""
    return next(one.entity_id for one in known.waiting if one.gift_id == decision.gift_id)


def _proof(decision: Decision) -> tuple[str, ...]:
    return tuple(one for one in decision.found if one not in {"waiting", "entered"})


def _without(decision: Decision) -> Decision:
    """The same without what another item met."""
    if decision.gift_id is None or decision.kind != "gift":
        return NONE
    if "entered" in decision.found or not SURE & set(decision.found):
        return NONE
    found = (*_proof(decision), "again")
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
