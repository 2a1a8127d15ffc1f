"""The story of the gifts, day by day: money comes, some goes back, the rest is paid out.

What will become of a gift is known when it is written, so that its row is right at once; the refund
or dispute is told on its own later day (back.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from fundraise.gifts import giver as giver_seals
from fundraise.ops.seed import amounts, calendar
from fundraise.ops.seed.back import Back
from fundraise.ops.seed.balance import SYSTEM, Balance
from fundraise.ops.seed.books import Books, Day, Moment, Voucher, Way, new_ref, way
from fundraise.ops.seed.givers import NOBODY, Givers, Seen
from fundraise.ops.seed.monthly import Draw, Monthly
from fundraise.ops.seed.sheets import Sheets
from fundraise.ops.seed.totals import Totals

DAVID = "staff:david"
DRAWN = "system:autogiro"
AUTOGIRO = "autogiro"
EARLY = 6 * 3600  # payouts, refunds and disputes are booked before the day's gifts


@dataclass(slots=True)
class Story:
    """Everything that writing a gift needs at hand."""

    rng: Random
    entity: int
    campaign: int
    accounts: dict[str, int]
    dimension: int
    sheets: Sheets
    books: Books
    balance: Balance
    givers: Givers
    back: Back
    monthly: Monthly
    totals: Totals
    gift: int  # the last number of the gifts' row ids
    mark: str
    details: bool
    sums: list[int] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    into: dict[str, Way] = field(default_factory=dict)
    days: Counter[tuple[str, str]] = field(default_factory=Counter)
    day_gifts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def tell(self, days: list[tuple[date, int]]) -> Iterator[None]:
        """Write it all, a pause after every day."""
        self.sums, self.channels = amounts.pool(self.rng), amounts.channels(self.rng)
        accounts, gifts = self.accounts, self.accounts["gifts"]
        for channel in amounts.CHANNELS:
            role = "stripe" if channel in amounts.BY_STRIPE else channel
            self.into[channel] = way(accounts[role], gifts, self.dimension)
        self.into[AUTOGIRO] = way(accounts["giro_clearing"], gifts, self.dimension)
        for day, number in days:
            self._tell_day(day, number)
            yield
        self.givers.close()

    def _tell_day(self, day: date, gifts: int) -> None:
        today = Day(day)
        early = today.moment(EARLY)
        self.balance.begin_day(day, early)
        for channel, ore, standing in self.back.tell(day, early):
            self._roll(today, channel, ore, standing)
        ores, numbers = Counter[str](), Counter[str]()
        for draw in self.monthly.on(today.text):
            self._drawn(draw, early)
            ores[AUTOGIRO] += draw.row.amount_ore
            numbers[AUTOGIRO] += 1
        for second in calendar.seconds(self.rng, gifts):
            channel, ore = self._give(today.moment(second), day)
            ores[channel] += ore
            numbers[channel] += 1
        for channel, ore in ores.items():
            self._roll(today, channel, ore, numbers[channel])
        self.totals.gifts += numbers.total()
        self.totals.given_ore += ores.total()

    def _roll(self, day: Day, channel: str, ore: int, gifts: int) -> None:
        self.days[day.text, channel] += ore
        self.day_gifts[day.text, channel] += gifts

    def _give(self, at: Moment, day: date) -> tuple[str, int]:
        draw = self.rng.random
        channel = self.channels[int(draw() * amounts.POOL)]
        ore = self.sums[int(draw() * amounts.POOL)]
        ref = new_ref(self.rng)
        self.gift += 1
        if channel in amounts.BY_STRIPE:
            self._by_stripe(ref, channel, ore, at, day)
        else:
            ore = min(ore, amounts.ANONYMOUS_MOST) if channel == "cash" else ore
            self._by_hand(ref, channel, ore, at)
        return channel, ore

    def _by_stripe(self, ref: str, channel: str, ore: int, at: Moment, day: date) -> None:
        """The gift and its fee, booked as one event tells of both."""
        charge, seen = f"ch_{self.mark}{self.gift}", self.givers.choose()
        event, line = f"evt_{charge}", self.balance.new_line()
        fee = amounts.fee_ore(channel, ore)
        told, document = f"event:{event}", f"stripe:charge:{charge}"
        moved = [(self.into[channel], ore)]
        self.books.post(Voucher("G", f"Gåva {ref}", document, told, SYSTEM, moved), at)
        costs = [(self.back.ways.to_fees, fee)]
        self.books.post(
            Voucher("G", f"Avgift {ref}", f"stripe:line:{line}", told, SYSTEM, costs), at
        )
        self.balance.add(line, "charge", ore, fee, charge, at)
        self.totals.fees_ore += fee
        sent_back = self.back.fate(day, self.gift, ref, channel, ore)
        self._write(ref, channel, ore, charge, seen, at, SYSTEM, event, fee, sent_back)

    def _drawn(self, draw: Draw, at: Moment) -> None:
        """A month that was drawn: the gift and its journal; the draw knows its gift."""
        row, ref = draw.row, new_ref(self.rng)
        self.gift += 1
        money = f"autogiro:{row.reference}"
        moved = [(self.into[AUTOGIRO], row.amount_ore)]
        self.books.post(Voucher("G", f"Gåva {ref}", money, money, DRAWN, moved), at)
        seen = draw.seen._replace(giver=None)
        nothing = (0, 0, 0)
        self._write(ref, AUTOGIRO, row.amount_ore, money, seen, at, DRAWN, "", 0, nothing, "pledge")
        row.gift_id = self.gift
        self.totals.drawn += 1
        self.totals.drawn_ore += row.amount_ore

    def _by_hand(self, ref: str, channel: str, ore: int, at: Moment) -> None:
        """Cash has no giver; a bank giro has."""
        proof = f"manual:{self.mark}{self.gift}"
        seen = NOBODY if channel == "cash" else self.givers.choose()
        moved = [(self.into[channel], ore)]
        self.books.post(Voucher("G", f"Gåva {ref}", proof, proof, DAVID, moved), at)
        self._write(ref, channel, ore, proof, seen, at, DAVID, "", 0, (0, 0, 0))

    def _write(
        self,
        ref: str,
        channel: str,
        ore: int,
        money: str,
        seen: Seen,
        at: Moment,
        by: str,
        event: str,
        fee: int,
        sent_back: tuple[int, int, int],
        origin: str = "import",
    ) -> None:
        """The gift's row, its step and its giver."""
        refunded, disputed, costs = sent_back
        lines, gift = self.sheets.lines, self.gift
        lines["gifts_gift"].append(
            f"{gift}\t{ref}\t{self.entity}\t{self.campaign}\t{seen.donor}\treceived\t{channel}\t"
            f"{ore}\tSEK\tsv\t{seen.key}\t{origin}\t\t{money}\t{at.text}\t{at.text}\t{refunded}\t"
            f"{disputed}\t{fee + costs}\n"
        )
        lines["gifts_gifttransition"].append(
            f"{gift}\tpending\treceived\t{at.text}\t{by}\t\t{event}\n"
        )
        self.givers.stands(seen, int(ore > refunded + disputed))
        if self.details and seen.giver is not None:
            sealed = giver_seals.seal(seen.giver, ref)
            lines["gifts_giverdetails"].append(f"{gift}\t\\\\x{sealed.hex()}\n")
