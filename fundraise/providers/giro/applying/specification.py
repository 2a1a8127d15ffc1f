"""The payment specification: what was drawn, what was not yet, what was taken back.

Rows are matched by the reference that we gave the draw, which nobody else has. What is paid is
handed over in batches; money that nobody can place is booked to suspense and asked about.
"""

from __future__ import annotations

from datetime import date

from fundraise.gifts.booking import Movement
from fundraise.gifts.models import Channel
from fundraise.gifts.refunds import RefundSeen
from fundraise.pledges.services import mandates, outcomes
from fundraise.pledges.services.mandates import Said
from fundraise.pledges.services.outcomes import PaidSeen
from fundraise.providers.autogiro.kinds import Section
from fundraise.providers.autogiro.reports import Deposit as DepositRecord
from fundraise.providers.autogiro.reports import RefundLine, SpecLine
from fundraise.providers.giro.applying import suspense
from fundraise.providers.giro.applying.meaning import PAID
from fundraise.providers.giro.applying.outcomes import by_status
from fundraise.providers.giro.applying.work import Draw, Result, Row, Work, day_of, instant
from fundraise.providers.giro.models import Deposit, Order, Question

BY = "system:autogiro"
CLEARING = "giro_clearing"
BATCH = 5000
ENDS_MANDATE = {"01", "02"}  # the payer never gave it, or withdrew it
Kind = Question.Kind


