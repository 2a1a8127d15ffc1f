"""What a sender is: hands mail over, one or many, or says in which way it did not.

Adding one: a class with both protocols, a line in settings.MAIL_SENDERS, a harness in
tests/contract. The contract tests refuse a sender without one.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime
from enum import Enum
from functools import cache
from typing import Any, ClassVar, Protocol

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


KEY_ARG = "b"  # under which a sender's events bring a request's key back


class BulkOutcome(Enum):
    """Why a request for many people was not seen to be taken."""

    REFUSED = "refused"  # nothing left, and this request never will pass
    KEY_REFUSED = "key_refused"  # nothing left; key, rights or host are wrong: pause the appeal
    WAIT = "wait"  # nothing left; it may be asked again after `retry_after`
    UNKNOWN = "unknown"  # all of it may have left, or nothing


class BulkError(Exception):
    """A request that was not seen to be taken. Its words hold nothing about a person."""

    def __init__(
        self,
        outcome: BulkOutcome,
        retry_after: float | None = None,
        status: int | None = None,
        words: str = "",
    ) -> None:
        super().__init__(words or outcome.value)
        self.outcome = outcome
        self.retry_after = retry_after  # seconds, where the service said so
        self.status = status  # the service's code, where there was an answer


@dataclass(frozen=True, slots=True)
class BulkContent:
    """What everybody in a request gets. Holds tags `-fr_<name>-`, filled for each person."""

    subject: str
    html: str = field(repr=False)
    text: str = field(repr=False)
    from_email: str
    from_name: str
    reply_to: str
    language: str
    tags: tuple[str, ...]  # names, in the order of every person's values
    headers: tuple[tuple[str, str], ...]  # may hold tags, as List-Unsubscribe does
    args: tuple[tuple[str, str], ...]  # what events bring back, opaque; may hold tags


@dataclass(frozen=True, slots=True)
class BulkPerson:
    """One address and its values, in the order of the content's tags."""

    to: str = field(repr=False)
    values: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """One content to at most `BulkSender.most` people with different addresses."""

    content: BulkContent
    people: Sequence[BulkPerson] = field(repr=False)
    key: str  # the batch's fence; events bring it back as KEY_ARG
    category: str
    send_at: int | None = None  # Unix seconds; None is at once
    recall_id: str = ""


class BulkSender(Protocol):
    """Hands one content to many people over in one request."""

    name: ClassVar[str]
    most: ClassVar[int]  # people in one request
    recalls: ClassVar[bool]  # whether what is sent for later can be called back
    reports: ClassVar[bool]  # whether it tells what became of each mail afterwards
    idempotent: ClassVar[bool]  # whether the same key twice is one mail to each

    def post(self, request: BulkRequest) -> SendResult:
        """Hand all people of a request over. Raises BulkError."""
        ...

    def new_recall_id(self) -> str:
        """A name under which requests can be called back; empty without `recalls`."""
        ...

    def recall(self, recall_id: str) -> None:
        """Call back what has this name and waits for its time. May be asked twice.

        Raises BulkError; UNKNOWN and WAIT mean: ask again.
        """
        ...


@cache
def _class_of(path: str) -> Any:
    return import_string(path)


def sender_class(name: str) -> type[Sender]:
    """The class of a sender by its name in settings.MAIL_SENDERS."""
    found: type[Sender] = _class_of(settings.MAIL_SENDERS[name])
    return found


def bulk_class(name: str) -> type[BulkSender]:
    """The same class as a sender to many."""
    found: type[BulkSender] = _class_of(settings.MAIL_SENDERS[name])
    return found


def chosen() -> Sender:
    """The sender that settings.MAIL_SENDER names."""
    return sender_class(settings.MAIL_SENDER)()


def chosen_for_appeals() -> BulkSender:
    """The sender that settings.APPEAL_SENDER names."""
    return bulk_class(settings.APPEAL_SENDER)()
