"""The functions of the rules: each says what an item is, or nothing. Plain Python.

A function is given the item, what it may be and its rule. What it finds is `auto` only when one
candidate alone is that strong; two of equal strength are at most suggested, and a name alone says
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from fundraise.reconciliation.matching.seen import Decision, Known, Person, Seen, Sum, Waiting
from fundraise.reconciliation.matching.shipped import AUTO, SUGGEST, RuleNow
from fundraise.reconciliation.matching.words import folded

Function = Callable[[Seen, Known, RuleNow], Decision | None]
DUPLICATE, DIFFERS = "duplicate", "amount_differs"


def decided(rule: RuleNow, kind: str, *found: str, sure: bool = True, **fields: object) -> Decision:
    """A decision of a rule: by itself when the rule is switched so and the finding is sure."""
    mode = AUTO if sure and rule.mode == AUTO else SUGGEST
    return Decision(mode, kind, rule.version_id, found, **fields)  # type: ignore[arg-type]


def apart(one: date, other: date) -> int:
    """Days between two."""
    return abs((one - other).days)


# --- 1 and 2: a reference that was issued ---------------------------------------------------------
def ocr_exact(seen: Seen, known: Known, rule: RuleNow) -> Decision | None:
    """An issued reference, and a sum that is expected of the donor or usual."""
    if not seen.is_in or len(known.people) != 1 or seen.is_return:
        return None
    person = known.people[0]
    met = first_of(known.waiting, seen.amount_ore, person.donor_id, person.entity_id)
    if met is not None:
        return gift_met(rule, met, "reference", "sum")
    if person.usual_ore and person.usual_ore != seen.amount_ore:
        return None
    found = ("reference", "sum") if person.usual_ore else ("reference",)
    return gift_of(rule, person, *found)


def ocr_other_amount(seen: Seen, known: Known, rule: RuleNow) -> Decision | None:
    """An issued reference with a sum that the donor did not give before."""
    if not seen.is_in or seen.is_return or not known.people:
        return None
    if len(known.people) > 1:
        return replace(gift_of(rule, known.people[0], "reference", "several"), mode=SUGGEST)
    person = known.people[0]
    decision = gift_of(rule, person, "reference")
    if person.usual_ore and seen.amount_ore > person.usual_ore * rule.number("times", 10):
        return replace(decision, exceptions=(DIFFERS,), usual_ore=person.usual_ore)
    return decision


def gift_of(rule: RuleNow, person: Person, *found: str, sure: bool = True) -> Decision:
    """A new gift of a donor."""
    return decided(
        rule, "gift", *found,
        sure=sure, donor_id=person.donor_id, campaign_id=person.campaign_id,
        entity_id=person.entity_id,
    )  # fmt: skip


def gift_met(rule: RuleNow, met: Waiting, *found: str, sure: bool = True) -> Decision:
    """The money of a gift that waits for it, or of one that staff entered."""
    more = ("entered",) if met.by_hand else ("waiting",)
    return decided(
        rule, "gift", *found, *more,
        sure=sure, gift_id=met.gift_id, donor_id=met.donor_id, campaign_id=met.campaign_id,
        entity_id=met.entity_id,
    )  # fmt: skip


def first_of(
    waiting: Sequence[Waiting], amount_ore: int, donor_id: int | None, entity_id: int
) -> Waiting | None:
    """The oldest gift of a donor that waits for just this sum: alike ones are met in turn."""
    alike = [
        one
        for one in waiting
        if one.amount_ore == amount_ore
        and one.donor_id == donor_id
        and one.entity_id == entity_id
        and donor_id is not None
    ]
    return min(alike, key=lambda one: (one.day, one.gift_id), default=None)


# --- 3 and 4: sums that a provider told of --------------------------------------------------------
def payout(seen: Seen, known: Known, rule: RuleNow) -> Decision | None:
    """A provider's payout: by its trace in the words, else by sum and day where only one is so."""
    named = [one for one in known.payouts if _says(seen, one.names)]
    if len(named) == 1:
        if not named[0].amount_ore:
            return None  # all of it was shown: a person looks
        whole = named[0].amount_ore == seen.amount_ore
        told = ("trace", "sum") if whole else ("trace", "part")
        fits = _part_of(seen.amount_ore, named[0].amount_ore)
        return decided(rule, "payout", *told, sure=fits, payout_id=named[0].pk)
    near = _near(named or known.payouts, seen, rule.number("days", 5))
    if not near or (seen.has_payer and not _names_provider(seen, rule)):
        return None
    by = ("trace",) if named else ()
    sure = len(near) == 1 and (bool(named) or _names_provider(seen, rule))
    return decided(rule, "payout", *by, "sum", "day", sure=sure, payout_id=near[0].pk)