class Specification:
    """The rows of one section, worked in in the order in which they stand."""

    def __init__(self, work: Work, section: Section, rows: list[Row]) -> None:
        self.work, self.section = work, section
        self.lines = list(zip(section.lines, rows, strict=True))
        records = [record for _at, record in section.lines if not isinstance(record, DepositRecord)]
        self.draws = work.draws(record.reference for record in records)
        strange = {r.payer for r in records if r.reference not in self.draws}
        self.mandates = work.mandates(strange)
        self.deposit: Deposit | None = None
        self.money: list[tuple[Row, SpecLine, Draw, Deposit | None]] = []

    def run(self) -> None:
        for (_at, record), row in self.lines:
            if isinstance(record, DepositRecord):
                self._deposit(row, record)
            elif row.result == Result.ALREADY:
                self._known(record)
            else:
                self._row(row, record)
            if len(self.money) >= BATCH:
                self._hand_over()
        self._hand_over()

    def _deposit(self, row: Row, record: DepositRecord) -> None:
        day = day_of(record.day)
        row.code, row.ore, row.day = record.serial, record.amount_ore, day
        self.deposit = None
        if row.result == Result.ALREADY or day is None:
            return
        self.deposit = Deposit(
            agreement=self.work.agreement,
            code=record.code,
            day=day,
            serial=int(record.serial),
            number=record.number,
            amount_ore=record.amount_ore,
            ours_ore=0,
            unknown_ore=0,
            other_ore=0,
        )
        self.work.deposits.append((row.line, self.deposit))

    def _row(self, row: Row, record: SpecLine | RefundLine) -> None:
        draw = self.draws.get(record.reference) or self._guess(record)
        refund = isinstance(record, RefundLine)
        row.payer, row.ore, row.day = record.payer, record.amount_ore, day_of(record.day)
        row.code = record.refund_code if isinstance(record, RefundLine) else record.status or PAID
        moved = refund or row.code == PAID
        into = isinstance(record, RefundLine) or record.direction == "82"
        if draw is not None and into:
            row.collection_id, row.mandate_id = draw.pk, draw.mandate_id
            self._ours(row, record, draw)
        elif record.payer in self.mandates or self.work.in_range(record.payer):
            self._strange(row, moved=moved)
        else:
            row.result = Result.OTHER
            self._count("other", row, moved=moved)

    def _known(self, record: SpecLine | RefundLine) -> None:
        """A file before had this row: its money is counted there."""
        if self.deposit is not None and (isinstance(record, RefundLine) or record.is_paid):
            self.deposit.known_ore += record.amount_ore

    def _guess(self, record: SpecLine | RefundLine) -> Draw | None:
        """A draw whose reference was lost on the way: the only one of its payer, sum and day."""
        if record.payer not in self.mandates:
            return None
        same = [
            draw
            for draw in self.work.open_draws(record.payer)
            if draw.ore == record.amount_ore and draw.due_on == day_of(record.day)
        ]
        return same[0] if len(same) == 1 else None

    def _ours(self, row: Row, record: SpecLine | RefundLine, draw: Draw) -> None:
        if isinstance(record, RefundLine):
            self._refund(row, record, draw)
        elif row.code == PAID:
            self.money.append((row, record, draw, self.deposit))
        else:
            done = by_status(draw.pk, row.code, row.event_id)
            row.result = Result.APPLIED if done else Result.NOTED
            if row.code != "9":
                self.work.answer(Order.Kind.DRAW, draw.pk, row.code)

    def _strange(self, row: Row, *, moved: bool) -> None:
        """One of our numbers, and no draw of ours."""
        mandate = self.mandates.get(row.payer)
        row.result, row.mandate_id = Result.UNKNOWN, mandate.pk if mandate else None
        self._count("unknown", row, moved=moved)
        kind = Kind.DRAW if mandate else Kind.PAYER
        self.work.ask(row, kind, amount_ore=self._suspend(row) if moved else None)

    # Money

    def _hand_over(self) -> None:
        """What was paid, in one call; a draw whose money is known already was paid twice."""
        first: dict[int, tuple[Row, SpecLine, Draw, Deposit | None]] = {}
        again = []
        for item in self.money:
            if item[2].pk in first:
                again.append(item)
            else:
                first[item[2].pk] = item
        self.money = []
        new = outcomes.paid_many([self._seen(*item) for item in first.values()])
        for row, _record, draw, deposit in first.values():
            if draw.pk in new:
                self._paid(row, draw, deposit)
        for row, _record, draw, deposit in (
            *(item for pk, item in first.items() if pk not in new),
            *again,
        ):
            self._twice(row, draw, deposit)

    def _seen(self, row: Row, record: SpecLine, draw: Draw, deposit: Deposit | None) -> PaidSeen:
        at = instant(self._booked_on(row, deposit))
        name = f"giro:{draw.reference}"
        return PaidSeen(
            draw.pk,
            record.amount_ore,
            at,
            name,
            Channel.AUTOGIRO,
            Movement(name, at, BY, document=f"giro:{self.work.file.ref}", clearing=CLEARING),
            row.event_id,
        )

    def _booked_on(self, row: Row, deposit: Deposit | None) -> date:
        """The day on which the money moved; a renewed draw keeps its first day in its row."""
        if deposit is not None:
            return deposit.day
        return row.day or self.work.written_on

    def _paid(self, row: Row, draw: Draw, deposit: Deposit | None) -> None:
        row.result = Result.APPLIED
        self.work.answer(Order.Kind.DRAW, draw.pk, PAID)
        self._count("ours", row, moved=True, deposit=deposit)
        if row.ore != draw.ore:
            self.work.ask(row, Kind.SUM)

    def _twice(self, row: Row, draw: Draw, deposit: Deposit | None) -> None:
        row.result = Result.CONFLICT
        self._count("unknown", row, moved=True, deposit=deposit)
        self.work.ask(row, Kind.TWICE, amount_ore=self._suspend(row, deposit))

    def _refund(self, row: Row, record: RefundLine, draw: Draw) -> None:
        day = day_of(record.refund_day) or self.work.written_on
        name = f"giro:{draw.reference}:{record.refund_day}:{record.refund_code}"
        at = instant(self._booked_on(row, self.deposit) if self.deposit else day)
        seen = RefundSeen(
            name,
            record.amount_ore,
            at,
            Movement(name, at, BY, document=f"giro:{self.work.file.ref}", clearing=CLEARING),
            event_id=row.event_id,
        )
        if not outcomes.refunded(draw.pk, seen):
            row.result = Result.CONFLICT
            self._count("unknown", row, moved=True)
            self.work.ask(row, Kind.DRAW, amount_ore=self._suspend(row))
            return
        row.result = Result.APPLIED
        self._count("ours", row, moved=True)
        if record.refund_code in ENDS_MANDATE:
            said = Said(f"77+{record.refund_code}", day, row.event_id)
            mandates.revoked(draw.mandate_id, said)

    def _suspend(self, row: Row, deposit: Deposit | None = None) -> int:
        """Money that nobody can place lies in suspense; below zero when it went out."""
        deposit = deposit or self.deposit
        ore = row.ore or 0
        if deposit is not None and deposit.code != "15":
            ore = -ore
        suspense.book(self.work, row, ore, self._booked_on(row, deposit))
        return ore

    def _count(self, whose: str, row: Row, *, moved: bool, deposit: Deposit | None = None) -> None:
        """A row's sum in its deposit and in the file's."""
        deposit = deposit or self.deposit
        if not moved:
            return
        ore = row.ore or 0
        sign = 1 if deposit is None or deposit.code == "15" else -1
        self.work.sums[whose] += sign * ore
        if deposit is not None:
            name = f"{whose}_ore"
            setattr(deposit, name, getattr(deposit, name) + ore)


def apply(work: Work, section: Section, rows: list[Row]) -> None:
    """Work one section in."""
    Specification(work, section, rows).run()
    work.keep_others(section, rows)
