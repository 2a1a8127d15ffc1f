"""The rules are pure: nothing equal is chosen between, no name decides, no order matters."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from fundraise.reconciliation.matching import words
from fundraise.reconciliation.matching.deciding import decide, decide_all
from fundraise.reconciliation.matching.seen import Decision, Known, Person, Seen, Sum, Waiting
from fundraise.reconciliation.matching.shipped import AUTO, KEYS, RULES, SUGGEST, RuleNow

FULL = os.environ.get("SCALE") == "full"
DAY = date(2026, 11, 2)
SHIPPED = [
    RuleNow(one.key, one.mode, one.settings, place, place) for place, one in enumerate(RULES)
]
ALL_AUTO = [replace(rule, mode=AUTO) for rule in SHIPPED]
ANNA, BO = Person(1, 7, 1, usual_ore=100_00, times=3), Person(2, 7, 1)


def item(**fields: Any) -> Seen:
    given: dict[str, Any] = {
        "key": 1, "place": (DAY, b"a", 0), "amount_ore": 100_00, "booked_on": DAY, **fields,
    }  # fmt: skip
    return Seen(**given)


def said(seen: Seen, known: Known, rules: list[RuleNow] = SHIPPED) -> tuple[str, str, str]:
    told = decide(seen, known, rules)
    key = rules[told.rule].key if told.rule is not None else ""
    return told.mode, told.kind, key


def test_rules_are_asked_in_their_order() -> None:
    payout = Sum(5, 100_00, DAY, frozenset({"tr123"}))
    waiting = Waiting(9, 100_00, DAY, 1, 7, 1)
    for seen, known, wanted in (
        (item(reference="1"), Known(people=(ANNA,)), (AUTO, "gift", "ocr_exact")),
        (item(reference="1", amount_ore=150_00), Known(people=(ANNA,)),
         (AUTO, "gift", "ocr_other_amount")),
        (item(), Known(payouts=(payout,)), (AUTO, "payout", "payout")),
        (item(words=" stripe tr123 ", has_payer=True), Known(payouts=(payout,)),
         (AUTO, "payout", "payout")),
        (item(has_payer=True, name="Anna Lind"), Known(payouts=(payout,)), ("none", "", "")),
        (item(words=" inbetalning swish "), Known(payouts=(payout,)),
         (SUGGEST, "payout", "payout")),
        (item(words=" bankgiroinbetalning "), Known(deposits=(Sum(6, 100_00, DAY),)),
         (SUGGEST, "autogiro", "autogiro")),
        (item(), Known(deposits=(Sum(6, 100_00, DAY),)), (AUTO, "autogiro", "autogiro")),
        (item(codes=("A",), amount_ore=120_00), Known(coded=(waiting,)),
         (AUTO, "gift", "swish_ref")),
        (item(code="ACMT/MDOP/CHRG", amount_ore=-3_00), Known(), (AUTO, "bank_fee", "words")),
        (item(words=" medlemsavgift 2026 ", has_payer=True), Known(),
         (SUGGEST, "membership", "words")),
        (item(), Known(aliases=(ANNA,)), (SUGGEST, "gift", "alias")),
        (item(name="Anna Lind"), Known(named=(ANNA,)), (SUGGEST, "gift", "name")),
        (item(amount_ore=-100_00), Known(opposites=(Sum(4, 100_00, DAY),)),
         (SUGGEST, "own_transfer", "own_transfer")),
        (item(), Known(), ("none", "", "")),
    ):  # fmt: skip
        assert said(seen, known) == wanted
    assert {rule.key for rule in SHIPPED} == KEYS


def test_a_sum_ten_times_the_usual_is_matched_and_remarked() -> None:
    told = decide(item(amount_ore=1_000_01), Known(people=(ANNA,)), SHIPPED)
    assert (told.mode, told.exceptions, told.usual_ore) == (AUTO, ("amount_differs",), 100_00)
    assert decide(item(amount_ore=1_000_00), Known(people=(ANNA,)), SHIPPED).exceptions == ()


def test_two_of_equal_strength_and_a_name_are_never_matched_by_itself() -> None:
    """Even when every rule is switched to match by itself."""
    two = (Sum(5, 100_00, DAY), Sum(6, 100_00, DAY))
    out = tuple(replace(one, amount_ore=-100_00) for one in two)
    waits = (Waiting(9, 100_00, DAY, 1, 7, 1), Waiting(10, 100_00, DAY, 2, 7, 1))
    for seen, known in (
        (item(), Known(payouts=two)),
        (item(), Known(deposits=two)),
        (item(amount_ore=-100_00), Known(refunds=out)),
        (item(), Known(opposites=out)),
        (item(codes=("A", "B")), Known(coded=waits)),
        (item(), Known(aliases=(ANNA, BO))),
        (item(reference="1"), Known(people=(ANNA, BO))),
        (item(name="Anna Lind"), Known(named=(ANNA,), named_waiting=waits[:1])),
        (item(name="Anna Lind"), Known(named=(ANNA,))),
        (item(name="Anna Lind"), Known(named_waiting=waits)),
    ):  # fmt: skip
        assert decide(seen, known, ALL_AUTO).mode != AUTO


def test_what_two_items_ask_for_goes_to_the_first_and_the_second_gives_again() -> None:
    waiting = Waiting(9, 100_00, DAY, 1, 7, 1)
    first, second = item(key=1, codes=("A",)), item(key=2, codes=("A",), place=(DAY, b"a", 1))
    known = {1: Known(coded=(waiting,)), 2: Known(coded=(waiting,))}
    told = decide_all([second, first], known, SHIPPED)
    assert (told[1].gift_id, told[2].gift_id) == (9, None)
    assert (told[2].mode, told[2].kind, told[2].donor_id) == (AUTO, "gift", 1)
    assert told[2].exceptions == ("duplicate",)
    payout = Known(payouts=(Sum(5, 100_00, DAY),))
    both = decide_all([first, second], {1: payout, 2: payout}, SHIPPED)
    assert {one.mode for one in both.values()} == {SUGGEST}


def test_a_donor_who_pays_twice_has_paid_the_next_promise_and_then_gives_again() -> None:
    early, late = Waiting(9, 100_00, DAY, 1, 7, 1), Waiting(8, 100_00, DAY + timedelta(1), 1, 7, 1)
    other_sum, other_donor = Waiting(7, 90_00, DAY, 1, 7, 1), Waiting(6, 100_00, DAY, 2, 7, 1)
    waits = (late, other_sum, early, other_donor)
    by_reference = Known(people=(ANNA,), waiting=waits)
    by_payer = Known(aliases=(ANNA,), waiting=waits)
    for known, found, rules in (
        (by_reference, ("reference", "sum"), SHIPPED), (by_payer, ("payer", "sum"), ALL_AUTO),
    ):  # fmt: skip
        three = [item(key=key, reference="1", place=(DAY, b"a", key)) for key in (3, 1, 2)]
        told = decide_all(three, dict.fromkeys((1, 2, 3), known), rules)
        assert [(told[key].gift_id, told[key].found) for key in (1, 2, 3)] == [
            (9, (*found, "waiting")), (8, (*found, "waiting")), (None, (*found, "again")),
        ]  # fmt: skip
        assert [told[key].exceptions for key in (1, 2, 3)] == [(), (), ("duplicate",)]
        assert {one.mode for one in told.values()} == {AUTO}
    coded = replace(by_reference, people=(), coded=(late,))
    first, second = item(key=1, codes=("A",)), item(key=2, reference="1", place=(DAY, b"b", 0))
    one_left = replace(by_reference, waiting=(late,))
    told = decide_all([second, first], {1: coded, 2: one_left}, SHIPPED)
    assert (told[1].gift_id, told[2].gift_id, told[2].found[-1]) == (8, None, "again")


def some_known(draw: Any) -> Known:
    ore = st.sampled_from([100_00, 200_00])
    days = st.integers(-6, 6).map(lambda n: DAY + timedelta(days=n))
    names = st.sampled_from([frozenset(), frozenset({"tr"})])
    sums = st.lists(
        st.builds(Sum, st.integers(1, 3), ore, days, names),
        max_size=3, unique_by=lambda one: one.pk,
    ).map(tuple)  # fmt: skip
    people = st.lists(
        st.builds(Person, st.integers(1, 3), st.just(7), st.just(1), ore), max_size=2
    ).map(tuple)
    waits = st.lists(
        st.builds(Waiting, st.integers(1, 4), ore, days, st.integers(1, 3), st.just(7), st.just(1)),
        max_size=2, unique_by=lambda one: one.gift_id,
    ).map(tuple)  # fmt: skip
    return Known(
        people=draw(people), aliases=draw(people), coded=draw(waits), waiting=draw(waits),
        named=draw(people), named_waiting=draw(waits), payouts=draw(sums), deposits=draw(sums),
    )  # fmt: skip


@st.composite
def batches(draw: Any) -> tuple[list[Seen], dict[int, Known]]:
    known = [some_known(draw) for _n in range(2)]
    items = [
        item(
            key=key, place=(DAY, bytes([draw(st.integers(0, 2))]), key),
            amount_ore=draw(st.sampled_from([100_00, 200_00])),
            words=draw(st.sampled_from(["", " tr "])), name=draw(st.sampled_from(["", "Anna"])),
            has_payer=draw(st.booleans()),
        )
        for key in range(draw(st.integers(1, 5)))
    ]  # fmt: skip
    return items, {one.key: known[one.key % 2] for one in items}


def together(*items: Seen, **payouts: tuple[Sum, ...]) -> tuple[list[Seen], dict[int, Known]]:
    """Items that have a payout to be, each as it was told (`first`) or the last one as `last`."""
    told = [Known(payouts=payouts["first"])] * (len(items) - 1)
    told.append(Known(payouts=payouts.get("last", payouts["first"])))
    return list(items), {one.key: own for one, own in zip(items, told, strict=True)}


TRACED = frozenset({"tr"})
TWO = (
    item(key=0, words=" tr "),
    item(key=1, words=" tr ", amount_ore=200_00, place=(DAY, b"b", 1)),
)
# One payout, of which the two were told different sums.
TOLD_APART = together(
    *TWO, first=(Sum(2, 300_00, DAY, TRACED),), last=(Sum(2, 200_00, DAY, TRACED),)
)
# A payout that is named and has the sum, beside one that has the sum alone and one that is named.
NAMED_AND_SUM = (
    Sum(1, 100_00, DAY), Sum(2, 200_00, DAY, TRACED), Sum(3, 100_00, DAY, TRACED),
)  # fmt: skip
# Two that fit a payout each, and one of the same payout that goes back and would make room.
BACK = item(key=2, words=" tr ", amount_ore=-100_00, place=(DAY, b"c", 2))
ROOM = together(
    TWO[0], replace(TWO[0], key=1, place=(DAY, b"b", 1)), BACK, first=(Sum(2, 100_00, DAY, TRACED),)
)


@settings(max_examples=3000 if FULL else 100)
@example(TOLD_APART, random.Random(1))
@example(together(item(key=0, words=" tr "), first=NAMED_AND_SUM), random.Random(0))
@example(ROOM, random.Random(0))
@given(batches(), st.randoms(use_true_random=False))
def test_in_any_order_the_same_is_decided_and_nothing_is_met_twice(
    batch: tuple[list[Seen], dict[int, Known]], chance: random.Random
) -> None:
    items, known = batch
    told = decide_all(items, known, ALL_AUTO)
    mixed = list(items)
    chance.shuffle(mixed)
    assert decide_all(mixed, known, ALL_AUTO) == told
    met = [one.gift_id for one in told.values() if one.gift_id is not None]
    assert len(met) == len(set(met))
    for seen in items:
        _is_sound(seen, told[seen.key], known[seen.key])
    _no_more_than_it_is(items, told, known)


def _is_sound(seen: Seen, told: Decision, known: Known) -> None:
    if told.mode != AUTO:
        return
    assert set(told.found) - {"waiting", "name", "sum", "day"} or told.kind in {
        "payout",
        "autogiro",
    }
    if told.kind == "payout" and "trace" not in told.found:
        alike = [s for s in known.payouts if s.amount_ore == seen.amount_ore]
        assert len([s for s in alike if abs((s.day - DAY).days) <= 5]) == 1
    if told.kind == "payout" and "day" in told.found and "trace" in told.found:
        both = [s for s in known.payouts if s.names and s.amount_ore == seen.amount_ore]
        assert [s.pk for s in both if abs((s.day - DAY).days) <= 5] == [told.payout_id]
    if "payer" in told.found:
        assert len({one.donor_id for one in known.aliases}) == 1


def _no_more_than_it_is(
    items: list[Seen], told: dict[int, Decision], known: dict[int, Known]
) -> None:
    met = defaultdict[tuple[int, bool], list[Seen]](list)
    for seen in items:
        pk = told[seen.key].payout_id
        if pk is not None and told[seen.key].mode == AUTO:
            met[pk, seen.is_in].append(seen)
    for (pk, _is_in), those in met.items():
        told_of = [s.amount_ore for one in those for s in known[one.key].payouts if s.pk == pk]
        assert abs(sum(one.amount_ore for one in those)) <= min(abs(ore) for ore in told_of)


def test_words_of_the_bank_are_read_as_people_write_them() -> None:
    assert words.ocr("1234567897") == "1234567897"
    assert words.ocr("1234567898") == words.ocr("abc") == ""
    assert words.codes("Gåva 7K2M-Q9XT tack, 7k2mq9xt") == ("7K2MQ9XT",)
    assert words.codes("ring mig") == ()
    assert words.name_orders("SVENSSON,ANNA")[0] == "anna svensson"
    assert "anna lind" in words.name_orders("LIND ANNA")
    assert " medlemsavgift " in words.folded("MEDLEMSAVGIFT, 2026")
