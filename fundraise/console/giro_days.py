"""The calendar of autogiro: bank day by bank day what was made, delivered and answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q

from fundraise import bankdays, clock
from fundraise.pledges.models import PayerRange
from fundraise.providers.giro import calendar, terms
from fundraise.providers.giro.calendar import FileDay
from fundraise.providers.giro.models import Agreement, CalendarFeed, Carrier, OutFile

COMING, PAST = 8, 15


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of a day, with how many of its orders the bank has answered."""

    file: OutFile
    answered: int


@dataclass(frozen=True, slots=True)
class Day:
    """A bank day that has come: its cut-off and its files."""

    day: date
    hours: FileDay
    is_file_day: bool
    files: list[Sent]

    @property
    def is_settled(self) -> bool:
        """Whether everything of it is delivered and answered."""
        return all(
            sent.file.state == OutFile.State.WITHDRAWN
            or (sent.file.state == OutFile.State.DELIVERED and _is_answered(sent))
            for sent in self.files
        )


def _is_answered(sent: Sent) -> bool:
    return sent.answered >= sent.file.orders_number


@dataclass(frozen=True, slots=True)
class Book:
    """All of one agreement that its calendar shows."""

    agreement: Agreement
    bankgiro: str
    payers: PayerRange | None
    wrong: str
    coming: list[FileDay]
    past: list[Day]
    carriers: list[Carrier] = field(repr=False)
    feeds: int = 0

    @property
    def entity_id(self) -> int:
        return int(self.agreement.account.entity_id)


def book(agreement: Agreement) -> Book:
    """What stands before and behind us."""
    today = clock.today()
    entity_id = agreement.account.entity_id
    return Book(
        agreement=agreement,
        bankgiro=agreement.account.external_id,
        payers=PayerRange.objects.filter(entity_id=entity_id).first(),
        wrong=what_is_wrong(agreement),
        coming=list(calendar.coming(agreement, today, COMING)),
        past=list(_past(agreement, today)),
        carriers=list(agreement.carriers.select_related("user").order_by("is_deputy", "pk")),
        feeds=CalendarFeed.objects.filter(agreement=agreement, revoked_at=None).count(),
    )


def what_is_wrong(agreement: Agreement) -> str:
    """The code of the setting that keeps files from being made; empty when none does."""
    try:
        terms.payee_of(agreement)
    except terms.TermsError as error:
        return error.code
    return ""


def _past(agreement: Agreement, today: date) -> Iterable[Day]:
    first = bankdays.add(bankdays.on_or_before(today), -PAST)
    files = agreement.out_files.filter(day__gte=first).defer("sealed").order_by("-built_at", "-pk")
    answered = Count("orders", filter=Q(orders__answered_at__isnull=False))
    by_day: defaultdict[date, list[Sent]] = defaultdict(list)
    for file in files.annotate(answers=answered):
        by_day[file.day].append(Sent(file, file.answers))
    day = bankdays.on_or_before(today)
    while day > first:
        yield Day(
            day, calendar.file_day(agreement, day), calendar.is_file_day(agreement, day),
            by_day.get(day, []),
        )  # fmt: skip
        day = bankdays.add(day, -1)
