"""What a sender is: hands one mail over, or says in which way it did not.

Adding one: a class with this protocol, a line in settings.MAIL_SENDERS, a harness in
tests/contract/test_senders.py. The contract tests refuse a sender without one.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from email.utils import format_datetime
from enum import Enum
from functools import cache
from typing import ClassVar, Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.module_loading import import_string

from fundraise import clock


class Outcome(Enum):
    """Why a mail was not seen to leave."""

    REFUSED = "refused"  # it did not leave and never will: the address, the message
    TRY_LATER = "try_later"  # it did not leave, and may later: no connection, the server is busy
    UNKNOWN = "unknown"  # it may have left: the answer was lost


class SendError(Exception):
    """A mail that was not seen to leave; `outcome` says what may be done about it."""

    def __init__(self, message: str, outcome: Outcome) -> None:
        super().__init__(message)
        self.outcome = outcome


@dataclass(frozen=True)
class SendResult:
    """The sender has taken the mail over. `reference` is its own name for it, if it has one."""

    reference: str = ""


@dataclass(frozen=True)
class Attached:
    """One paper of a mail: its file name, its type, and its bytes in base 64."""

    name: str
    type: str
    base64: str = field(repr=False)


@dataclass(frozen=True)
class Mail:
    """One mail to one address. The message id is fixed when it is prepared, before any try."""

    message_id: str
    to: str = field(repr=False)
    subject: str
    html: str = field(repr=False)
    text: str = field(repr=False)
    language: str = "sv"
    reply_to: str = ""
    attached: Attached | None = field(default=None, repr=False)

    def as_email(self) -> EmailMultiAlternatives:
        """The mail in Django's form. Raises ValueError when there is nobody to send it to."""
        if not self.to.strip():
            raise ValueError("no address")
        email = EmailMultiAlternatives(
            subject=self.subject,
            body=self.text,
            from_email=settings.MAIL_FROM,
            to=[self.to],
            reply_to=[self.reply_to] if self.reply_to else None,
            headers={
                "Message-ID": f"<{self.message_id}>",
                "Date": format_datetime(clock.real_now()),
                "Auto-Submitted": "auto-generated",
                "Content-Language": self.language,
            },
        )
        email.attach_alternative(self.html, "text/html")
        if self.attached is not None:
            paper = self.attached
            email.attach(paper.name, b64decode(paper.base64), paper.type)
        return email


class Sender(Protocol):
    """Hands mails over."""

    name: ClassVar[str]
    # Whether handing over the same message id twice delivers one mail.
    idempotent: ClassVar[bool]

    def send(self, mail: Mail) -> SendResult:
        """Hand one mail over. Raises SendError."""
        ...


@cache
def _class_of(path: str) -> type[Sender]:
    found: type[Sender] = import_string(path)
    return found


def sender_class(name: str) -> type[Sender]:
    """The class of a sender by its name in settings.MAIL_SENDERS."""
    return _class_of(settings.MAIL_SENDERS[name])


def chosen() -> Sender:
    """The sender that settings.MAIL_SENDER names."""
    return sender_class(settings.MAIL_SENDER)()
