"""The bytes of POST /v3/mail/send for many people at once; plain functions of data.

What all share is written once. Each person's part is one `%` over values that one call of orjson
has escaped for the whole request: dictionaries for everybody would take twice the time. Headers and
custom_args are filled here, because SendGrid fills tags only in subject and content. A header that
is the same for all is still written for each: no document says that they add up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from mailings.senders.base import KEY_ARG, BulkContent, BulkPerson, BulkRequest
from mailings.senders.filling import TAG, cut, has_tags, place_of, tag
from mailings.senders.packing import Row, rows_of_people

SLOT = re.compile(rb"\xee\x80\x81([0-9]+)\xee\x80\x82")  # U+E001, a place, U+E002


@dataclass(frozen=True, slots=True)
class Ways:
    """How this house has its appeals carried."""

    pool: str = ""
    unsubscribe_group: int = 0
    track_clicks: bool = False
    track_opens: bool = False


AS_IT_IS = Ways()


class Form(NamedTuple):
    """A content, looked through once for all requests that have it."""

    person: bytes  # JSON with a %b for everything that is a person's own
    own: Callable[[Sequence[bytes]], Any]  # those, out of address and values
    shared: dict[str, Any]


def build_body(request: BulkRequest, ways: Ways = AS_IT_IS) -> bytes:
    """The whole request. Raises ValueError: a tag without a value, a value that is no text."""
    form = form_of(request.content, ways)
    rows = _rows(request.people, places=len(request.content.tags))
    people = b",".join([form.person % form.own(row) for row in rows])
    shared = form.shared | {
        "custom_args": form.shared["custom_args"] | {KEY_ARG: request.key},
        "categories": [request.category],
    }
    if request.send_at is not None:
        shared["send_at"] = request.send_at
    if request.recall_id:
        shared["batch_id"] = request.recall_id
    return b'{"personalizations":[%b],%b' % (people, orjson.dumps(shared)[1:])


def _rows(people: Sequence[BulkPerson], *, places: int) -> list[Row]:
    rows = rows_of_people(people)
    if any(len(row) != places + 1 for row in rows[:1]):
        raise ValueError("a person has another number of values than there are tags")
    return rows


@lru_cache(maxsize=16)
def form_of(content: BulkContent, ways: Ways) -> Form:
    """Raises UnknownTag."""
    texts = (content.subject, content.html, content.text)
    used = {name for text in texts for name in TAG.findall(text)}
    for name in used:
        place_of(name, content.tags)
    person = {
        "to": [{"email": _slot(0)}],
        "substitutions": {
            tag(name): _slot(at) for at, name in enumerate(content.tags, 1) if name in used
        },
        "headers": _slotted(content.headers, content),
        "custom_args": _slotted([pair for pair in content.args if has_tags(pair[1])], content),
    }
    return _form({name: part for name, part in person.items() if part}, _shared(content, ways))


def _form(person: dict[str, Any], shared: dict[str, Any]) -> Form:
    pieces = SLOT.split(orjson.dumps(person))
    places = [int(place) for place in pieces[1::2]]
    text = b"%b".join(piece.replace(b"%", b"%%") for piece in pieces[::2])
    return Form(text, itemgetter(*places), shared)


def _slot(place: int) -> str:
    return f"\ue001{place}\ue002"


def _slotted(pairs: Sequence[tuple[str, str]], content: BulkContent) -> dict[str, str]:
    slots = [_slot(at) for at in range(1, len(content.tags) + 1)]
    return {name: cut(value, content.tags)(slots) for name, value in pairs}


def _shared(content: BulkContent, ways: Ways) -> dict[str, Any]:
    said: dict[str, Any] = {
        "from": address(content.from_email, content.from_name),
        "subject": content.subject,
        "content": contents(content.text, content.html),
        "tracking_settings": tracking(ways.track_clicks, ways.track_opens),
        "custom_args": {name: value for name, value in content.args if not has_tags(value)},
    }
    if content.reply_to:
        said["reply_to"] = address(content.reply_to)
    if ways.pool:
        said["ip_pool_name"] = ways.pool
    if ways.unsubscribe_group:
        said["asm"] = {"group_id": ways.unsubscribe_group}
    return said


def address(email: str, name: str = "") -> dict[str, str]:
    return {"email": email, "name": name} if name else {"email": email}


def contents(text: str, html: str) -> list[dict[str, str]]:
    """The text part first, as SendGrid wants it."""
    return [{"type": "text/plain", "value": text}, {"type": "text/html", "value": html}]


def tracking(clicks: bool, opens: bool) -> dict[str, dict[str, bool]]:
    """Said in every request, so that a switch in SendGrid's own pages changes nothing."""
    return {
        "click_tracking": {"enable": clicks, "enable_text": False},
        "open_tracking": {"enable": opens},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    }
