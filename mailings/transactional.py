"""Send one mail about one event, once.

A mail is prepared under a unique key with its message id, claimed by compare-and-set and committed,
and only then handed to the sender. So a crash at any point leaves one of three rows: prepared (not
sent), claimed with a lease, or the outcome. A lease that ran out means that nobody knows; it is
tried again only when the sender takes the same message id once, and is in doubt otherwise.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F

from fundraise import clock, crypto, seal
from fundraise.jobs import services as jobs
from fundraise.logs import describe
from fundraise.outbox import courier
from fundraise.outbox import services as outbox
from fundraise.refs import new_ref
from mailings.models import TransactionalMessage
from mailings.senders import base
from mailings.senders.base import Attached, Mail, Outcome, SendError

log = structlog.get_logger(__name__)

State = TransactionalMessage.State

LEASE = timedelta(minutes=5)  # many times the sender's own time-out
MOST_ATTEMPTS = 12
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
BODY_KEPT_FOR = timedelta(days=30)
TOLD = frozenset({"notice"})  # kinds whose fate is told as the fact MailSettled
FAILED, IN_DOUBT, SEAL = "mail-failed", "mail-in-doubt", "seal-broken"


def prepare(
    kind: str,
    subject_ref: str,
    *,
    to: str,
    language: str,
    subject: str,
    html: str,
    text: str,
    reply_to: str = "",
    attached: Attached | None = None,
) -> TransactionalMessage:
    """Prepare the mail of this kind about this subject; the one there is when there is one.

    It is queued on commit. The subject line must hold nothing about the person.
    """
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    message_id = f"{new_ref()}@{host}"
    mail = Mail(message_id, to, subject, html, text, language, reply_to, attached)
    now = clock.real_now()
    row, new = TransactionalMessage.objects.get_or_create(
        kind=kind,
        subject_ref=subject_ref,
        defaults={
            "message_id": mail.message_id,
            "sealed": crypto.seal(
                json.dumps(asdict(mail)).encode(), context=_context(mail.message_id)
            ),
            "prepared_at": now,
            "next_try_at": now,
        },
    )
    if new:
        transaction.on_commit(lambda: _queue(row.pk), robust=True)
    return row


def _context(message_id: str) -> str:
    return f"mail:{message_id}"


def _queue(pk: int) -> None:
    from mailings.tasks import send_prepared as task  # its module imports this one

    courier.send(task, pk)


def send(pk: int) -> bool:
    """Claim one prepared mail, commit, send it, record it. False when it was not ours to send."""
    if not _sealed():
        return False
    sender = base.chosen()
    row = _claim(pk, sender.name)
    if row is None:
        return False
    try:
        sender.send(_opened(row))
    except SendError as error:
        _note(row, error)
    except Exception as error:
        # Not a word from the sender about what became of it.
        _note(row, SendError(describe(error), Outcome.UNKNOWN))
    else:
        _record(row, state=State.SENT, sent_at=clock.real_now(), last_error="")
    return True


def _sealed() -> bool:
    try:
        seal.check()
    except seal.SealBroken as broken:
        jobs.raise_alarm(SEAL, "mail", f"No mail is sent: {broken}")
        return False
    return True


def may_send() -> bool:
    """Whether the seal lets mail out; closes its alarm when it does."""
    sealed = _sealed()
    if sealed:
        jobs.resolve_alarms(SEAL)
    return sealed


def _claim(pk: int, sender: str) -> TransactionalMessage | None:
    now = clock.real_now()
    with transaction.atomic(durable=True):
        claimed = TransactionalMessage.objects.filter(
            pk=pk, state=State.PREPARED, next_try_at__lte=now
        ).update(
            state=State.CLAIMED,
            sender=sender,
            claimed_at=now,
            lease_until=now + LEASE,
            attempts=F("attempts") + 1,
        )
    return TransactionalMessage.objects.get(pk=pk) if claimed == 1 else None


def _opened(row: TransactionalMessage) -> Mail:
    if row.sealed is None:
        raise SendError("the body is forgotten", Outcome.REFUSED)
    try:
        plain = crypto.unseal(bytes(row.sealed), context=_context(row.message_id))
    except crypto.CryptoError as error:
        # A missing key is ours to mend; nothing has left.
        raise SendError("the body does not open", Outcome.TRY_LATER) from error
    return _mail(json.loads(plain))


def _mail(said: dict[str, Any]) -> Mail:
    paper = said.pop("attached", None)
    return Mail(**said, attached=Attached(**paper) if paper else None)


def words_of(row: TransactionalMessage) -> str:
    """The text of a mail, for the proof of a notice; empty when it is forgotten."""
    return "" if row.sealed is None else _opened(row).text


def _note(row: TransactionalMessage, error: SendError) -> None:
    """Record what a send that was not seen to succeed means."""
    idempotent = base.sender_class(row.sender).idempotent
    words = str(error)[:200]
    if error.outcome is Outcome.UNKNOWN and not idempotent:
        _record(row, state=State.IN_DOUBT, last_error=words)
        jobs.raise_alarm(IN_DOUBT, "mail", "A mail may have left or not: settle it by hand.")
    elif error.outcome is Outcome.REFUSED:
        _record(row, state=State.FAILED, last_error=words)
    elif row.attempts >= MOST_ATTEMPTS:
        _record(row, state=State.FAILED, last_error=words)
        jobs.raise_alarm(FAILED, row.kind, f"A mail was given up after {row.attempts} tries")
    else:
        later = clock.real_now() + wait_after(row.attempts)
        _record(row, state=State.PREPARED, next_try_at=later, last_error=words)
    log.warning("mail_not_sent", message=row.pk, outcome=error.outcome.value, attempts=row.attempts)


def wait_after(attempts: int) -> timedelta:
    """A minute after the first attempt, doubling to an hour."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


