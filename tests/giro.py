"""A party whose draws go to Bankgirot's stand-in in files, and come back in files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from django.conf import settings

from fundraise import bankdays, clock
from fundraise.pledges import states
from fundraise.pledges.models import Collection, Instalment, Mandate
from fundraise.providers.giro import building, delivering, inbox
from fundraise.providers.giro.models import Agreement, InFile, Order, OutFile
from fundraise.providers.models import Account
from fundraise.sandbox.bankgirot.bank import Bankgirot
from fundraise.sandbox.bankgirot.config import Payee
from fundraise.sandbox.bankgirot.files import ReportFile
from fundraise.sandbox.bankgirot.knobs import Knobs
from tests.pledging import START, House

BANKGIRO, CUSTOMER = "991-2346", "123456"
EVENING = 17


class GiroHouse(House):
    """The house, its agreement, and the bank. A day is: beat, files at 17, the bank's answers."""

    def open(self, **options: Any) -> Any:
        campaign = super().open()
        settings.AUTOGIRO_CUSTOMER_NUMBER = CUSTOMER
        self.bank = Bankgirot([Payee(BANKGIRO, CUSTOMER)], Knobs())
        account = Account.objects.create(
            entity=self.entity,
            provider="autogiro",
            slug="giro",
            name="Autogiro",
            settings_prefix="AUTOGIRO",
            external_id=BANKGIRO,
        )
        self.agreement = Agreement.objects.create(account=account, **options)
        return campaign

    def set_clock(self, at: time) -> None:
        """Another hour of the same day."""
        self.offset = datetime.combine(clock.today(), at, clock.STOCKHOLM) - clock.real_now()

    def evening(self) -> list[OutFile]:
        """The day's files are made and carried to the bank by hand."""
        self.set_clock(time(EVENING, 5))
        made = building.build_due()
        for file in made:
            self.carry(file)
        return made

    def carry(self, file: OutFile) -> None:
        name, content = delivering.content_of(file.pk, by="staff:1")
        receipt = self.bank.receive(content, name, clock.now())
        assert (receipt.accepted, receipt.reason) == (True, "")
        delivering.mark_delivered_by_hand(file.pk, by="staff:1")

    def answers(self) -> list[ReportFile]:
        """The bank runs the day; what it says lies there in the evening."""
        return self.bank.run_day(clock.today())

    def take(self, reports: list[ReportFile]) -> list[InFile]:
        for report in reports:
            inbox.store(report.data, by="system:transport", name=report.name)
        inbox.work_in_waiting()
        return list(InFile.objects.filter(name__in=[report.name for report in reports]))

    def day(self) -> tuple[list[OutFile], list[InFile]]:
        """One whole bank day, and on to the next one."""
        self.go_to(clock.today(), 8)
        self.beat()
        made = self.evening()
        reports = self.answers()
        self.set_clock(time(21))
        taken = self.take(reports)
        self.go_to(bankdays.add(clock.today(), 1), 8)
        return made, taken

    def until(self, day: date) -> None:
        """Bank days pass until this one, which has not been run; those without anything are left
        out."""
        while clock.today() < day:
            self.day()
            if not self._anything_out():
                self.go_to(min(day, max(clock.today(), self._before_next_draw(day))), 8)

    def _anything_out(self) -> bool:
        waiting = Order.objects.filter(answered_at=None).exclude(kind="reject")
        mandates = Mandate.objects.filter(state__in=["created", "ending"])
        out = Collection.objects.filter(state__in=states.OPEN_COLLECTION)
        return waiting.exists() or mandates.exists() or out.exists()

    def _before_next_draw(self, day: date) -> date:
        planned = Instalment.objects.filter(state="planned", due_on__gte=clock.today())
        first = planned.order_by("due_on").values_list("due_on", flat=True).first()
        return bankdays.add(min(first or day, day), -3)


@contextmanager
def own_giro(day: date = START, **options: Any) -> Iterator[GiroHouse]:
    house = GiroHouse(day, 8)
    clock.use(lambda: house.offset)
    before = settings.AUTOGIRO_CUSTOMER_NUMBER
    try:
        house.open(**options)
        yield house
    finally:
        settings.AUTOGIRO_CUSTOMER_NUMBER = before
        clock.use(None)
