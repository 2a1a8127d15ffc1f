"""A party that takes autogiro, with its own time, and the bank's words said by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from fundraise import bankdays, clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts import services as gifts
from fundraise.gifts.booking import Movement
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift
from fundraise.gifts.services import NewGift, Receipt
from fundraise.ledger.models import LegalEntity
from fundraise.pledges import queries
from fundraise.pledges.models import Collection, Instalment, Mandate, Notice, PayerRange, Pledge
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services import drawing, instead, mandates, outcomes, planning, starting
from fundraise.pledges.services.mandates import Said
from fundraise.pledges.services.outcomes import PaidSeen
from fundraise.pledges.services.starting import NewAccount, NewPledge, Signed
from tests.people import make_campaign, make_party

START = date(2026, 11, 2)
ANNA = Giver(name="Anna Ek", email="anna@example.se", keep_as_donor=True)
ACCOUNT = AccountDetails("8327000009941234", "198112289874")


@contextmanager
def own_time(day: date = START, hour: int = 10) -> Iterator[House]:
    """The product's clock stands where the test puts it."""
    house = House(day, hour)
    clock.use(lambda: house.offset)
    try:
        yield house
    finally:
        clock.use(None)


class House:
    """The party, and what its days are made of. Nothing here decides anything."""

    def __init__(self, day: date, hour: int) -> None:
        self.go_to(day, hour)

    @property
    def now(self) -> datetime:
        return clock.real_now() + self.offset

    @now.setter
    def now(self, at: datetime) -> None:
        self.offset = at - clock.real_now()

    def go_to(self, day: date, hour: int = 10) -> None:
        self.now = datetime.combine(day, time(hour), clock.STOCKHOLM)

    def open(self) -> Campaign:
        """Make the party, its payer range and its campaign."""
        self.entity: LegalEntity = make_party()
        PayerRange.objects.create(entity=self.entity, first=1_000_000, last=9_999_999)
        self.campaign = make_campaign(self.entity)
        return self.campaign

    def sign_up(
        self, ore: int = 200_00, day: int = 28, *, giver: Giver = ANNA, months: int = 1
    ) -> Pledge:
        """A signed pledge by autogiro, its notice sent."""
        pledge = self.unsigned(ore, day, giver=giver, months=months)
        mandate = pledge.mandates.get()
        starting.sign(mandate.pk, Signed("tick"), by="donor")
        self.tell()
        pledge.refresh_from_db()
        return pledge

    def unsigned(
        self, ore: int = 200_00, day: int = 28, *, giver: Giver = ANNA, months: int = 1
    ) -> Pledge:
        """A pledge whose mandate nobody has signed."""
        return starting.start_pledge(
            NewPledge(self.campaign, ore, day, giver, interval_months=months),
            NewAccount(ACCOUNT, "Swedbank …234"),
        )

    def another_account(self, pledge: Pledge) -> Mandate:
        """A second mandate of a pledge, signed and at the bank."""
        new = mandates.new_account(
            pledge.pk, NewAccount(ACCOUNT), by="donor", channel="phone", received_at=clock.now()
        )
        starting.sign(new.pk, Signed("tick"), by="donor")
        mandates.mark_sent([new.pk], clock.now())
        return new

    def tell(self) -> None:
        """All notices that wait leave now."""
        for notice in Notice.objects.filter(sent_at=None):
            planning.notice_sent(notice.pk, text="Vi drar …")

    def approve(self, pledge: Pledge) -> Mandate:
        """The mandate goes to the bank and comes back approved."""
        mandate = pledge.mandates.filter(state="created").get()
        mandates.mark_sent([mandate.pk], clock.now())
        mandates.approved(mandate.pk, Said("04+32", clock.today()))
        pledge.refresh_from_db()
        return mandate

    def active(self, ore: int = 200_00, day: int = 28, *, months: int = 1) -> Pledge:
        pledge = self.sign_up(ore, day, months=months)
        self.approve(pledge)
        self.beat()
        return pledge

    def beat(self) -> None:
        """What beat does every day, with the mails that follow."""
        today = clock.today()
        planning.plan(today)
        planning.resume_due(today)
        planning.announce_due(today)
        planning.let_go_late(clock.now())
        self.tell()

    def send(self) -> list[Collection]:
        """Queue and send the draws of the next two bank days."""
        today = clock.today()
        until = bankdays.add(today, 2)
        drawing.queue(self.entity.pk, "autogiro", today=today, until=until)
        out = list(drawing.sendable(self.entity.pk, "autogiro", until=until))
        drawing.mark_sent([draw.pk for draw in out], clock.now())
        return list(Collection.objects.filter(pk__in=[draw.pk for draw in out]))

    def send_next(self, pledge: Pledge) -> Collection:
        """Go to the file day of the pledge's next draw and send it."""
        row = Instalment.objects.filter(pledge=pledge, state="planned").order_by("due_on")[0]
        self.go_to(bankdays.add(row.due_on, -2))
        self.beat()
        self.send()
        return Collection.objects.get(instalment=row, state="sent")


def paid_seen(draw: Collection, *, event: str = "") -> PaidSeen:
    """The money of a draw, as a payment specification shows it."""
    at = datetime.combine(draw.due_on, time(3), clock.STOCKHOLM)
    name = f"autogiro:{draw.reference}"
    movement = Movement(name, at, "system:bank", clearing="giro_clearing")
    return PaidSeen(draw.pk, draw.amount_ore, at, name, "autogiro", movement, event)


def pay(draw: Collection) -> bool:
    """The bank tells that a draw was paid."""
    return outcomes.paid(paid_seen(draw))


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def begin_instead(pledge: Pledge, month: Instalment) -> Gift:
    """A card gift begun on the page in the place of a month."""
    gift = gifts.begin_gift(NewGift(pledge.campaign, month.amount_ore, ANNA))
    assert instead.tie(month.ref, gift.ref)
    return gift


def receive(gift: Gift) -> bool:
    """Its money is seen, and what follows from that for the month it stands for."""
    seen = Receipt(
        "card", gift.amount_ore, f"pi_{gift.pk}", clock.now(),
        Movement(f"card:{gift.ref}", clock.now(), "system:test"),
    )  # fmt: skip
    gifts.record_gift(gift.pk, seen)
    return instead.settle(gift.pk)


def give_instead(pledge: Pledge, since: date) -> bool:
    """Give once for the month that the page that repairs would offer."""
    month = queries.to_make_good(pledge.pk, since)
    return month is not None and receive(begin_instead(pledge, month))
