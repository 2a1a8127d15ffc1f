"""Reading a mail that came in: who wrote, to which address, what, and whether it was a machine.

Plain Python over the standard library's parser. Nothing here trusts what it reads: a header that
does not parse is empty, a text of an unknown charset is read as far as it goes, and everything has
a longest length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr
from hashlib import sha256
from html.parser import HTMLParser

LONGEST_TEXT = 20_000
LONGEST_LINE = 300
MOST_ADDRESSES = 50
_SUBJECT_OF_A_MACHINE = re.compile(
    r"\b(auto(matic|matiskt)?[ -]?(reply|svar)|autosvar|out of (the )?office|frånvaro|ej på plats"
    r"|abwesenheit|poissa)\b",
    re.IGNORECASE,
)
# Where an answer's own words end and the mail that it answers begins.
_QUOTE_HEAD = re.compile(
    r"^\s*(>|-{2,}\s*(original|ursprungligt|vidarebefordrat|forwarded)|_{10,}"
    r"|(den|on|le|am)\s.{4,120}(skrev|wrote|schrieb|écrit)\b.*:?\s*$"
    r"|(från|from|fra|von)\s*:\s.+$)",
    re.IGNORECASE,
)


class Unreadable(ValueError):
    """No mail could be found in what was posted."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as far as we need it. `repr` shows nothing of a person."""

    sender: str = field(repr=False)
    sender_name: str = field(repr=False)
    to: tuple[str, ...] = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)  # the writer's own words
    quoted: str = field(repr=False)  # what was answered
    sha256: bytes
    is_machine: bool = False
    is_report: bool = False


def read(body: bytes, content_type: str) -> Letter:
    """The mail in a post of inbound parse, set to send the raw message. Raises Unreadable."""
    found = _fields(body, content_type)
    raw = found.get("email", b"")
    if not raw.strip():
        raise Unreadable("no mail in the post")
    message = BytesParser(policy=policy.default).parsebytes(raw)
    envelope = _envelope(found.get("envelope", b""))
    name, sender = parseaddr(_header(message, "From"))
    own, quoted = split(_text_of(message))
    return Letter(
        sender=(sender or envelope.sender).strip()[:LONGEST_LINE],
        sender_name=name[:LONGEST_LINE],
        to=_receivers(message, envelope),
        subject=_header(message, "Subject")[:LONGEST_LINE],
        text=own[:LONGEST_TEXT],
        quoted=quoted[:LONGEST_TEXT],
        sha256=sha256(raw).digest(),
        is_machine=_is_machine(message, envelope),
        is_report=message.get_content_type() == "multipart/report",
    )


def address_in(text: str) -> str:
    """The bare address in "Name <address>"."""
    return parseaddr(text)[1]


# --- The post -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Envelope:
    sender: str = ""
    to: tuple[str, ...] = ()
    is_known: bool = False


def _fields(body: bytes, content_type: str) -> dict[str, bytes]:
    head = f"Content-Type: {_one_line(content_type)}\r\n\r\n".encode()
    form = BytesParser(policy=policy.compat32).parsebytes(head + body)
    if not form.is_multipart():
        raise Unreadable("no form")
    found: dict[str, bytes] = {}
    for part in form.get_payload():
        name = part.get_param("name", header="content-disposition")  # type: ignore[union-attr]
        payload = part.get_payload(decode=True)  # type: ignore[union-attr]
        if isinstance(name, str) and isinstance(payload, bytes):
            found.setdefault(name, payload)
    return found


def _envelope(text: bytes) -> _Envelope:
    try:
        said = json.loads(text)
        to = tuple(one for one in said["to"] if isinstance(one, str))[:MOST_ADDRESSES]
        sender = said.get("from", "")
    except (ValueError, TypeError, KeyError, AttributeError):
        return _Envelope()
    return _Envelope(sender if isinstance(sender, str) else "", to, is_known=True)


# --- The mail -------------------------------------------------------------------------------------
def _header(message: EmailMessage, name: str) -> str:
    try:
        return _one_line(str(message.get(name, "")))
    except Exception:  # the parser of structured headers raises many things on broken ones
        return ""


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _receivers(message: EmailMessage, envelope: _Envelope) -> tuple[str, ...]:
    """The envelope's first: a header says what the writer wanted it to say."""
    headers = [_header(message, name) for name in ("To", "Cc", "Delivered-To", "X-Original-To")]
    written = [address for _name, address in getaddresses(headers) if "@" in address]
    return tuple(dict.fromkeys([*envelope.to, *written]))[:MOST_ADDRESSES]


def _is_machine(message: EmailMessage, envelope: _Envelope) -> bool:
    """RFC 3834 and what older programs write instead of it."""
    submitted = _header(message, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    if any(_header(message, name) for name in ("X-Autoreply", "X-Autorespond", "X-AutoReply-From")):
        return True
    if _header(message, "Precedence").lower() in {"auto_reply", "bulk", "junk", "list"}:
        return True
    if envelope.is_known and envelope.sender in {"", "<>"}:
        return True
    return _SUBJECT_OF_A_MACHINE.search(_header(message, "Subject")) is not None


def _text_of(message: EmailMessage) -> str:
    try:
        part = message.get_body(preferencelist=("plain", "html"))
    except Exception:  # a mail of broken parts
        part = None
    if part is None:
        return ""
    try:
        text = part.get_content()
    except (LookupError, UnicodeError, KeyError, ValueError):
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    text = str(text).replace("\x00", "")
    return _words_of(text) if part.get_content_type() == "text/html" else text


class _Words(HTMLParser):
    """The words of a page, and where its links lead: an answer's links name the mail it answers."""

    LEFT_OUT = frozenset({"script", "style", "head", "title"})
    BREAKS = frozenset({"br", "p", "div", "tr", "li", "blockquote", "h1", "h2", "h3"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in self.LEFT_OUT
        if tag in self.BREAKS:
            self.said.append("\n> " if tag == "blockquote" else "\n")
        if tag == "a":
            link = next((value for name, value in attrs if name == "href" and value), "")
            self.said.append(f" {link} ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in self.LEFT_OUT and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.said.append(data)


def _words_of(page: str) -> str:
    words = _Words()
    words.feed(page[: 20 * LONGEST_TEXT])
    lines = (" ".join(line.split()) for line in "".join(words.said).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def split(text: str) -> tuple[str, str]:
    """The writer's own words, and what was answered below them."""
    lines = text.replace("\r\n", "\n").split("\n")
    ends = next((n for n, line in enumerate(lines) if _QUOTE_HEAD.match(line)), len(lines))
    own = "\n".join(lines[:ends]).strip()
    if own:
        return own, "\n".join(lines[ends:]).strip()
    return "\n".join(_unquoted(lines)).strip(), text.strip()  # answered below or between the lines


def _unquoted(lines: list[str]) -> Iterator[str]:
    return (line for line in lines if not _QUOTE_HEAD.match(line))
