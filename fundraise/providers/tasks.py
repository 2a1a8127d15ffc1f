"""Celery doors of the providers: a task carries an id, may run twice and may be lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from celery import shared_task
from django.conf import settings
from django.db.models import F, Q, QuerySet

from fundraise import clock
from fundraise.gifts import services as gifts
from fundraise.jobs.long_tasks import HARD_SECONDS, SOFT_SECONDS
from fundraise.jobs.one_by_one import each
from fundraise.jobs.services import record_run
from fundraise.outbox import courier
from fundraise.providers import (
    attempts,
    card_pages,
    charging,
    intake,
    kept_cards,
    pausing,
    pull,
    refunding,
    watch,
)
from fundraise.providers.models import Account, Attempt, CardPage
from fundraise.staff import sessions

ASK_OPEN_AFTER = timedelta(minutes=10)
START_LOST_AFTER = timedelta(minutes=5)
BATCH = 200
SECONDS = 45.0
Row = TypeVar("Row")


@shared_task
def process_event(event_pk: int) -> None:
    """Work on one stored message."""
    intake.process(event_pk)


@shared_task
def sweep_events() -> None:
    """Work on stored messages whose task was lost or whose time has come again."""
    with record_run("provider-event-sweep") as counts:
        due = intake.due(clock.real_now() - timedelta(seconds=10), most=BATCH)
        counts["due"] = len(due)
        counts["done"] = _each(due, intake.process)


@shared_task
def sweep_attempts() -> None:
    """Ask about attempts that have been open for long, and end those whose start was lost."""
    with record_run("open-attempt-sweep") as counts:
        now = clock.now()
        open_long = Attempt.objects.filter(
            Q(asked_at=None) | Q(asked_at__lt=now - ASK_OPEN_AFTER),
            state=Attempt.State.OPEN,
            created_at__lt=now - ASK_OPEN_AFTER,
        )
        lost = Attempt.objects.filter(
            Q(asked_at=None) | Q(asked_at__lt=now - ASK_OPEN_AFTER),
            state=Attempt.State.CREATED,
            created_at__lt=now - START_LOST_AFTER,
        )
        counts["closed"] = _each(_to_close(), attempts.close)
        counts["asked"] = _each(_longest_waiting(open_long), _ask)
        counts["ended"] = _each(_longest_waiting(lost), _end)
        counts["expired"] = attempts.expire_waiting(now)


def _to_close() -> list[Attempt]:
    """Pages with too many declines, and those of an account that staff have closed."""
    paused = pausing.standing()
    closed = Q(account__in=paused.values("account")) | Q(declines__gte=settings.MOST_DECLINES)
    if paused.filter(account=None).exists():
        closed = Q()
    rows = Attempt.objects.filter(closed, state=Attempt.State.OPEN).select_related("account")
    return list(rows.order_by("-declines", "pk")[:BATCH])


@shared_task
def close_worn_out(attempt_pk: int) -> None:
    """Close a page on which too many tries were declined."""
    rows = Attempt.objects.filter(pk=attempt_pk, state=Attempt.State.OPEN)
    for attempt in rows.filter(declines__gte=settings.MOST_DECLINES).select_related("account"):
        attempts.close(attempt)


@shared_task
def close_worn_out_page(page_pk: int) -> None:
    """Close a page about a saved card on which too many cards were declined."""
    rows = CardPage.objects.filter(pk=page_pk, state=CardPage.State.OPEN)
    for page in rows.filter(declines__gte=settings.MOST_DECLINES).select_related("account"):
        card_pages.end(page)


@shared_task
def watch_breakers() -> None:
    """Open and close every account's breaker as its figures say, also when nothing happens."""
    with record_run("breaker-watch") as counts:
        for account in Account.objects.filter(is_active=True):
            change = watch.look(account)
            if change is not None:
                counts[change.value] = counts.get(change.value, 0) + 1


def _longest_waiting(rows: QuerySet[Attempt]) -> list[Attempt]:
    return list(rows.order_by(F("asked_at").asc(nulls_first=True), "pk")[:BATCH])


def _each(rows: Iterable[Row], work: Callable[[Row], object]) -> int:
    """Work on rows for as long as a sweep may take; one that fails is tried again."""
    return each(rows, work, seconds=SECONDS).done


def _ask(attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(asked_at=clock.now())
    attempts.ask(attempt)


def _end(attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(asked_at=clock.now())
    attempts.end(attempt)


@shared_task
def draw_cards() -> None:
    """Queue the card draws of today and hand each to a worker; what waits is handed out again."""
    with record_run("card-draws") as counts:
        by_day = clock.now().astimezone(clock.STOCKHOLM).hour in charging.HOURS
        waiting = charging.due(clock.today()) if by_day else []
        counts["due"] = len(waiting)
        counts["queued"] = sum(courier.send(charge_card, pk) for pk in waiting)


@shared_task
def charge_card(collection_pk: int) -> None:
    """Draw on one saved card."""
    charging.charge(collection_pk)


@shared_task
def sweep_draws() -> None:
    """Find out about draws whose answer was lost, and about pages that have been open for long."""
    with record_run("card-draw-sweep") as counts:
        counts["known"] = _each(charging.unknown(), charging.find_out)
        counts["doubt"] = charging.ring()
        old = CardPage.objects.filter(
            Q(asked_at=None) | Q(asked_at__lt=clock.now() - ASK_OPEN_AFTER),
            state__in=card_pages.OPEN,
            created_at__lt=clock.now() - ASK_OPEN_AFTER,
        ).select_related("account")
        pages = list(old.order_by(F("asked_at").asc(nulls_first=True), "pk")[:BATCH])
        counts["pages"] = _each(pages, _ask_page)
        counts["ended"] = kept_cards.end_unpaid()


def _ask_page(page: CardPage) -> None:
    CardPage.objects.filter(pk=page.pk).update(asked_at=clock.now())
    worn_out = page.declines >= settings.MOST_DECLINES
    if page.session_id is None or worn_out or pausing.is_paused(page.account):
        card_pages.end(page)
    else:
        card_pages.ask(page)


@shared_task
def warn_of_cards() -> None:
    """Tell of cards that run out within a month."""
    with record_run("card-expiry") as counts:
        counts["told"] = kept_cards.warn(clock.today())


@shared_task
def sweep_refunds() -> None:
    """Send refunds that the outbox could not."""
    with record_run("refund-sweep") as counts:
        counts["sent"] = _each(refunding.waiting(), refunding.send_refund)


@shared_task(time_limit=HARD_SECONDS, soft_time_limit=SOFT_SECONDS)
def nightly_pull() -> None:
    """Fetch what moved every account's balance, and with it what no event told us."""
    with record_run("nightly-pull") as counts:
        counts.update(pull.pull_all())


@shared_task
def tidy() -> None:
    """Forget what need not be kept: old messages, requests, what was typed for gifts not given, and
    at the provider the cards of donors who are forgotten here."""
    with record_run("nightly-tidy") as counts:
        counts["messages"] = intake.prune(clock.real_now())
        counts["requests"] = attempts.forget_requests(clock.now())
        counts["card_pages"] = card_pages.forget_requests(clock.now())
        counts["details"] = gifts.forget_details(clock.now())
        counts["log_ins"] = sessions.prune(clock.real_now())
        payers = each(kept_cards.payers_to_forget(), kept_cards.forget_payer)
        counts["payers"] = payers.whole()  # last: a fault of the provider's holds up nothing else
