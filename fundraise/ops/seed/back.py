"""Money that goes back: refunds and disputes, decided with the gift and told on a later day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from fundraise.ops.seed.amounts import DISPUTE_FEE_ORE
from fundraise.ops.seed.balance import SYSTEM, Balance
from fundraise.ops.seed.books import Books, Moment, Voucher, Way, new_ref, way
from fundraise.ops.seed.sheets import Sheets
from fundraise.ops.seed.totals import Totals

DAVID, CECILIA = "staff:david", "staff:cecilia"
NEEDS_SECOND_ORE = 1_000_00
REFUNDED, DISPUTED = 0.004, 0.0006
WHOLE_REFUND = 0.7
SHARE_WON = 0.3
LONGEST_REFUND, LONGEST_DISPUTE = 20, 60
NOTHING = (0, 0, 0)
# A change of a day's sums: channel, öre, standing gifts.
Change = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Fate:
    """What goes back of a gift, and how: a refund, or a dispute that is won or lost."""

    kind: str
    gift_id: int
    gift_ref: str
    channel: str
    ore: int
    whole: bool


class Ways(NamedTuple):
    """How money goes back, or is kept by the provider."""

    to_fees: Way
    to_giver: Way
    from_giver: Way


def ways_of(accounts: dict[str, int], campaign: int) -> Ways:
    """The ways between an entity's accounts, for a campaign."""
    stripe, gifts, fees = accounts["stripe"], accounts["gifts"], accounts["fees"]
    return Ways(
        to_fees=way(fees, stripe, campaign),
        to_giver=way(gifts, stripe, campaign),
        from_giver=way(stripe, gifts, campaign),
    )


@dataclass(slots=True)
class Back:
    """The fates of gifts whose day is still to come."""

    rng: Random
    mark: str
    sheets: Sheets
    books: Books
    balance: Balance
    totals: Totals
    ways: Ways
    refund: int  # the last number of the refunds' row ids
    last: date
    later: defaultdict[date, list[Fate]] = field(default_factory=lambda: defaultdict(list))

    def fate(self, day: date, gift: int, ref: str, channel: str, ore: int) -> tuple[int, int, int]:
        """Now and then a gift goes back while the story lasts: refunded, disputed, costs."""
        chance = self.rng.random()
        if chance > REFUNDED + DISPUTED:
            return NOTHING
        refund = chance < REFUNDED
        longest = LONGEST_REFUND if refund else LONGEST_DISPUTE
        on = day + timedelta(days=self.rng.randint(1, longest))
        if on > self.last:
            return NOTHING
        whole = not refund or self.rng.random() < WHOLE_REFUND
        kind = "refund" if refund else "won" if self.rng.random() < SHARE_WON else "lost"
        back = ore if whole else ore // 2
        self.later[on].append(Fate(kind, gift, ref, channel, back, whole))
        if refund:
            return back, 0, 0
        return 0, back if kind == "lost" else 0, DISPUTE_FEE_ORE

    def tell(self, day: date, at: Moment) -> Iterator[Change]:
        """What goes back on a day; yields how the day's sums change."""
        for fate in self.later.pop(day, ()):
            if fate.kind == "refund":
                yield self._refund(fate, at)
            else:
                yield from self._dispute(fate, at)

    def _refund(self, fate: Fate, at: Moment) -> Change:
        self.refund += 1
        ref, name = new_ref(self.rng), f"re_{self.mark}{self.refund}"
        text, source = f"Återbetalning {fate.gift_ref}", f"stripe:refund:{name}"
        moved = [(self.ways.to_giver, fate.ore)]
        self.books.post(Voucher("G", text, source, f"event:evt_{name}", SYSTEM, moved), at)
        self.balance.add(self.balance.new_line(), "refund", -fate.ore, 0, name, at)
        second = CECILIA if fate.ore > NEEDS_SECOND_ORE else ""
        needed = "t" if second else "f"
        self.sheets.lines["gifts_refund"].append(
            f"{self.refund}\t{ref}\t{fate.gift_id}\t{fate.ore}\tsettled\t{needed}\t\tstaff\t"
            f"refund-{ref}\t{name}\t{DAVID}\t{second}\t{at.text}\t{at.text}\t\n"
        )
        self.sheets.lines["gifts_refundtransition"].append(
            f"{self.refund}\tqueued\tsettled\t{at.text}\t{SYSTEM}\t\tevt_{name}\n"
        )
        self.totals.refunds += 1
        self.totals.refunded_ore += fate.ore
        return fate.channel, -fate.ore, -int(fate.whole)

    def _dispute(self, fate: Fate, at: Moment) -> Iterator[Change]:
        """Taken with a fee; a won one comes back the same day, the fee does not."""
        costs = [(self.ways.to_giver, fate.ore), (self.ways.to_fees, DISPUTE_FEE_ORE)]
        yield self._line("Återkrav", fate, -fate.ore, DISPUTE_FEE_ORE, costs, at)
        if fate.kind == "won":
            back = [(self.ways.from_giver, fate.ore)]
            yield self._line("Återkrav avgjort", fate, fate.ore, 0, back, at)
        held = fate.ore if fate.kind == "lost" else 0
        self.sheets.lines["gifts_dispute"].append(
            f"{new_ref(self.rng)}\t{fate.gift_id}\t{self._dispute_name(fate)}\t{fate.ore}\t{held}\t"
            f"{fate.kind}\tfraudulent\t{at.text}\n"
        )
        self.totals.disputes += 1
        self.totals.disputed_ore += held
        self.totals.fees_ore += DISPUTE_FEE_ORE

    def _line(
        self, text: str, fate: Fate, ore: int, fee: int, moved: list[tuple[Way, int]], at: Moment
    ) -> Change:
        line, kind = self.balance.new_line(), "dispute" if ore < 0 else "dispute_reversal"
        words = f"{text} {fate.gift_ref}"
        self.books.post(Voucher("G", words, f"stripe:line:{line}", "", SYSTEM, moved), at)
        self.balance.add(line, kind, ore, fee, self._dispute_name(fate), at)
        return fate.channel, ore, 1 if ore > 0 else -1

    def _dispute_name(self, fate: Fate) -> str:
        return f"dp_{self.mark}{fate.gift_id}"
