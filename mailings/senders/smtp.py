"""Mail through an SMTP server, with time-outs."""

from __future__ import annotations

import smtplib
from typing import ClassVar

from django.core.mail import BadHeaderError
from django.core.mail.backends.smtp import EmailBackend

from mailings.senders.base import Mail, Outcome, SendError, SendResult

PERMANENT = range(500, 600)


class SmtpSender:
    """One connection per mail. A second hand-over is a second mail, so it is not idempotent."""

    name: ClassVar[str] = "smtp"
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
