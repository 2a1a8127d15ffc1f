"""The files of a bank day are made: each in one transaction with what it marks as sent.

Cancellations come first, then draws, then mandates, so that the end of a mandate sees what the
day's other files hold about its draws. An order is in one file alone and a file never changes: the
database holds both. A run that was killed is done again and makes what is missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Max, QuerySet

from fundraise import clock, crypto
from fundraise import seal as environment
from fundraise.copying import NULL, copy_text
from fundraise.jobs import services as jobs
from fundraise.logs import describe
from fundraise.pledges.models import Collection
from fundraise.pledges.services import drawing
from fundraise.pledges.services import mandates as mandate_doors
from fundraise.providers.giro import calendar, records, waiting
from fundraise.providers.giro.models import Agreement, Order, OutFile
from fundraise.providers.giro.terms import Payee, TermsError, payee_of
from fundraise.providers.giro.waiting import METHOD, Item

log = structlog.get_logger(__name__)

SYSTEM = "system:autogiro"
SETTINGS = "giro-settings"
FAILED = "giro-build-failed"
ORDER_FIELDS = ("file", "line", "kind", "day", "mandate", "collection", "answer")


class Overtaken(Exception):
    """Something changed while the file was made: nothing was written, and it is made anew."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One kind of file: what goes into it, and who is told that it did."""

    kind: str
    gather: waiting.Gather
    mark: Callable[[list[Item], datetime], None]


def build_due() -> list[OutFile]:
    """The files of today for every agreement; nothing outside a bank day's hours.

    Raises SealBroken in a copied database: what it made could be left at the bank.
    """
    now = clock.now()
    unmade = active().exclude(built_on=clock.today())
    due = [agreement for agreement in unmade if calendar.is_open(agreement, now)]
    if not due:
        return []
    environment.check()
    made = []
    for agreement in due:
        try:
            made += build(agreement)
        except Exception as error:  # one agreement's fault is not the others'
            log.warning("giro_build_failed", agreement=agreement.pk, error=describe(error))
            jobs.raise_alarm(FAILED, str(agreement.ref), f"no file was made: {describe(error)}")
        else:
            jobs.resolve_alarms(FAILED, subject=str(agreement.ref))
    return made


def active() -> QuerySet[Agreement]:
    agreements = Agreement.objects.filter(account__is_active=True, stopped_at=None)
    return agreements.select_related("account").order_by("pk")


def build(agreement: Agreement, *, by: str = SYSTEM) -> list[OutFile]:
    """Today's files of an agreement. Raises TermsError (with an alarm) when a setting is missing.

    By hand on a day without files: only when something can't wait for the next file day.
    """
    today = clock.today()
    try:
        payee = payee_of(agreement)
    except TermsError as error:
        jobs.raise_alarm(SETTINGS, str(agreement.ref), f"the setting of {error.code} is not right")
        raise
    jobs.resolve_alarms(SETTINGS, subject=str(agreement.ref))
    _queue(agreement, today)
    made = []
    if calendar.is_file_day(agreement, today) or _cannot_wait(agreement, today):
        made = [file for sort in SORTS if (file := _build(agreement, payee, sort, today, by))]
    Agreement.objects.filter(pk=agreement.pk).update(built_on=today)
    return made


def _queue(agreement: Agreement, today: date) -> None:
    """What a stop or a late answer has left behind is let go; what is due next is queued."""
    entity_id = agreement.account.entity_id
    drawing.drop_late(entity_id, METHOD, before=calendar.earliest_due(today))
    drawing.queue(entity_id, METHOD, today=today, until=calendar.due_until(agreement, today))


def _cannot_wait(agreement: Agreement, today: date) -> bool:
    """Whether a draw or a cancellation would be too late in the next file."""
    following = calendar.earliest_due(calendar.next_file_day(agreement, today))
    waits = Collection.objects.filter(
        state__in=[Collection.State.QUEUED, Collection.State.CANCELLING],
        mandate__entity_id=agreement.account.entity_id,
        mandate__method=METHOD,
        due_on__gte=calendar.earliest_due(today),
        due_on__lt=following,
    )
    return waits.exists()


@transaction.atomic
def _build(agreement: Agreement, payee: Payee, sort: Sort, day: date, by: str) -> OutFile | None:
    """One file, or none when nothing waits. One builder at a time."""
    Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    items = sort.gather(agreement, payee, day)
    if not items:
        return None
    now = clock.now()
    content = records.sealed_file(payee, day, [item.record for item in items])
    file = _file(agreement, payee, sort.kind, day, content, items)
    file.built_at, file.built_by = now, by
    file.save(force_insert=True)
    copy_text(
        Order,
        ORDER_FIELDS,
        [
            f"{file.pk}\t{line}\t{item.kind}\t{day}\t{item.mandate_id}"
            f"\t{NULL if item.collection_id is None else item.collection_id}\t"
            for line, item in enumerate(items, start=records.FIRST_ORDER)
        ],
    )
    sort.mark(items, now)
    return file


def _file(
    agreement: Agreement, payee: Payee, kind: str, day: date, content: bytes, items: list[Item]
) -> OutFile:
    last = agreement.out_files.aggregate(last=Max("serial"))["last"] or 0
    dues = [item.due for item in items if item.due is not None]
    file = OutFile(
        agreement=agreement,
        kind=kind,
        day=day,
        serial=last + 1,
        name=_name(agreement, payee, clock.now()),
        sha256=hashlib.sha256(content).digest(),
        size=len(content),
        orders_number=len(items),
        sum_ore=sum(item.ore for item in items),
        first_due=min(dues, default=None),
        deadline=calendar.deadline(min(dues)) if dues else None,
        state=OutFile.State.WAITING if agreement.approve else OutFile.State.READY,
    )
    file.sealed = crypto.seal(content, context=f"giro-out:{file.ref}")
    return file


def _name(agreement: Agreement, payee: Payee, at: datetime) -> str:
    """The data set's name (technical manual 6.1.5), a second later when that one is taken."""
    local = at.astimezone(clock.STOCKHOLM)
    while True:
        name = f"BFEP.IAGAG.K0{payee.customer_number}.D{local:%y%m%d}.T{local:%H%M%S}"
        if not OutFile.objects.filter(name=name).exists():
            return name
        local += timedelta(seconds=1)


# --- What is marked as sent -----------------------------------------------------------------------
def _mark_draws(items: list[Item], at: datetime) -> None:
    wanted = {item.collection_id for item in items if item.collection_id is not None}
    if drawing.mark_sent(sorted(wanted), at) != wanted:
        raise Overtaken


def _mark_mandates(items: list[Item], at: datetime) -> None:
    new = {Order.Kind.NEW, Order.Kind.APPROVE}
    wanted = {item.mandate_id for item in items if item.kind in new}
    if mandate_doors.mark_sent(sorted(wanted), at) != wanted:
        raise Overtaken


def _nothing(_items: list[Item], _at: datetime) -> None:
    """A cancellation leaves its draw as it is until the bank answers."""


SORTS = (
    Sort(OutFile.Kind.CANCELLATIONS, waiting.cancels, _nothing),
    Sort(OutFile.Kind.PAYMENTS, waiting.draws, _mark_draws),
    Sort(OutFile.Kind.MANDATES, waiting.mandates, _mark_mandates),
)
