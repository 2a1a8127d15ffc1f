"""What card testing is seen by: gifts begun, tries declined, gifts paid, of each account.

Counted where it happens, added up by the breaker (fundraise/limits/breaker.py). When it opens, an
alarm rings, and the tries that opened it are marked as suspect, so that the declines of real givers
can be told from them.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.limits import breaker, tally
from fundraise.limits.breaker import Change
from fundraise.outbox import courier
from fundraise.providers.models import Account, Attempt, CardPage

ALARM = "card-testing"


def scope_of(account_id: int) -> str:
    """How counts and breaker name an account."""
    return f"account-{account_id}"


def begun(account: Account) -> None:
    """A page of the provider is about to be asked for."""
    tally.count(scope_of(account.pk), "begun", clock.real_now())
    look(account)


def paid(account: Account) -> None:
    """A gift was received."""
    tally.count(scope_of(account.pk), "paid", clock.real_now())


def declined(attempt: Attempt, *, fraud: bool, code: str = "") -> None:
    """A try to pay was declined, with the provider's code; a page with too many is closed."""
    now, scope = clock.real_now(), scope_of(attempt.account_id)
    tally.count(scope, "declined", now)
    if fraud:
        tally.count(scope, "fraud", now)
    Attempt.objects.filter(pk=attempt.pk).update(declines=F("declines") + 1, last_decline=code)
    look(attempt.account)
    if fraud or breaker.is_open(scope):
        Attempt.objects.filter(pk=attempt.pk).exclude(state="paid").update(suspect=True)
    attempt.refresh_from_db(fields=["declines", "suspect"])
    if attempt.declines >= settings.MOST_DECLINES:
        transaction.on_commit(lambda: _close(attempt.pk), robust=True)


def declined_on_page(page: CardPage, *, fraud: bool) -> None:
    """A card was declined on a page about a saved card: testers use that one too."""
    now, scope = clock.real_now(), scope_of(page.account_id)
    tally.count(scope, "declined", now)
    if fraud:
        tally.count(scope, "fraud", now)
    CardPage.objects.filter(pk=page.pk).update(declines=F("declines") + 1)
    look(page.account)
    page.refresh_from_db(fields=["declines"])
    if page.declines >= settings.MOST_DECLINES:
        transaction.on_commit(lambda: _close_page(page.pk), robust=True)


def refused(account_id: int, why: str) -> None:
    """The door said no: wait, prove, trap or hasty. For the figures that staff see."""
    tally.count(scope_of(account_id), why, clock.real_now())


def _close(attempt_id: int) -> None:
    from fundraise.providers.tasks import close_worn_out  # its module imports this one

    courier.send(close_worn_out, attempt_id)


def _close_page(page_id: int) -> None:
    from fundraise.providers.tasks import close_worn_out_page  # its module imports this one

    courier.send(close_worn_out_page, page_id)


def is_on_guard(account: Account) -> bool:
    """Whether a proof of work is asked for."""
    return breaker.is_open(scope_of(account.pk))


def look(account: Account) -> Change | None:
    """Open or close the breaker as the figures say, with its alarm in the same transaction."""
    with transaction.atomic():
        change = breaker.look(scope_of(account.pk), clock.real_now())
        if change is Change.OPENED:
            _mark(account)
            jobs.raise_alarm(ALARM, account.slug, _words(account))
        elif change is Change.CLOSED:
            jobs.resolve_alarms(ALARM, subject=account.slug)
    return change


def _mark(account: Account) -> None:
    """The declined tries of the window were the attack's, unless they are paid yet."""
    since = clock.now() - timedelta(minutes=settings.BREAKER_WINDOW_MINUTES)
    recent = Attempt.objects.filter(account=account, created_at__gte=since, declines__gt=0)
    recent.exclude(state=Attempt.State.PAID).update(suspect=True)


def _words(account: Account) -> str:
    seen = breaker.figures(scope_of(account.pk), clock.real_now())
    if account.provider == "autogiro":
        return (
            f"Many sign-ups: {seen.begun} begun in {settings.BREAKER_WINDOW_MINUTES} minutes."
            " A proof of work is asked for until it is calm."
        )
    return (
        f"Card testing? {seen.declined} declined, {seen.paid} paid, {seen.begun} begun in "
        f"{settings.BREAKER_WINDOW_MINUTES} minutes. A proof of work is asked for until it is calm."
    )
