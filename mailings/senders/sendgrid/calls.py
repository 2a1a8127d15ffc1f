"""The small calls about our account, through the official package: each may be repeated.

A new client for every call, because the package keeps the headers of one for the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any

import orjson
from django.conf import settings
from python_http_client.exceptions import BadRequestsError, HTTPError
from sendgrid import SendGridAPIClient

from fundraise import clock
from mailings.senders.base import BulkError, BulkOutcome
from mailings.senders.sendgrid import answers
from mailings.senders.sendgrid.accounts import Account, for_appeals, for_receipts

SECONDS = 20.0
PAGE = 500  # the most that a list gives at once
# No answer, an answer of another kind, and one that is not what it should be.
FAILURES = (HTTPError, OSError, HTTPException, ValueError, LookupError, TypeError)
LISTS = ("bounces", "blocks", "invalid_emails", "spam_reports", "unsubscribes")


@dataclass(frozen=True, slots=True)
class Listed:
    """An address that SendGrid sends nothing to, and on which of its lists it stands."""

    list: str
    email: str = field(repr=False)
    at: datetime


def new_recall_id(ours: Account) -> str:
    """Raises BulkError; nothing is lost by asking again."""
    try:
        answer = _client(ours).mail.batch.post()
        return str(orjson.loads(answer.body)["batch_id"])
    except FAILURES as error:
        raise _failed(error) from None


def recall(ours: Account, recall_id: str) -> None:
    """Cancel what has this id and waits for its time, ten minutes before it at the latest.

    SendGrid takes an id once and knows ten at a time. Raises BulkError; REFUSED: not this id, or
    not now, in SendGrid's words.
    """
    sends = _client(ours).user.scheduled_sends
    try:
        sends.post(request_body={"batch_id": recall_id, "status": "cancel"})
    except BadRequestsError as error:
        if not _is_cancelled(ours, recall_id):
            raise _failed(error) from None
    except FAILURES as error:
        raise _failed(error) from None


def _is_cancelled(ours: Account, recall_id: str) -> bool:
    """Whether it was cancelled before; what was paused is cancelled now."""
    one = _client(ours).user.scheduled_sends._(recall_id)
    try:
        found = orjson.loads(one.get().body)
        known = {str(row["batch_id"]): row["status"] for row in found}
        if known.get(recall_id) == "pause":
            one.patch(request_body={"status": "cancel"})
            return True
        return known.get(recall_id) == "cancel"
    except FAILURES as error:
        raise _failed(error) from None


def scopes(ours: Account) -> frozenset[str]:
    """What a key may do. Raises BulkError."""
    try:
        found = orjson.loads(_client(ours).scopes.get().body)["scopes"]
        return frozenset(map(str, found))
    except FAILURES as error:
        raise _failed(error) from None


def listed(*, since: datetime | None = None) -> Iterator[Listed]:
    """Every address that SendGrid holds back, list by list, page by page, of all our keys.

    What comes onto a list after the start is left for the next time. Raises BulkError.
    """
    until = int(clock.real_now().timestamp())
    span = {"end_time": until} | ({"start_time": int(since.timestamp())} if since else {})
    for ours in sorted({account._replace(pool="") for account in (for_receipts(), for_appeals())}):
        for name in LISTS:
            yield from _pages(ours, name, span)
    if settings.SENDGRID_UNSUBSCRIBE_GROUP:
        group = _client(for_appeals()).asm.groups._(settings.SENDGRID_UNSUBSCRIBE_GROUP)
        now = datetime.fromtimestamp(until, UTC)
        for email in _rows(group.suppressions, {}):
            yield Listed("group", str(email), now)


def _pages(ours: Account, name: str, span: dict[str, int]) -> Iterator[Listed]:
    offset = 0
    while True:
        door = getattr(_client(ours).suppression, name)
        rows = _rows(door, span | {"limit": PAGE, "offset": offset})
        yield from (_listed(name, row) for row in rows)
        if len(rows) < PAGE:
            return
        offset += PAGE


def _listed(name: str, row: Any) -> Listed:
    try:
        at = datetime.fromtimestamp(int(row["created"]), UTC)
        return Listed(name, str(row["email"]), at)
    except FAILURES as error:
        raise _failed(error) from None


def _rows(door: Any, query: dict[str, int]) -> list[Any]:
    try:
        return list(orjson.loads(door.get(query_params=query).body))
    except FAILURES as error:
        raise _failed(error) from None


def _client(ours: Account) -> Any:
    client = SendGridAPIClient(ours.key, host=settings.SENDGRID_HOST).client
    client.timeout = SECONDS
    return client


def _failed(error: Exception) -> BulkError:
    if not isinstance(error, HTTPError):
        return BulkError(BulkOutcome.UNKNOWN, words=f"no answer: {type(error).__name__}")
    status = int(error.status_code)
    words = f"answered {status} {answers.words_of(error.body, ())}".rstrip()
    return BulkError(answers.outcome_of(status), status=status, words=words)