def autogiro(seen: Seen, known: Known, rule: RuleNow) -> Decision | None:
    """Autogiro's sum of a day: by its serial, else by sum and day where only one is so."""
    near = _near(known.deposits, seen, rule.number("days", 5))
    named = [one for one in near if _says(seen, one.names)]
    chosen = named or near
    if not chosen:
        return None
    if len(named) != 1 and seen.has_payer and not _names_provider(seen, rule):
        return None
    same_day = [one for one in chosen if one.day == seen.booked_on]
    chosen = same_day or chosen
    found = ("serial", "sum") if named else ("sum", "day")
    sure = len(chosen) == 1 and (bool(named) or _names_provider(seen, rule))
    return decided(rule, "autogiro", *found, sure=sure, deposit_id=chosen[0].pk)


def _names_provider(seen: Seen, rule: RuleNow) -> bool:
    """As payer, or in the bank's words: a giver's sum, or a day's Swish, may be the same. Silence
    is enough only where the line says nothing at all."""
    told = folded(seen.name) if seen.has_payer else seen.words
    return not told.strip() or any(f" {word} " in told for word in rule.words("payers"))


def _near(sums: Sequence[Sum], seen: Seen, days: int) -> list[Sum]:
    """Of the same sum and at most so many days away."""
    return [
        one
        for one in sums
        if one.amount_ore == seen.amount_ore and apart(one.day, seen.booked_on) <= days
    ]


def _says(seen: Seen, names: frozenset[str]) -> bool:
    """Whether the bank's words or references hold one of the names."""
    said = {seen.reference.casefold(), seen.bank_ref.casefold(), seen.end_to_end.casefold()}
    return any(name and (name in said or f" {name} " in seen.words) for name in names)


def _part_of(part: int, whole: int) -> bool:
    return (0 < part <= whole) or (whole <= part < 0)


# --- 5: what the giver was asked to write ---------------------------------------------------------
def swish_ref(seen: Seen, known: Known, rule: RuleNow) -> Decision | None:
    """The message code of a gift that waits, or the reference that staff entered a gift with."""
    if not seen.is_in or seen.is_return:
        return None
    proved = [one for one in known.proved if one.amount_ore == seen.amount_ore]
    if len(proved) == 1:
        return gift_met(rule, proved[0], "proof", "sum")
    if len(known.coded) != 1:
        return _several(rule, known.coded)
    met = known.coded[0]
    found = ("code", "sum") if met.amount_ore == seen.amount_ore else ("code",)
    return gift_met(rule, met, *found)


def _several(rule: RuleNow, coded: Sequence[Waiting]) -> Decision | None:
    """Two codes in one message: a person chooses."""
    return gift_met(rule, coded[0], "code", "several", sure=False) if coded else None


# --- Money out, and money that comes back ---------------------------------------------------------
def refund(seen: Seen, known: Known, rule: RuleNow) -> Decision | None:
    """A refund that we sent: by the reference we gave it, else by sum and day as a suggestion."""
    if seen.is_in or seen.is_return:
        return None
    named = [one for one in known.refunds if _says(seen, one.names)]
    if len(named) == 1 and named[0].amount_ore == seen.amount_ore:
        return decided(rule, "refund", "reference", "sum", refund_id=named[0].pk)
    near = _near(known.refunds, seen, rule.number("days", 10))
    if not near:
        return None
    return decided(rule, "refund", "sum", "day", sure=False, refund_id=near[0].pk)


