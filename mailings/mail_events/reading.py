"""One post of SendGrid's events in our words. Plain Python, and tolerant: it is not ours to choose.

An event that can't be read, or of a kind that nobody knows, is counted as strange and kept with the
others; it never costs one of them. Addresses are handed on for the people it concerns, never stored
with the event. https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from mailings.mail_events import signs

KINDS = {
    "processed": "processed",
    "deferred": "deferred",
    "delivered": "delivered",
    "bounce": "bounced",
    "blocked": "blocked",
    "dropped": "dropped",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
    "group_resubscribe": "resubscribed",
    "open": "open",
    "click": "click",
}
STRANGE = "strange"
CLASSES = {
    "invalid address": "invalid",
    "mailbox unavailable": "mailbox",
    "content": "content",
    "reputation": "reputation",
    "frequency or volume too high": "frequency",
    "technical failure": "technical",
    "unclassified": "unclassified",
}
# The beginning of what SendGrid says when it leaves an address out.
DROPS = (
    ("bounced", "bounced"),
    ("unsubscribed", "unsubscribed"),
    ("spam report", "spam"),
    ("spam content", "content"),
    ("invalid", "invalid"),
    ("recipient list over", "quota"),
)
MESSAGE_ARG, BATCH_ARG, MAIL_ARG, EMAIL = "m", "b", "t", "email"
EARLIEST = 1_400_000_000
AHEAD = timedelta(days=1)  # of our clock: a sender's clock may go a little wrong
_REF = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_LINK = re.compile(r"/l/[A-Za-z0-9_-]+/(\d{1,4})(?:[/?#]|$)")


class Unreadable(ValueError):
    """The post as a whole is no list of events."""


class Event(NamedTuple):
    """What one event says: `token` names a message, `batch` its request, `mail` a single mail."""

    id: str  # 32 hexadecimal signs
    token: str
    batch: str
    mail: str
    kind: str
    epoch: int
    code: str
    link: int | None
    email: str


def read(body: bytes, now: datetime) -> list[Event]:
    """Every event of a post, in its order. Raises Unreadable."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unreadable("no JSON") from None
    if not isinstance(said, list):
        raise Unreadable("no list of events")
    latest = int((now + AHEAD).timestamp())
    return [_event(one, latest) for one in said]


def _event(said: Any, latest: int) -> Event:
    try:
        return _known(said, latest)
    except (AttributeError, TypeError, ValueError, KeyError, OverflowError):
        name = orjson.dumps(said, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
        return Event(
            _hash(name), "", "", "", STRANGE, latest - int(AHEAD.total_seconds()), "", None, ""
        )


def _known(said: Mapping[str, Any], latest: int) -> Event:
    epoch = int(said["timestamp"])
    if not EARLIEST < epoch <= latest:
        raise ValueError("a time that can't be")
    kind = KINDS.get(said["event"], STRANGE)
    code, link = "", None
    if kind in _CODED:
        kind, code, link = _CODED[kind](kind, said)
    name = said["sg_event_id"].encode() if "sg_event_id" in said else _all_of(said)
    get = said.get
    token, batch, mail, email = get(MESSAGE_ARG, ""), get(BATCH_ARG, ""), get(MAIL_ARG), get(EMAIL)
    if not type(token) is type(batch) is type(email) is str:
        token, batch, email = (_text(said, arg) for arg in (MESSAGE_ARG, BATCH_ARG, EMAIL))
    if mail is not None:
        mail = _ref(_text(said, MAIL_ARG))
    return Event(_hash(name), token, batch, mail or "", kind, epoch, code, link, email)


def _hash(name: bytes) -> str:
    return blake2b(name, digest_size=16).hexdigest()


def _all_of(said: Mapping[str, Any]) -> bytes:
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name, "")
    return value if isinstance(value, str) else ""


def _ref(text: str) -> str:
    return text if text and is_ref(text) else ""


def is_ref(text: str) -> bool:
    """Whether it is written as our references are."""
    return _REF.fullmatch(text) is not None


# --- What differs by kind -------------------------------------------------------------------------
Coded = tuple[str, str, int | None]


def _bounce(kind: str, said: Mapping[str, Any]) -> Coded:
    """`type` tells an address that does not work from a mail that was refused."""
    blocked = kind == "blocked" or _text(said, "type") == "blocked"
    words = _text(said, "bounce_classification").strip().lower()
    return "blocked" if blocked else "bounced", CLASSES.get(words, "unclassified"), None


def _drop(kind: str, said: Mapping[str, Any]) -> Coded:
    words = _text(said, "reason").strip().lower()
    code = next((code for beginning, code in DROPS if words.startswith(beginning)), "other")
    return kind, code, None


def _open(kind: str, said: Mapping[str, Any]) -> Coded:
    ahead = said.get("sg_machine_open") in (True, "true", "True", 1)
    return kind, "apple" if ahead else _sign(said), None


def _click(kind: str, said: Mapping[str, Any]) -> Coded:
    found = _LINK.search(_text(said, "url"))
    return kind, _sign(said), int(found[1]) if found else None


def _sign(said: Mapping[str, Any]) -> str:
    return signs.of_agent(_text(said, "useragent")) or signs.of_address(_text(said, "ip"))


_CODED = {
    "bounced": _bounce,
    "blocked": _bounce,
    "dropped": _drop,
    "open": _open,
    "click": _click,
}
