"""Mail through an SMTP server, with time-outs.

One mail about one event has a connection of its own. Mails to many share one, kept for the next:
most of a mail's time is the greeting.
"""

from __future__ import annotations

import os
import select
import smtplib
import threading
import time
from typing import Any, ClassVar

from django.conf import settings
from django.core.mail import BadHeaderError
from django.core.mail.backends.smtp import EmailBackend

from mailings.senders.base import (
    BulkError,
    BulkOutcome,
    BulkRequest,
    Mail,
    Outcome,
    SendError,
    SendResult,
)
from mailings.senders.rendering import rendered

DONE, FORWARDED = 250, 251
PERMANENT = range(500, 600)
TOO_BIG = 552
CLOSING = 421
IDLE_SECONDS = 20.0  # servers close what is idle after some minutes; we leave before


class SmtpSender:
    """A second hand-over is a second mail, so it is not idempotent."""

    name: ClassVar[str] = "smtp"
    most: ClassVar[int] = 1
    recalls: ClassVar[bool] = False
    reports: ClassVar[bool] = False
    idempotent: ClassVar[bool] = False

    def send(self, mail: Mail) -> SendResult:
        backend = EmailBackend(fail_silently=False)
        _open(backend)
        try:
            backend.send_messages([mail.as_email()])
        except (BadHeaderError, ValueError, smtplib.SMTPNotSupportedError) as error:
            raise SendError("the mail can't be written", Outcome.REFUSED) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _sorted(error) from error
        finally:
            _close(backend)
        return SendResult()

    def post(self, request: BulkRequest) -> SendResult:
        if len(request.people) != 1 or request.send_at is not None:
            raise ValueError("SMTP takes one mail at a time, at once")
        try:
            mail = b"\r\n".join([*rendered(request, 0).splitlines(), b""])
        except ValueError as error:
            words = f"the mail can't be written: {type(error).__name__}"
            raise BulkError(BulkOutcome.REFUSED, words=words) from None
        try:
            _hand_over(request.content.from_email, request.people[0].to, mail)
        except BulkError as error:
            _kept.begin_again(error.status)
            raise
        return SendResult()

    def new_recall_id(self) -> str:
        return ""

    def recall(self, recall_id: str) -> None:
        """Nothing waits."""


class _Kept(threading.local):
    """This thread's connection, never one from before a fork."""

    def __init__(self) -> None:
        self.owner: tuple[object, ...] = ()
        self.backend: Any = None  # an EmailBackend, typed by nobody as one that is open
        self.used_at = 0.0

    def connection(self) -> smtplib.SMTP:
        owner = (os.getpid(), settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_USER)
        if self.owner[:1] != owner[:1]:
            self.backend = None  # our parent's: to say goodbye on it would end it for both
        if self.owner != owner or self._is_stale():
            self.leave()
            self.owner = owner
            self._open()
        self.used_at = time.monotonic()
        found: smtplib.SMTP = self.backend.connection
        return found

    def _open(self) -> None:
        self.backend = EmailBackend(fail_silently=False)
        try:
            self.backend.open()
        except (smtplib.SMTPException, OSError):
            self.leave()  # it may be open and not logged in
            raise

    def _is_stale(self) -> bool:
        connection = self.backend and self.backend.connection
        sock = connection and connection.sock
        if sock is None or time.monotonic() - self.used_at > IDLE_SECONDS:
            return True
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return bool(poll.poll(0))  # between two mails a server says nothing but goodbye

    def begin_again(self, code: int | None) -> None:
        """After a mail that was not taken: a plain no leaves the connection as good as it was."""
        if code in {None, CLOSING} or self.backend is None or self.backend.connection is None:
            self.leave()
            return
        try:
            self.backend.connection.rset()
        except (smtplib.SMTPException, OSError):
            self.leave()

    def leave(self) -> None:
        if self.backend is not None:
            _close(self.backend)
            self.backend = None


_kept = _Kept()


def _hand_over(sender: str, to: str, mail: bytes) -> None:
    """The three steps of a mail. Up to the last nothing can have left. Raises BulkError."""
    try:
        smtp = _kept.connection()
        code, _words = smtp.mail(sender)
        refused = BulkOutcome.REFUSED if code == TOO_BIG else BulkOutcome.KEY_REFUSED
        if code == DONE:
            code, _words = smtp.rcpt(to)
            refused = BulkOutcome.REFUSED
    except smtplib.SMTPAuthenticationError as error:
        raise _answered(error.smtp_code, BulkOutcome.KEY_REFUSED, BulkOutcome.WAIT) from None
    except ValueError:
        raise BulkError(BulkOutcome.REFUSED, words="no address of a mailbox") from None
    except (smtplib.SMTPException, OSError) as error:
        words = f"no connection: {type(error).__name__}"
        raise BulkError(BulkOutcome.WAIT, words=words) from None
    if code not in {DONE, FORWARDED}:
        raise _answered(code, refused, BulkOutcome.WAIT)
    _data(smtp, mail)


def _data(smtp: smtplib.SMTP, mail: bytes) -> None:
    try:
        code, _words = smtp.data(mail)
    except smtplib.SMTPDataError as error:  # it did not want to begin
        raise _answered(error.smtp_code, BulkOutcome.REFUSED, BulkOutcome.WAIT) from None
    except (smtplib.SMTPException, OSError) as error:
        words = f"answer lost: {type(error).__name__}"
        raise BulkError(BulkOutcome.UNKNOWN, words=words) from None
    if code != DONE:
        raise _answered(code, BulkOutcome.REFUSED, BulkOutcome.UNKNOWN)


def _answered(code: int, no: BulkOutcome, senseless: BulkOutcome) -> BulkError:
    """5xx is a no and 4xx one for now; anything else makes no sense here."""
    if code in PERMANENT:
        return BulkError(no, status=code, words=f"refused with {code}")
    outcome = BulkOutcome.WAIT if 400 <= code < 500 else senseless
    return BulkError(outcome, status=code, words=f"answered {code}")


def _open(backend: EmailBackend) -> None:
    try:
        backend.open()
    except (smtplib.SMTPException, OSError) as error:
        # Nothing was said yet. A wrong password is ours to mend, not the address's fault.
        raise SendError(f"no connection: {type(error).__name__}", Outcome.TRY_LATER) from error


def _sorted(error: Exception) -> SendError:
    """What an answer means; no answer means that we don't know."""
    codes = _codes(error)
    if not codes:
        return SendError(f"answer lost: {type(error).__name__}", Outcome.UNKNOWN)
    permanent = all(code in PERMANENT for code in codes)
    outcome = Outcome.REFUSED if permanent else Outcome.TRY_LATER
    return SendError(f"refused with {codes[0]}", outcome)


def _codes(error: Exception) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _words in error.recipients.values()]
    # SMTPServerDisconnected has no code; -1 stands for a connection lost in the middle.
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 400:
        return [error.smtp_code]
    return []


def _close(backend: EmailBackend) -> None:
    try:
        backend.close()
    except (smtplib.SMTPException, OSError):
        # The mail's fate is settled; QUIT going wrong changes nothing.
        backend.connection = None
