"""Everything that some thousands of items may be, in a dozen queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, TypedDict, TypeVar

from fundraise.campaigns.models import Campaign
from fundraise.reconciliation.candidates import gifts, people, sums
from fundraise.reconciliation.matching.deciding import decide_all
from fundraise.reconciliation.matching.seen import Decision, Known, Person, Seen, Sum, Waiting
from fundraise.reconciliation.matching.shipped import AUTO, ON_SHARED, RuleNow
from fundraise.reconciliation.matching.words import ocr, spoken
from fundraise.reconciliation.models import BankAccount

Days = tuple[date, date]
K = TypeVar("K")
V = TypeVar("V")


class Sums(TypedDict, total=False):
    """What of Known is asked for once for all items."""

    payouts: tuple[Sum, ...]
    deposits: tuple[Sum, ...]
    refunds: tuple[Sum, ...]
    taken_back: tuple[Sum, ...]
    opposites: tuple[Sum, ...]


class Finder:
    """Decides what items of one account are. Made anew for each piece of work.

    `as_before`: payouts, deposits and transfers are told as when no line had been decided.
    """

    def __init__(
        self, account: BankAccount, rules: Sequence[RuleNow], *, as_before: bool = False
    ) -> None:
        self.account, self.as_before = account, as_before
        self.rules = [one for one in rules if account.is_shared or one.key not in ON_SHARED]
        self.entity_id = account.entity_id
        self._campaigns: dict[int, int | None] = {}

    @cached_property
    def has_others(self) -> bool:
        """Whether the entity has other accounts that money could go to."""
        return BankAccount.objects.filter(entity_id=self.entity_id).count() > 1

    @cached_property
    def confirmed(self) -> frozenset[tuple[str, int]]:
        """Kinds and sums that persons have confirmed, of rules that match words by themselves."""
        kinds = {one.text("kind") for one in self.rules if (one.key, one.mode) == ("words", AUTO)}
        return sums.confirmed(self.entity_id, kinds)

    def decide(self, items: Sequence[Seen]) -> dict[int, Decision]:
        """What each item is, by its key; names are looked at only where nothing else tells."""
        if not items:
            return {}
        known = self._known(items)
        told = decide_all(items, known, self.rules)
        left = [
            seen
            for seen in items
            if told[seen.key].mode == "none" and seen.is_in and seen.name and not seen.is_return
        ]
        if left:
            self._add_names(left, known)
            told = decide_all(items, known, self.rules)
        return {key: self.completed(decision) for key, decision in told.items()}

    def completed(self, decision: Decision) -> Decision:
        """With the campaign of a gift that names none, and the entity only where it is another.

        A gift that goes to no campaign is at most suggested: a person chooses.
        """
        entity = decision.entity_id or self.entity_id
        other = None if entity == self.entity_id else entity
        if decision.kind != "gift" or decision.campaign_id is not None:
            return decision if decision.entity_id == other else replace(decision, entity_id=other)
        campaign = self._campaign_of(entity)
        if campaign is None:
            mode = "suggest" if decision.mode == "auto" else decision.mode
            return replace(
                decision, mode=mode, entity_id=other, found=(*decision.found, "no_campaign")
            )
        return replace(decision, campaign_id=campaign, entity_id=other)

    def _campaign_of(self, entity_id: int) -> int | None:
        """Of the account where it is the entity's own; else the entity's only live one."""
        if entity_id not in self._campaigns:
            live = Campaign.objects.filter(entity_id=entity_id, status=Campaign.Status.LIVE)
            own = self.account.campaign_id if entity_id == self.entity_id else None
            ids = list(live.order_by("pk").values_list("pk", flat=True)[:2])
            self._campaigns[entity_id] = own or (ids[0] if len(ids) == 1 else None)
        return self._campaigns[entity_id]

    def _known(self, items: Sequence[Seen]) -> dict[int, Known]:
        """All but names."""
        days = _days(items)
        asked = {seen.key: _numbers(seen) for seen in items}
        references = people.of_references(
            {number for numbers in asked.values() for number in numbers}, self.entity_id
        )
        payers = people.of_payers(
            {key for seen in items for key in seen.payer_keys}, self.entity_id
        )
        people.with_usual([references, payers])
        waiting = self._waiting([references, payers], days)
        coded = gifts.of_codes({code for seen in items for code in seen.codes})
        proved = gifts.of_proofs(
            {text for seen in items for text in (seen.reference, seen.bank_ref) if text},
            self.entity_id,
        )
        whole = self._whole(items, days)
        known = dict[int, Known]()
        for seen in items:
            found = _each(references, asked[seen.key])
            aliases = _each(payers, seen.payer_keys)
            known[seen.key] = Known(
                people=found,
                aliases=aliases,
                coded=_each(coded, seen.codes),
                proved=_each(proved, dict.fromkeys((seen.reference, seen.bank_ref))),
                waiting=_each(waiting, dict.fromkeys(one.donor_id for one in (*found, *aliases)))
                if waiting
                else (),
                confirmed=self.confirmed if seen.has_payer else frozenset(),
                **whole.of(seen),
            )
        return known

    def _waiting(
        self, groups: Sequence[Mapping[Any, tuple[Person, ...]]], days: Days
    ) -> dict[int, tuple[Waiting, ...]]:
        ids = {one.donor_id for group in groups for some in group.values() for one in some}
        return gifts.of_donors(ids, days) if ids else {}

    def _add_names(self, left: Sequence[Seen], known: dict[int, Known]) -> None:
        named = people.of_names(left, self.entity_id)
        if not named:
            return
        people.with_usual([named])
        waiting = gifts.of_donors(
            {one.donor_id for some in named.values() for one in some}, _days(left)
        )
        for key, some in named.items():
            before = known[key]
            theirs = _each(waiting, dict.fromkeys(one.donor_id for one in some))
            known[key] = replace(before, named=some, named_waiting=theirs)

    def _whole(self, items: Sequence[Seen], days: Days) -> Whole:
        return Whole(self, items, days)


class Whole:
    """Sums that are asked for once for all items: most items are gifts and need none of them."""

    def __init__(self, finder: Finder, items: Sequence[Seen], days: Days) -> None:
        account, entity, as_before = finder.account.pk, finder.entity_id, finder.as_before
        sole = [seen for seen in items if seen.is_sole or not seen.has_payer]
        self.payouts = {
            way: sums.payouts(entity, days, is_in=way, as_before=as_before)
            for way in {seen.is_in for seen in sole}
        }
        self.deposits = sums.deposits(entity, days, as_before=as_before) if sole else ()
        out = any(not seen.is_in for seen in items)
        self.refunds = sums.refunds(entity) if out else ()
        returned = {seen.amount_ore for seen in items if seen.is_return}
        taken = {ore for ore in returned if ore < 0}
        self.gifts = sums.gifts_to_take_back(account, taken, days[0]) if taken else ()
        back = any(ore > 0 for ore in returned)
        self.sent = sums.refunds_to_take_back(account, days[0]) if back else ()
        amounts = {seen.amount_ore for seen in sole if not seen.is_return}
        self.opposites: dict[int, tuple[Sum, ...]] = (
            sums.opposites(account, entity, amounts, days, as_before=as_before)
            if amounts and finder.has_others
            else {}
        )

    def of(self, seen: Seen) -> Sums:
        """What of it one item may be."""
        if seen.is_return:
            back: Sums = {"taken_back": self.sent if seen.is_in else self.gifts}
            # A failed payout that came goes back.
            return back if seen.is_in else {**back, "payouts": self.payouts.get(False, ())}
        if seen.has_payer and not seen.is_sole:
            return {}
        return {
            "payouts": self.payouts.get(seen.is_in, ()),
            "deposits": self.deposits,
            "refunds": () if seen.is_in else self.refunds,
            "opposites": self.opposites.get(seen.amount_ore, ()),
        }


def _days(items: Sequence[Seen]) -> Days:
    days = [seen.booked_on for seen in items]
    return min(days), max(days)


def _numbers(seen: Seen) -> tuple[str, ...]:
    """The OCR reference of an item; without one, what its message may mean as such."""
    if not seen.reference:
        return spoken(seen.words)
    number = ocr(seen.reference)
    return (number,) if number else ()


def _each(found: Mapping[K, tuple[V, ...]], keys: Iterable[K]) -> tuple[V, ...]:
    """What was found for any of the keys, in their order."""
    if not found:
        return ()
    return tuple(one for key in keys for one in found.get(key, ()))
