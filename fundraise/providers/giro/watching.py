"""What rings: a file that does not leave, an answer that does not come, a hole in the serials.

Every watch looks at all agreements, opens an alarm once and closes it when it is well again.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Count, QuerySet

from fundraise import bankdays, clock
from fundraise.jobs import services as jobs
from fundraise.jobs.models import Alarm
from fundraise.outbox import services as outbox
from fundraise.pledges import states
from fundraise.pledges.models import Collection, Mandate
from fundraise.pledges.services import mandates as mandate_doors
from fundraise.pledges.services import outcomes
from fundraise.pledges.services.mandates import Said
from fundraise.pledges.times import NOON, times_on
from fundraise.providers.giro import calendar
from fundraise.providers.giro.building import active
from fundraise.providers.giro.models import Agreement, Deposit, Order, OutFile

WAITS, NOT_MADE = "giro-file-waits", "giro-day-missed"
NO_REPORT, LATE_ANSWER, HOLE = "giro-report-missing", "giro-answer-late", "giro-serial-hole"
E_MANDATE = "giro-e-mandate-waits"
AT_ONCE = timedelta(minutes=30)  # a file that was made after noon may take so long
DRAW_BANK_DAYS, CANCEL_BANK_DAYS, MANDATE_MARGIN = 4, 2, 1
E_MANDATE_BANK_DAYS, E_MANDATE_WARNED = 18, 15
REPORT_DAYS = timedelta(days=14)
ANSWERED_ORDERS = [Order.Kind.NEW, Order.Kind.APPROVE, Order.Kind.END]  # a no is never answered


def look() -> int:
    """Every watch; how many alarms are open after it."""
    now = clock.now()
    rung = [undelivered(now), e_mandates(now)]
    for agreement in active():
        rung += [
            not_made(agreement, now),
            no_report(agreement, now),
            late_answers(agreement, now),
            serial_holes(agreement, now),
        ]
        settle_doubts(agreement, now)
    return sum(rung)


def _ring(code: str, subject: str, text: str) -> bool:
    """True: it is open."""
    if text:
        jobs.raise_alarm(code, subject, text)
    else:
        jobs.resolve_alarms(code, subject=subject)
    return bool(text)


def undelivered(now: datetime) -> int:
    """Files that wait at noon, and half an hour after they were made later; carriers are told."""
    waiting = OutFile.objects.filter(state__in=[OutFile.State.WAITING, OutFile.State.READY])
    rung = 0
    for file in waiting.order_by("pk"):
        if now < max(calendar.at(file.day, NOON), file.built_at + AT_ONCE):
            continue
        text = f"{file.name} has not left; Bankgirot must have it by its cut-off"
        if jobs.raise_alarm(WAITS, str(file.ref), text):
            outbox.write("GiroFileWaits", file.pk)
        rung += 1
    refs = set(waiting.values_list("ref", flat=True))
    jobs.resolve_alarms(WAITS, but={str(ref) for ref in refs})
    return rung


def not_made(agreement: Agreement, now: datetime) -> bool:
    """A bank day's cut-off (noon, by hand) passed without a run that made its files; the first one
    counts too."""
    today = now.astimezone(clock.STOCKHOLM).date()
    cut_off = calendar.file_day(agreement, today).cut_off
    closes = calendar.at(today, NOON) if agreement.by_hand else cut_off
    day = today if now >= closes else bankdays.add(today, -1)
    day = bankdays.on_or_before(day)
    if agreement.built_on is None:
        missed = calendar.file_day(agreement, day).made_at >= agreement.begun_at
    else:
        missed = agreement.built_on < day
    text = f"no files were made on {day}: what was due then has not been sent" if missed else ""
    return _ring(NOT_MADE, str(agreement.ref), text)


def no_report(agreement: Agreement, now: datetime) -> bool:
    """Draws were due, it is noon of the next bank day, and nothing was said of any of them."""
    today = now.astimezone(clock.STOCKHOLM).date()
    due = _out(agreement).filter(due_on__gte=today - REPORT_DAYS, due_on__lt=today)
    due = due.exclude(state=Collection.State.DOUBT)  # perhaps there was nothing to tell
    silent = [
        day
        for day in due.order_by("due_on").values_list("due_on", flat=True).distinct()
        if now >= calendar.at(bankdays.add(day, 1), NOON) and not _anything_said(agreement, day)
    ]
    text = f"no payment specification has come for {silent[0]}" if silent else ""
    return _ring(NO_REPORT, str(agreement.ref), text)


def _out(agreement: Agreement) -> QuerySet[Collection]:
    return Collection.objects.filter(
        mandate__entity_id=agreement.account.entity_id,
        mandate__method="autogiro",
        state__in=set(states.OPEN_COLLECTION) - {Collection.State.QUEUED},
    )


def _anything_said(agreement: Agreement, day: date) -> bool:
    """Whether any draw of that day was answered, or a deposit of it has come."""
    said = Order.objects.filter(
        file__agreement=agreement, kind=Order.Kind.DRAW, answered_at__isnull=False,
        collection__due_on=day,
    )  # fmt: skip
    tried = _out(agreement).filter(due_on=day, state=Collection.State.TRYING)
    return said.exists() or tried.exists() or agreement.deposits.filter(day=day).exists()


def late_answers(agreement: Agreement, now: datetime) -> bool:
    """Orders that Bankgirot or a bank should have answered by now, in numbers."""
    today = now.astimezone(clock.STOCKHOLM).date()
    unanswered = Order.objects.filter(
        file__agreement=agreement,
        answered_at=None,
        file__state__in=[OutFile.State.DELIVERED, OutFile.State.DOUBT],
    )
    mandate_days = times_on(today).mandate + MANDATE_MARGIN
    late = {
        "mandates": unanswered.filter(
            kind__in=ANSWERED_ORDERS, day__lt=bankdays.add(today, -mandate_days)
        ),
        "draws": unanswered.filter(
            kind=Order.Kind.DRAW, collection__due_on__lt=bankdays.add(today, -DRAW_BANK_DAYS)
        ),
        "cancellations": unanswered.filter(
            kind=Order.Kind.CANCEL, day__lt=bankdays.add(today, -CANCEL_BANK_DAYS)
        ),
    }
    numbers = {what: rows.count() for what, rows in late.items()}
    said = ", ".join(f"{number} {what}" for what, number in numbers.items() if number)
    return _ring(LATE_ANSWER, str(agreement.ref), f"no answer about {said}" if said else "")


def serial_holes(agreement: Agreement, now: datetime) -> bool:
    """Numbers of deposits that are missing before the last one seen, this year and the last.

    Each year begins with 1; only the year in which the agreement's deposits were first seen begins
    where they did. Whether a year's newest ones are missing can't be told by their numbers.
    """
    year = now.astimezone(clock.STOCKHOLM).year
    return any([_holes(agreement, year - 1), _holes(agreement, year)])


def _holes(agreement: Agreement, year: int) -> bool:
    deposits = Deposit.objects.filter(agreement=agreement, serial__gt=0)
    serials = set(deposits.filter(day__year=year).values_list("serial", flat=True))
    first = 1 if deposits.filter(day__year__lt=year).exists() else min(serials, default=1)
    missing = sorted(set(range(first, max(serials, default=0))) - serials)
    shown = ", ".join(map(str, missing[:10]))
    text = f"deposits of {year} are missing: {shown} ({len(missing)})" if missing else ""
    return _ring(HOLE, f"{agreement.ref}:{year}", text)


def settle_doubts(agreement: Agreement, now: datetime) -> int:
    """A cancellation found nothing, and in four bank days no report has shown the draw: it was not
    made. How many.

    Only while no report is missing. Its period is not drawn anew: should money come all the same,
    it is booked, and there is no second draw beside it.
    """
    year = now.astimezone(clock.STOCKHOLM).year
    subjects = [str(agreement.ref), *(f"{agreement.ref}:{one}" for one in (year - 1, year))]
    missing = Alarm.objects.filter(
        code__in=[NO_REPORT, HOLE], subject__in=subjects, resolved_at=None
    )
    if missing.exists():
        return 0
    today = now.astimezone(clock.STOCKHOLM).date()
    quiet = _out(agreement).filter(
        state=Collection.State.DOUBT, due_on__lt=bankdays.add(today, -DRAW_BANK_DAYS)
    )
    return sum(
        outcomes.cancelled(
            draw.pk,
            draw.reason,
            f"giro:quiet:{draw.ref}",
            cancel_for="" if draw.cancel_for == "plan" else draw.cancel_for,
        )
        for draw in quiet.order_by("pk")
    )


def e_mandates(now: datetime) -> int:
    """Mandates of the Internet bank that nobody answers: three bank days before they lapse."""
    today = now.astimezone(clock.STOCKHOLM).date()
    received = Mandate.objects.filter(state=Mandate.State.RECEIVED)
    warned_from = calendar.at(bankdays.add(today, -E_MANDATE_WARNED), time())
    lapsed_from = calendar.at(bankdays.add(today, -E_MANDATE_BANK_DAYS), time())
    for mandate in received.filter(created_at__lt=lapsed_from):
        mandate_doors.ended(mandate.pk, Said("lapsed", today))
    waiting = received.filter(created_at__lt=warned_from).values("entity__slug")
    rung = {row["entity__slug"]: row["n"] for row in waiting.annotate(n=Count("pk"))}
    for slug, number in rung.items():
        text = f"{number} mandates of the Internet bank lapse within three bank days"
        jobs.raise_alarm(E_MANDATE, slug, text)
    jobs.resolve_alarms(E_MANDATE, but=set(rung))
    return len(rung)
