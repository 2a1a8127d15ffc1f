"""An attempt's life at the provider: begun, asked about, closed, and left when nobody can pay it.

services.py and the sweepers call these; each calls the provider outside any transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db.models import Exists, OuterRef

from fundraise import clock, seal
from fundraise.gifts import services as gifts
from fundraise.gifts.models import Gift
from fundraise.providers import settle, words
from fundraise.providers.base import (
    Provider,
    ProviderError,
    ProviderUnavailable,
    UnknownOutcome,
    provider_of,
)
from fundraise.providers.models import Attempt

log = structlog.get_logger(__name__)

OPEN = [Attempt.State.CREATED, Attempt.State.OPEN]
KEY_FORGOTTEN_AFTER = timedelta(hours=23)
REQUEST_OF_NO_USE_AFTER = timedelta(days=2)
WAITS_AT_MOST = timedelta(hours=24)
SWISH_NUMBER_WAITS_AT_MOST = timedelta(days=60)


def check_seal() -> None:
    """A copied database charges nobody: the donor sees the other ways, staff the reason."""
    try:
        seal.check()
    except seal.SealBroken as error:
        log.error("seal_broken", reason=str(error))
        raise ProviderUnavailable("seal") from None


def begin(attempt: Attempt, provider: Provider) -> None:
    """Call the provider with the stored key and words; an attempt that is refused is closed.

    Raises ProviderUnavailable.
    """
    check_seal()
    try:
        started = provider.start(attempt.account, words.unseal(attempt))
    except UnknownOutcome as error:
        log.warning("start_unanswered", attempt=attempt.pk, code=error.code)
        if error.code.startswith("http_5"):
            leave(attempt)
        raise ProviderUnavailable(error.code) from None
    except ProviderError as error:
        log.warning("start_refused", attempt=attempt.pk, code=error.code)
        if error.permanent:
            _refused(attempt)
        raise ProviderUnavailable(error.code) from None
    attempt.session_id, attempt.url = started.session_ref, started.url
    attempt.intent_id = started.intent_ref or None
    attempt.expires_at = started.expires_at
    changed = Attempt.objects.filter(pk=attempt.pk, state=Attempt.State.CREATED).update(
        state=Attempt.State.OPEN,
        session_id=attempt.session_id,
        intent_id=attempt.intent_id,
        url=attempt.url,
        expires_at=attempt.expires_at,
    )
    if not changed:  # a double click asked at the same moment and got the same answer
        attempt.refresh_from_db()


def leave(attempt: Attempt) -> None:
    """End an attempt, not its gift, without asking: a page that nobody was shown can't be paid.

    Stripe repeats a saved 500 for as long as it keeps the key; the next click takes a new one.
    """
    Attempt.objects.filter(pk=attempt.pk, state__in=OPEN).update(state=Attempt.State.CLOSED)


def _refused(attempt: Attempt) -> None:
    leave(attempt)
    gifts.end_gift(attempt.gift_id, new=Gift.State.FAILED, by="system:start", reason="refused")


def ask(attempt: Attempt) -> None:
    """Fetch the truth about an attempt and settle it. Raises ProviderError."""
    assert attempt.session_id is not None  # noqa: S101 - open attempts have one, by constraint
    provider = provider_of(attempt.account)
    settle.apply(attempt.account, provider.ask(attempt.account, attempt.session_id))


def close(attempt: Attempt) -> None:
    """Close an open attempt at the provider; one that was paid meanwhile is settled instead.

    Raises ProviderUnavailable. The caller looks whether it is closed now: a page that is being
    paid stays open.
    """
    assert attempt.session_id is not None  # noqa: S101 - open attempts have one, by constraint
    check_seal()
    provider = provider_of(attempt.account)
    try:
        settle.apply(attempt.account, provider.close(attempt.account, attempt.session_id))
    except ProviderError as error:
        log.warning("close_unanswered", attempt=attempt.pk, code=error.code)
        raise ProviderUnavailable(error.code) from None


def end(attempt: Attempt) -> None:
    """Close an attempt whether its start was answered or not.

    A lost start is asked for with the same key to learn its page, which is closed then; after the
    provider has forgotten the key (23 hours) it is left. Raises ProviderUnavailable.
    """
    if attempt.state == Attempt.State.CREATED:
        if attempt.created_at < clock.now() - KEY_FORGOTTEN_AFTER:
            _refused(attempt)
            return
        begin(attempt, provider_of(attempt.account))
    close(attempt)


def close_others(gift_id: int) -> None:
    """Once a gift is received, no other page of it may stay open."""
    for attempt in Attempt.objects.filter(gift_id=gift_id, state=Attempt.State.OPEN):
        ask(attempt)
        attempt.refresh_from_db()
        if attempt.state == Attempt.State.OPEN:
            close(attempt)


def expire_waiting(now: datetime) -> int:
    """End gifts that wait with no page open: a crash came between, or nobody sent the Swish."""
    open_page = Attempt.objects.filter(gift_id=OuterRef("pk"), state__in=OPEN)
    waiting = Gift.objects.filter(~Exists(open_page), state=Gift.State.PENDING)
    hosted = waiting.filter(channel="", created_at__lt=now - WAITS_AT_MOST)
    by_hand = waiting.exclude(channel="").filter(created_at__lt=now - SWISH_NUMBER_WAITS_AT_MOST)
    ids = [*hosted.values_list("pk", flat=True), *by_hand.values_list("pk", flat=True)]
    return sum(
        gifts.end_gift(pk, new=Gift.State.EXPIRED, by="system:sweep", reason="nobody paid")
        for pk in ids
    )


def forget_requests(now: datetime) -> int:
    """What was asked for is of no use once the provider has forgotten its key."""
    old = Attempt.objects.filter(created_at__lt=now - REQUEST_OF_NO_USE_AFTER)
    return old.exclude(state__in=OPEN).exclude(request=b"").update(request=b"")
