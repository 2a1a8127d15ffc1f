"""What SendGrid's answer to a send means, and its words without anything about a person.

202 is the only yes. 400 and 413 are a no to this request; 401, 403, 404 and 405 a no to whoever
asks (the key, its rights, the host), and the documents name all six as not taken. 429 was not
taken and may come again. No document says that a 5xx was not queued, so it leaves a doubt, as does
anything that SendGrid is not known to answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

import orjson

from mailings.senders.base import BulkError, BulkOutcome, SendResult
from mailings.senders.line import Answer

TAKEN = 202
OUTCOMES = {
    400: BulkOutcome.REFUSED,
    413: BulkOutcome.REFUSED,
    401: BulkOutcome.KEY_REFUSED,
    403: BulkOutcome.KEY_REFUSED,
    404: BulkOutcome.KEY_REFUSED,
    405: BulkOutcome.KEY_REFUSED,
    429: BulkOutcome.WAIT,
}
LONGEST_WAIT = 3600.0
AN_INSTANT = 1_000_000_000  # a reset above this is a time, below it seconds to wait
MOST_WORDS = 160
MOST_ERRORS = 2
QUOTED = re.compile(r"""["'`“‘(\[{<].*?["'`”’)\]}>]""")
FIELD = re.compile(r"[A-Za-z_][A-Za-z_.0-9]*")
WORD = re.compile(r"\S+")


def read(answer: Answer, *, now: float, personal: Iterable[str]) -> SendResult:
    """SendGrid's name for a request that was taken.

    Raises BulkError for any other; words that stand among the `personal` texts are left out of it.
    """
    if answer.status == TAKEN:
        return SendResult(answer.headers.get("x-message-id", ""))
    outcome = outcome_of(answer.status)
    wait = _wait(answer, now) if outcome is BulkOutcome.WAIT else None
    words = f"answered {answer.status}"
    if outcome in {BulkOutcome.REFUSED, BulkOutcome.KEY_REFUSED}:
        words = f"{words} {words_of(answer.body, personal)}".rstrip()
    raise BulkError(outcome, wait, answer.status, words)


def outcome_of(status: int) -> BulkOutcome:
    return OUTCOMES.get(status, BulkOutcome.UNKNOWN)


def _wait(answer: Answer, now: float) -> float | None:
    said = answer.headers.get("x-ratelimit-reset") or answer.headers.get("retry-after") or ""
    if not said.isdecimal():
        return None
    seconds = float(said)
    if seconds > AN_INSTANT:
        seconds -= now
    return min(max(seconds, 1.0), LONGEST_WAIT)


def words_of(body: bytes, personal: Iterable[str]) -> str:
    """The first faults named: field and message, the message without names and addresses."""
    try:
        errors = orjson.loads(body)["errors"]
        faults = [_fault(error, personal) for error in islice(errors, MOST_ERRORS)]
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return ""
    return "; ".join(faults)[:MOST_WORDS]


def _fault(error: dict[str, Any], personal: Iterable[str]) -> str:
    field, message = error.get("field"), error.get("message")
    named = field if isinstance(field, str) and FIELD.fullmatch(field) else ""
    said = without_people(message, personal) if isinstance(message, str) else ""
    return ": ".join(part for part in (named, said) if part)


def without_people(message: str, personal: Iterable[str]) -> str:
    """A message with what it quotes, what looks like an address and what we sent about a person
    left out.
    """
    sent = {word.casefold() for text in personal for word in text.split()}

    def shown(found: re.Match[str]) -> str:
        word = found[0].strip(".,:;!?")
        return "…" if "@" in word or word.casefold() in sent else found[0]

    return WORD.sub(shown, QUOTED.sub("…", message))
