"""Hands mail over to SendGrid, one or up to a thousand people in a request."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from email.utils import parseaddr
from typing import Any, ClassVar

import orjson
from django.conf import settings

from fundraise import clock
from mailings.senders.base import (
    BulkError,
    BulkOutcome,
    BulkRequest,
    Mail,
    Outcome,
    SendError,
    SendResult,
)
from mailings.senders.line import AnswerLost, NotSent, line_to
from mailings.senders.sendgrid import accounts, answers, body, calls
from mailings.senders.sendgrid.accounts import Account

PATH = "/v3/mail/send"
UNSOUND = re.compile(r"[\s\x00-\x1f\x7f]")
OUTCOMES = {
    BulkOutcome.REFUSED: Outcome.REFUSED,
    BulkOutcome.KEY_REFUSED: Outcome.TRY_LATER,  # ours to mend, not the address's fault
    BulkOutcome.WAIT: Outcome.TRY_LATER,
    BulkOutcome.UNKNOWN: Outcome.UNKNOWN,
}


class SendGridSender:
    """A second hand-over is a second mail: SendGrid has no idempotency key."""

    name: ClassVar[str] = "sendgrid"
    most: ClassVar[int] = settings.SENDGRID_PEOPLE
    recalls: ClassVar[bool] = True
    reports: ClassVar[bool] = True
    idempotent: ClassVar[bool] = False

    def send(self, mail: Mail) -> SendResult:
        """Hand one mail over. Raises SendError."""
        ours = accounts.for_receipts()
        to = mail.to.strip()
        if not to or UNSOUND.search(to):
            raise SendError("the mail can't be written", Outcome.REFUSED)
        said = orjson.dumps(_one(mail, to, ours.pool))
        try:
            return _post(ours, said, personal=(to,))
        except BulkError as error:
            raise SendError(str(error), OUTCOMES[error.outcome]) from None

    def post(self, request: BulkRequest) -> SendResult:
        """Hand all people of a request over. Raises BulkError."""
        ours = accounts.for_appeals()
        try:
            said = body.build_body(request, _ways(ours))
        except ValueError as error:
            words = str(error)
            raise BulkError(BulkOutcome.REFUSED, words=words) from None
        personal = (text for person in request.people for text in (person.to, *person.values))
        return _post(ours, said, personal=personal)

    def new_recall_id(self) -> str:
        return calls.new_recall_id(accounts.for_appeals())

    def recall(self, recall_id: str) -> None:
        calls.recall(accounts.for_appeals(), recall_id)


def _post(ours: Account, said: bytes, *, personal: Iterable[str]) -> SendResult:
    headers = ours.headers()
    if settings.SENDGRID_GZIP:
        said, headers = gzip.compress(said, 1), headers | {"Content-Encoding": "gzip"}
    try:
        answer = line_to(settings.SENDGRID_HOST, accounts.TIMES).post(PATH, said, headers)
    except NotSent as error:
        raise BulkError(BulkOutcome.WAIT, words=str(error)) from None
    except AnswerLost as error:
        raise BulkError(BulkOutcome.UNKNOWN, words=str(error)) from None
    return answers.read(answer, now=clock.real_now().timestamp(), personal=personal)


def _ways(ours: Account) -> body.Ways:
    return body.Ways(
        ours.pool,
        settings.SENDGRID_UNSUBSCRIBE_GROUP,
        settings.SENDGRID_TRACK_CLICKS,
        settings.SENDGRID_TRACK_OPENS,
    )


def _one(mail: Mail, to: str, pool: str) -> dict[str, Any]:
    """A mail about one event: never tracked, never held back by an unsubscribing from appeals.

    That SendGrid keeps our Message-ID is how it is documented and not seen live.
    """
    name, sender = parseaddr(settings.MAIL_FROM)
    said: dict[str, Any] = {
        "personalizations": [{"to": [{"email": to}]}],
        "from": body.address(sender, name),
        "subject": mail.subject,
        "content": body.contents(mail.text, mail.html),
        "headers": {"Message-ID": f"<{mail.message_id}>", "Auto-Submitted": "auto-generated"},
        "custom_args": {"t": mail.message_id.partition("@")[0]},
        "categories": ["transactional"],
        "tracking_settings": body.tracking(clicks=False, opens=False),
    }
    if mail.reply_to:
        said["reply_to"] = body.address(mail.reply_to)
    if mail.attached is not None:
        paper = mail.attached
        one = {"content": paper.base64, "type": paper.type, "filename": paper.name}
        said["attachments"] = [one | {"disposition": "attachment"}]
    return said | ({"ip_pool_name": pool} if pool else {})
