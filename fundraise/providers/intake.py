"""Messages of providers: verified, stored raw and sealed once, worked on by a task."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import F

from fundraise import clock, crypto
from fundraise.jobs import services as jobs
from fundraise.logs import describe
from fundraise.outbox import courier
from fundraise.providers import settle
from fundraise.providers.base import Incoming, WrongEnvironment, provider_of
from fundraise.providers.models import Account, ProviderEvent

log = structlog.get_logger(__name__)

KEPT_FOR = timedelta(days=560)  # as long as a dispute can come: 540 days at the longest
MOST_TRIES = 14
FIRST_WAIT = timedelta(seconds=20)
LONGEST_WAIT = timedelta(hours=6)
WRONG = "provider-message-refused"
FAILED = "provider-event-failed"

# Once, in one round trip: a provider sends many of these at once, and some of them again.
_STORE = """
  INSERT INTO providers_providerevent (account_id, event_id, kind, object_id, body, sha256, via,
                                       state, tries, error, received_at, next_try_at, keep_until)
  VALUES (%(account)s, %(event)s, %(kind)s, %(object)s, %(body)s, %(sha256)s, %(via)s, 'stored',
          0, '', %(now)s, %(now)s, %(keep_until)s)
  ON CONFLICT (account_id, event_id) DO NOTHING RETURNING id"""


class UnknownAccount(LookupError):
    """No account has this address."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The row of a message; `is_new` is False when the message came before."""

    id: int
    is_new: bool


def receive(provider: str, slug: str, body: bytes, headers: Mapping[str, str]) -> Stored:
    """Verify and store one message.

    Raises UnknownAccount, BadSignature, WrongEnvironment (with an alarm) or ValueError.
    """
    # Also one that takes no new gifts: its refunds, disputes and payouts go on.
    account = Account.objects.filter(provider=provider, slug=slug).first()
    if account is None:
        raise UnknownAccount(slug)
    try:
        incoming = provider_of(account).parse(account, body, headers)
    except WrongEnvironment as error:
        jobs.raise_alarm(WRONG, f"{provider}/{slug}", f"a message was refused: {error.code}")
        raise
    return store(account, incoming, body, via="webhook")


def store(account: Account, incoming: Incoming, body: bytes, *, via: str) -> Stored:
    """Keep a message once, and have it worked on."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STORE, _row(account, incoming, body, via))
        made = cursor.fetchone()
        if made is not None:
            transaction.on_commit(lambda: _queue(made[0]), robust=True)
            return Stored(made[0], is_new=True)
    known = ProviderEvent.objects.filter(account=account, event_id=incoming.event_id)
    return Stored(known.values_list("pk", flat=True).get(), is_new=False)


def _row(account: Account, incoming: Incoming, body: bytes, via: str) -> dict[str, Any]:
    now = clock.real_now()
    return {
        "account": account.pk,
        "event": incoming.event_id,
        "kind": incoming.kind,
        "object": incoming.object_id,
        "body": crypto.seal(body, context=f"event:{incoming.event_id}"),
        "sha256": hashlib.sha256(body).digest(),
        "via": via,
        "now": now,
        "keep_until": (now + KEPT_FOR).date(),
    }


def _queue(event_pk: int) -> None:
    """Tell a worker; when the broker is away the sweeper finds the row."""
    from fundraise.providers.tasks import process_event

    courier.send(process_event, event_pk)


def process(event_pk: int) -> bool:
    """Work on one stored message; True when its facts stand. Any number of times, in any order."""
    event = ProviderEvent.objects.select_related("account").defer("body", "sha256").get(pk=event_pk)
    if event.state not in {ProviderEvent.State.STORED, ProviderEvent.State.FAILED}:
        return True
    try:
        facts = provider_of(event.account).facts(event.account, event.kind, event.object_id)
        if facts is not None:
            settle.apply(event.account, facts, event_id=event.event_id)
    except Exception as error:  # whatever it was, the row waits and nothing is lost
        _note_failure(event, error)
        return False
    done = ProviderEvent.State.IGNORED if facts is None else ProviderEvent.State.DONE
    ProviderEvent.objects.filter(pk=event.pk).update(
        state=done, processed_at=clock.real_now(), tries=F("tries") + 1, error=""
    )
    return True


def _note_failure(event: ProviderEvent, error: Exception) -> None:
    tries = event.tries + 1
    spent = tries >= MOST_TRIES
    ProviderEvent.objects.filter(pk=event.pk).update(
        tries=tries,
        error=describe(error)[:200],
        state=ProviderEvent.State.FAILED if spent else ProviderEvent.State.STORED,
        next_try_at=clock.real_now() + min(FIRST_WAIT * 2 ** min(tries - 1, 12), LONGEST_WAIT),
    )
    log.warning("event_failed", event_pk=event.pk, kind=event.kind, tries=tries, exc_info=error)
    if spent:
        jobs.raise_alarm(FAILED, str(event.pk), f"{event.kind} was given up after {tries} tries")


def due(now: datetime, *, most: int) -> list[int]:
    """Stored messages whose time has come again, the longest waiting first."""
    rows = ProviderEvent.objects.filter(state=ProviderEvent.State.STORED, next_try_at__lte=now)
    return list(rows.order_by("next_try_at").values_list("pk", flat=True)[:most])


def replay(event_pk: int) -> bool:
    """Work on a message again from our own table, as staff asks."""
    ProviderEvent.objects.filter(pk=event_pk).update(state=ProviderEvent.State.STORED, tries=0)
    return process(event_pk)


def prune(now: datetime) -> int:
    """Delete messages whose retention has run out. Returns how many."""
    return ProviderEvent.objects.filter(keep_until__lt=now.date()).delete()[0]