def taken_back(seen: Seen, known: Known, rule: RuleNow) -> Decision | None:
    """A gift that the bank takes back, or a refund of ours that comes back."""
    if not seen.is_return:
        return None
    of = [one for one in known.taken_back if one.amount_ore == seen.amount_ore]
    if not of:
        return None
    named = [one for one in of if _says(seen, one.names)]
    chosen, found = (named[0], "reference") if len(named) == 1 else (of[0], "sum")
    target = {"refund_id": chosen.pk} if seen.is_in else {"gift_id": chosen.pk}
    return decided(rule, "return", found, sure=len(named) == 1, **target)


# --- Kinds by the bank's code or by words ---------------------------------------------------------
def words(seen: Seen, known: Known, rule: RuleNow) -> Decision | None:
    """A kind that the bank's code or the words of the message tell.

    Where a payer is named it may be a gift with an odd word: then the sum must be one that persons
    have confirmed for that kind, and no reference or message code may say otherwise.
    """
    way = rule.text("way")
    wrong_way = (way == "in" and not seen.is_in) or (way == "out" and seen.is_in)
    if wrong_way or seen.is_return or (rule.settings.get("sole") and not seen.is_sole):
        return None
    kind = rule.text("kind")
    if not (told := _told_by(seen, rule)):
        return None
    usual = (kind, seen.amount_ore) in known.confirmed
    sure = not seen.has_payer or (usual and not (known.people or known.coded or known.proved))
    return decided(rule, kind, told, *(("sum",) if usual else ()), sure=sure)


def _told_by(seen: Seen, rule: RuleNow) -> str:
    if seen.code and any(seen.code.startswith(code) for code in rule.words("codes")):
        return "bank_code"
    if any(f" {word} " in seen.words for word in rule.words("words")):
        return "words"
    return ""


# --- 6, 7 and 8: likely, never more ---------------------------------------------------------------
def alias(seen: Seen, known: Known, rule: RuleNow) -> Decision | None:
    """A payer whom a person has confirmed: the account or phone of one donor and no other."""
    if not seen.is_in or seen.is_return or not known.aliases:
        return None
    if len({one.donor_id for one in known.aliases}) > 1:
        return gift_of(rule, known.aliases[0], "payer", "several", sure=False)
    person = known.aliases[0]
    met = first_of(known.waiting, seen.amount_ore, person.donor_id, person.entity_id)
    if met is not None:
        return gift_met(rule, met, "payer", "sum")
    usual = person.usual_ore == seen.amount_ore
    return gift_of(rule, person, "payer", *(("sum",) if usual else ()), sure=usual)


def name(seen: Seen, known: Known, rule: RuleNow) -> Decision | None:
    """A name with a sum and a day that fit: a suggestion, whatever the rule says."""
    if not seen.is_in or seen.is_return or not seen.name:
        return None
    near = [
        one
        for one in known.named_waiting
        if one.amount_ore == seen.amount_ore
        and apart(one.day, seen.booked_on) <= rule.number("days", 5)
    ]
    if len(near) == 1:
        return gift_met(rule, near[0], "name", "sum", "day", sure=False)
    if len(known.named) == 1 and known.named[0].usual_ore == seen.amount_ore:
        return gift_of(rule, known.named[0], "name", "sum", sure=False)
    return None


def own_transfer(seen: Seen, known: Known, rule: RuleNow) -> Decision | None:
    """The same sum the other way on another account of ours."""
    if seen.is_return or not seen.is_sole:
        return None
    near = [
        one
        for one in known.opposites
        if one.amount_ore == -seen.amount_ore
        and apart(one.day, seen.booked_on) <= rule.number("days", 3)
    ]
    if len(near) != 1:
        return None
    return decided(rule, "own_transfer", "opposite", "sum", other_item_id=near[0].pk)


def others(seen: Seen, known: Known, rule: RuleNow) -> Decision | None:
    """Money that leaves a shared account and is nothing of ours: likely of other books."""
    if seen.is_in or seen.is_return or not seen.is_sole:
        return None
    return decided(rule, "other_books", "outgoing", sure=False)


FUNCTIONS: dict[str, Function] = {
    "ocr_exact": ocr_exact,
    "ocr_other_amount": ocr_other_amount,
    "payout": payout,
    "autogiro": autogiro,
    "swish_ref": swish_ref,
    "refund": refund,
    "taken_back": taken_back,
    "words": words,
    "alias": alias,
    "name": name,
    "own_transfer": own_transfer,
    "others": others,
}