def _record(row: TransactionalMessage, **outcome: object) -> None:
    # In doubt too: an answer that comes after the lease settles the doubt. The attempt's number
    # keeps a late answer from a row that has been claimed again since.
    with transaction.atomic():
        recorded = TransactionalMessage.objects.filter(
            pk=row.pk, state__in=[State.CLAIMED, State.IN_DOUBT], attempts=row.attempts
        ).update(**outcome)
        if recorded:
            _tell(row.pk, row.kind, outcome["state"])


def _tell(pk: int, kind: str, state: object) -> None:
    """A mail of a kind that others wait for has left, or never will: told as a fact."""
    if kind in TOLD and state in {State.SENT, State.FAILED}:
        outbox.write("MailSettled", pk)


def end_leases(now: datetime) -> int:
    """Settle claims whose process died: back in line if twice is once, in doubt otherwise."""
    ended = TransactionalMessage.objects.filter(state=State.CLAIMED, lease_until__lt=now)
    once = [name for name in settings.MAIL_SENDERS if base.sender_class(name).idempotent]
    again = ended.filter(sender__in=once).update(state=State.PREPARED, next_try_at=now)
    doubted = ended.exclude(sender__in=once).update(
        state=State.IN_DOUBT, last_error="the process ended before the answer"
    )
    if doubted:
        jobs.raise_alarm(IN_DOUBT, "mail", "A mail may have left or not: settle it by hand.")
    return again + doubted


def doubt_what_waits(*, by: str) -> int:
    """After a restore: what waited when the backup was taken may have left since."""
    waiting = TransactionalMessage.objects.filter(state__in=[State.PREPARED, State.CLAIMED])
    doubted = waiting.update(
        state=State.IN_DOUBT, last_error="restored from a backup", settled_by=by
    )
    if doubted:
        jobs.raise_alarm(IN_DOUBT, "mail", "A mail may have left or not: settle it by hand.")
    return doubted


def due(now: datetime, *, most: int) -> list[int]:
    """The ids of prepared mails to try now, the longest waiting first."""
    rows = TransactionalMessage.objects.filter(state=State.PREPARED, next_try_at__lte=now)
    return list(rows.order_by("next_try_at", "pk").values_list("pk", flat=True)[:most])


def settle(pk: int, *, left: bool, by: str) -> bool:
    """A person says whether a mail in doubt left; if not, it is sent again."""
    now = clock.real_now()
    outcome = (
        {"state": State.SENT, "sent_at": now}
        if left
        else {"state": State.PREPARED, "next_try_at": now}
    )
    doubted = TransactionalMessage.objects.filter(pk=pk, state=State.IN_DOUBT)
    with transaction.atomic():
        settled = doubted.update(**outcome, settled_by=by, last_error="") == 1
        if settled:
            kind = TransactionalMessage.objects.values_list("kind", flat=True).get(pk=pk)
            _tell(pk, kind, outcome["state"])
    if settled and not TransactionalMessage.objects.filter(state=State.IN_DOUBT).exists():
        jobs.resolve_alarms(IN_DOUBT)
    return settled


def retry_failed(*, by: str) -> int:
    """Put mails that were given up after many tries back in line. Returns how many."""
    given_up = TransactionalMessage.objects.filter(
        state=State.FAILED, attempts__gte=MOST_ATTEMPTS, sealed__isnull=False
    )
    retried = given_up.update(
        state=State.PREPARED, attempts=0, next_try_at=clock.real_now(), settled_by=by
    )
    jobs.resolve_alarms(FAILED)
    return retried


def forget_bodies(now: datetime) -> int:
    """Forget address and words of what was over long ago; that it was sent stays."""
    over = TransactionalMessage.objects.filter(
        state__in=[State.SENT, State.FAILED],
        prepared_at__lt=now - BODY_KEPT_FOR,
        sealed__isnull=False,
    )
    return over.update(sealed=None)
