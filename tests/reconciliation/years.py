"""A movement's money through every stand-in, the bank and the product, one bank day at a time.

A day: the bank's files of the evening before are fetched and booked; people give by card, Swish and
bankgiro, and pay their membership; refunds, by card and by payment list, and disputes; Stripe pays
out; autogiro's files go and come; the bank books the day. What each payment is stands in the bank's
truth, so that nothing has to be believed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from donors.services import people
from donors.values import PersonName
from fundraise import bankdays, clock
from fundraise.gifts import refunds
from fundraise.gifts import services as gifts
from fundraise.gifts.giver import Giver as Typed
from fundraise.gifts.models import Gift
from fundraise.outbox import services as outbox
from fundraise.outbox.models import OutboxEvent
from fundraise.providers import pull, refunding
from fundraise.providers.models import Account
from fundraise.reconciliation import accounts, failed_payouts, inbox, references, rematching
from fundraise.reconciliation.models import ExpectedFile, StatementFile
from fundraise.reconciliation.paying import services as paying
from fundraise.refs import short_reference
from fundraise.sandbox.bank.accounts import BankAccount as AtBank
from fundraise.sandbox.bank.core import Bank, Day
from fundraise.sandbox.bank.givers import Giver, somebody
from fundraise.sandbox.bank.handout import File
from fundraise.sandbox.bank.knobs import Knobs
from fundraise.sandbox.bank.moves import Move
from tests.giro import BANKGIRO, GiroHouse
from tests.stripe_within import StripeWithin

MAIN = AtBank("83279712345678", "Framtidspartiet", bankgiro=BANKGIRO, swish="1230000026",
              swish_sum=True, opening_ore=1_000_000_00)  # fmt: skip
SHARED = AtBank("6000123456789", "Framtidspartiet", "handelsbanken", "shared", version=2,
                parts_in="camt.053", files=("camt.053",), opening_ore=9_000_000_00)  # fmt: skip
# Its files are the bank's CSV, and Getswish's report of the payments behind the day's sum of Swish.
LOCAL = AtBank("6000987654321", "Framtidspartiet", "handelsbanken", swish="1230000034",
               swish_sum=True, files=("csv", "swish"), opening_ore=50_000_00)  # fmt: skip
# In the books, and what it is called there.
BOOKED = {MAIN.number: (0, "Gåvor"), SHARED.number: (1932, "Allt annat"),
          LOCAL.number: (1933, "Swish")}  # fmt: skip
FEES = (200_00, 350_00, 50_00)
SUMS = (50_00, 100_00, 200_00, 500_00)
BY = "system:folder"


@dataclass(frozen=True, slots=True)
class Rates:
    """How much happens on a bank day, as means."""

    donors: int = 20
    pledges: int = 4
    cards: float = 3.0
    swish: float = 3.0
    noise: dict[str, float] = field(default_factory=lambda: {"giro_gift": 20.0})
    shares: dict[str, float] = field(default_factory=dict)
    refunded: float = 0.02
    disputed: float = 0.02
    # Members who pay their fee by bankgiro, with their name and the word.
    fees: float = 0.0
    # Bank days between two payment lists with a gift to be paid back; 0 for none.
    lists_every: int = 0
    # Bank days from the promise on the page to the Swish payment.
    swish_days: tuple[int, ...] = (0, 0, 0, 0, 1, 2, 6)


@dataclass(frozen=True, slots=True)
class Came:
    """A file that the bank handed out, and what became of it."""

    file: File
    taken: StatementFile


class Years:
    """The run. It moves time on and decides nothing that the product decides."""

    def __init__(self, house: GiroHouse, folder: Path, patch: Any, settings: Any, *,
                 rates: Rates, seed: int = 1) -> None:  # fmt: skip
        self.house, self.rates, self.dice = house, rates, random.Random(seed)
        self.stripe = StripeWithin(folder, patch, settings)
        clock.use(lambda: house.offset)
        knobs = Knobs(seed=seed, noise=rates.noise, shares=rates.shares)
        self.bank = Bank([MAIN, SHARED, LOCAL], knobs)
        self.days: list[Day] = []
        self.came: list[Came] = []
        self.charges: list[tuple[str, int]] = []
        self.disputes: list[str] = []
        self.files: list[File] = []
        self._deposits = 0
        # Who looks when a morning's files are booked.
        self.each_morning: Callable[[Years], None] = lambda _years: None
        self._open()

    def _open(self) -> None:
        entity, first = self.house.entity, clock.today()
        self.stripe_account = Account.objects.create(
            entity=entity, provider="stripe", slug="demo", name="Stripe", settings_prefix="STRIPE"
        )
        self.main = accounts.open_account(_new(self.house, MAIN, first), by="staff:1")
        self.shared = accounts.open_account(_new(self.house, SHARED, first), by="staff:1")
        self.local = accounts.open_account(_new(self.house, LOCAL, first), by="staff:1")
        self.bank.givers = [self._giver(n) for n in range(self.rates.donors)]
        for n in range(self.rates.pledges):
            self.house.sign_up(SUMS[n % len(SUMS)], (15, 28)[n % 2])

    def _giver(self, n: int) -> Giver:
        """A donor with a reference of her own."""
        donor = people.register_donor(
            name=PersonName(f"Anna{n}", "Ek"), language="sv", source="import", by="staff:1"
        )
        house = self.house
        own = references.issue(house.entity, donor, campaign=house.campaign, by="staff:1")
        usual = (SUMS[n % len(SUMS)],)
        return Giver(str(donor.pk), f"Anna{n} Ek", own.number, f"8{donor.pk:012d}",
                     f"+4670174{n % 10_000:04d}", "Gåva", usual)  # fmt: skip

    # A day

    def day(self) -> Day:
        """One bank day and on to the next morning, when its files lie there."""
        self.morning()
        self.each_morning(self)
        self._cards()
        self._swish()
        self._fees()
        self._payment_list()
        self.house.beat()
        self.house.evening()
        reports = self.house.answers()
        self.house.go_to(clock.today(), 21)
        self.house.take(reports)
        self.stripe.pay_out()
        pull.pull(self.stripe_account)
        done = self._at_the_bank()
        self.house.go_to(bankdays.add(clock.today(), 1), 8)
        return done

    def morning(self) -> list[Came]:
        """What the bank left in the folder is taken in and booked, as the jobs do it."""
        found = []
        for file in self.files:
            taken = inbox.take_in(file.data, by=BY, name=file.name, via="folder")
            if taken.state == StatementFile.State.READ:
                inbox.book(taken.pk, by=BY)
                taken.refresh_from_db()
            found.append(Came(file, taken))
        for account in (self.main, self.shared, self.local):
            rematching.rematch(account)
        failed_payouts.watch()
        drain()
        self.files = []
        self.came += found
        return found

    def _often(self, mean: float) -> int:
        return int(mean) + (self.dice.random() < mean % 1)

    def _cards(self) -> None:
        """Gifts by card on the page, some of them paid back or disputed later."""
        asked = [self._begin("") for _ in range(self._often(self.rates.cards))]
        items = [{"amount": one.amount_ore, "metadata": {"gift": str(one.ref)}} for one in asked]
        for one, made in zip(asked, self.stripe.give(items), strict=True):
            self.charges.append((made["charge"], one.amount_ore))
        if self.charges and self.dice.random() < self.rates.refunded * len(asked):
            charge, ore = self.charges.pop(self.dice.randrange(len(self.charges)))
            self.stripe.refund(charge, self.dice.choice([ore, ore // 2]))
        if self.disputes and self.dice.random() < 0.2:
            self.stripe.settle_dispute(self.disputes.pop(), won=self.dice.random() < 0.5)
        if self.charges and self.dice.random() < self.rates.disputed * len(asked):
            charge, _ore = self.charges.pop(self.dice.randrange(len(self.charges)))
            self.disputes.append(self.stripe.dispute(charge))

    def _swish(self) -> None:
        """Gifts promised on the page with a message code, paid the same day or much later."""
        for _ in range(self._often(self.rates.swish)):
            gift = self._begin("swish_number")
            day = bankdays.add(clock.today(), self.dice.choice(self.rates.swish_days))
            n = self.dice.randrange(10_000)
            to = self.dice.choice((MAIN, LOCAL)).number
            self.bank.pay(Move(
                to, gift.amount_ore, "gift", "swish", f"Bo{n} Alm",
                phone=f"+4670174{n:04d}", message=short_reference(gift.ref),
                source=f"gift:{gift.pk}",
            ), day)  # fmt: skip

    def _fees(self) -> None:
        for _ in range(self._often(self.rates.fees)):
            who = somebody(self.dice, "member")
            self.bank.pay(Move(
                MAIN.number, self.dice.choice(FEES), "membership_fee", "giro", who.name,
                who.account, message="Medlemsavgift",
            ))  # fmt: skip

    def _payment_list(self) -> None:
        """A gift of the bank's is paid back by a list that the treasurer carries to the bank."""
        every = self.rates.lists_every
        if not every or len(self.days) % every != every - 1:
            return
        given = Gift.objects.filter(channel="bank", state="received", refunded_ore=0)
        gift = given.order_by("-pk")[:40][self.dice.randrange(5)]
        refund = refunds.request_refund(
            gift.pk, amount_ore=gift.amount_ore, reason="fel belopp", by="staff:1"
        )
        if refund.needs_second:
            refunds.approve_refund(refund.ref, by="staff:2")
        refunding.send_refund(refund.pk)
        made = paying.make_refunds(self.main, [refund.ref], by="staff:1")
        self.bank.order(paying.content_of(made, by="staff:1"))
        paying.mark_sent(made.pk, by="staff:1")

    def _begin(self, channel: str) -> Gift:
        n = self.dice.randrange(10_000)
        giver = Typed(name=f"Bo{n} Alm", email=f"bo{n}@example.se")
        new = gifts.NewGift(
            campaign=self.house.campaign, amount_ore=self.dice.choice(SUMS), giver=giver,
            channel=channel,
        )  # fmt: skip
        return gifts.begin_gift(new)

    def _at_the_bank(self) -> Day:
        """The bank hears what was paid out, and runs its day."""
        self.bank.hear_payouts(self.stripe.payouts(), MAIN.number)
        deposits = self.house.bank.deposits[self._deposits :]
        self._deposits = len(self.house.bank.deposits)
        self.bank.hear_deposits([asdict(one) for one in deposits])
        done = self.bank.run_day(clock.today())
        self.days.append(done)
        self.files = [*done.files, *self._fetched()]
        self._fail_payouts(done)
        return done

    def _fetched(self) -> list[File]:
        """What the bank did not send is fetched on its web when two days have passed; a CSV is
        fetched anew each week, and overlaps what came."""
        found = [
            file
            for day in self.days[:-2][-1:]
            for fault in day.faults if fault.name == "notice.absent"
            for file in self.bank.extract(fault.account, "camt.054", day.date, day.date)
        ]  # fmt: skip
        if len(self.days) % 5 == 4:
            found += self.bank.extract(
                LOCAL.number, "csv", self.days[-5:][0].date, self.days[-1].date
            )
        return found

    def _fail_payouts(self, done: Day) -> None:
        """Stripe learns that the bank took a payout back."""
        for row in done.truth:
            if row["kind"] == "payout_return":
                self.stripe.fail(row["source"])

    def settle(self, days: int) -> None:
        """Bank days on which nothing new begins, so that all that is late comes."""
        self.rates = Rates(cards=0, swish=0)
        knobs = self.bank.knobs
        knobs.set({"noise": dict.fromkeys(knobs.noise, 0.0),
                   "shares": dict.fromkeys(knobs.shares, 0.0)})  # fmt: skip
        for _ in range(days):
            self.day()

    @property
    def truth(self) -> list[dict[str, Any]]:
        """Every payment that the bank has booked so far, as it is."""
        return [row for day in self.days for row in day.truth]


def drain() -> None:
    """What happened is told, as the workers tell it: receipts, links to donors, hooks."""
    while outbox.deliver_due(clock.real_now(), most=1000):
        pass
    assert OutboxEvent.objects.exclude(state=OutboxEvent.State.DONE).count() == 0


def _new(house: GiroHouse, at_bank: AtBank, first: date) -> accounts.NewAccount:
    numbers = [("iban", at_bank.iban)]
    if at_bank.bankgiro:
        numbers.append(("bgnr", at_bank.bankgiro))
    if "swish" in at_bank.files:
        numbers.append(("swish", at_bank.swish))
    ledger_number, name = BOOKED[at_bank.number]
    return accounts.NewAccount(
        entity=house.entity, name=name, numbers=numbers, opened_on=first,
        opening_ore=at_bank.opening_ore, bank=at_bank.bank, is_shared=at_bank.use == "shared",
        ledger_number=ledger_number, details_follow=at_bank.parts_in == "camt.054",
        campaign=house.campaign,
        # A CSV has a row for what happened; of a day on which nothing did there is no file.
        days=ExpectedFile.Days.NONE if "csv" in at_bank.files else ExpectedFile.Days.BANK_DAYS,
    )  # fmt: skip
