"""Mail that recipients write: a multipart post with the raw message, as inbound parse does."""

from __future__ import annotations

import http.client
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from fundraise import clock
from fundraise.sandbox.line import Line
from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.inbox import Found
from fundraise.sandbox.sendgrid.world import World

SENDER_IP = "209.85.128.54"


@dataclass(frozen=True)
class Letter:
    sender: str
    to: str
    subject: str
    text: str
    # Further headers, such as Auto-Submitted.
    headers: tuple[tuple[str, str], ...] = ()


def reply_to(found: Found, text: str, *, away: bool = False) -> Letter:
    """An answer to a mail, by hand or by a machine that says that nobody is there."""
    mail = found.mail()
    to = parseaddr((mail["reply_to"] or [mail["from"]])[0])[1]
    subject = mail["subject"]
    answered = (("In-Reply-To", found.message_header), ("References", found.message_header))
    if away:
        said = (*answered, ("Auto-Submitted", "auto-replied"), ("X-Autoreply", "yes"))
        return Letter(found.email, to, f"Frånvaro: {subject}", text, said)
    if not subject.lower().startswith(("sv:", "re:")):
        subject = f"Sv: {subject}"
    return Letter(found.email, to, subject, f"{text}\n\n{_quoted(found, mail)}", answered)


def _quoted(found: Found, mail: Json) -> str:
    """The mail that is answered, as mail programs put it below the answer."""
    at = datetime.fromtimestamp(found.at, UTC).astimezone(clock.STOCKHOLM)
    lines = (mail["text"] or mail["snippet"]).splitlines()
    return "\n".join([f"Den {at:%Y-%m-%d} kl. {at:%H:%M} skrev {mail['from']}:", "",
                      *(f"> {line}".rstrip() for line in lines)])  # fmt: skip


def by_mailto(url: str, email: str) -> Letter:
    """The mail that a program sends by itself for the mailto of List-Unsubscribe."""
    parts = urlsplit(url)
    wanted = {name.lower(): values[-1] for name, values in parse_qs(parts.query).items()}
    return Letter(email, unquote(parts.path), wanted.get("subject", "unsubscribe"),
                  wanted.get("body", ""))  # fmt: skip


def raw(letter: Letter) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = letter.sender, letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{secrets.token_hex(12)}@{letter.sender.rpartition('@')[2]}>"
    for name, value in letter.headers:
        message[name] = value
    message.set_content(letter.text or "\n")
    return message.as_bytes()


def fields(letter: Letter) -> dict[str, bytes]:
    """What inbound parse posts when it is set to send the raw message."""
    envelope = {"to": [letter.to], "from": letter.sender}
    domain = letter.sender.rpartition("@")[2]
    found: dict[str, str] = {
        "dkim": f"{{@{domain} : pass}}", "to": letter.to, "from": letter.sender,
        "sender_ip": SENDER_IP, "envelope": json.dumps(envelope), "subject": letter.subject,
        "charsets": json.dumps({"to": "UTF-8", "subject": "UTF-8", "from": "UTF-8"}),
        "SPF": "pass",
    }  # fmt: skip
    return {"email": raw(letter), **{name: value.encode() for name, value in found.items()}}


def multipart(found: dict[str, bytes], boundary: str) -> bytes:
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + value + b"\r\n"
        for name, value in found.items()
    ]  # fmt: skip
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def deliver(world: World, letter: Letter) -> str:
    """The status of the product's inbound address, or why there is none."""
    url = world.config.parse_url
    if not url:
        return "no --parse-url"
    boundary = f"xYzZY{secrets.token_hex(12)}"
    body = multipart(fields(letter), boundary)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}",
               "User-Agent": "Sendlib/1.0 server (stand-in)"}  # fmt: skip
    try:
        # Signed as the event posts are: the security policy `signature` of an inbound address.
        line = Line(lambda: float(world.knobs["timeout_seconds"]))
        return str(line.post(url, body, headers | world.signer.headers(body)))
    except (http.client.HTTPException, OSError) as problem:
        return type(problem).__name__
