"""How the contract tests see what a sender delivered, and how they make its world fail."""

from __future__ import annotations

import email.policy
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formataddr
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.mailings import http_stand_in, smtp_stand_in
from tests.mailings.http_stand_in import HttpStandIn, Say
from tests.mailings.smtp_stand_in import SmtpStandIn


class Harness(Protocol):
    """One carrier's world."""

    language: str | None  # what it says of a mail's language in a header

    def delivered(self) -> list[bytes]: ...
    def break_for_now(self) -> None: ...


class FileHarness:
    language: str | None = "sv"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def delivered(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.folder.rglob("*.eml"))]

    def break_for_now(self) -> None:
        self.folder.write_bytes(b"a file where the folder should be")


class SmtpHarness:
    language: str | None = "sv"

    def __init__(self, server: SmtpStandIn) -> None:
        self.server = server

    def delivered(self) -> list[bytes]:
        return self.server.mails

    def break_for_now(self) -> None:
        self.server.answers["MAIL"] = "451 come back later"


class SendGridHarness:
    """A server that takes everything; what it took is made into mails as SendGrid would."""

    language: str | None = None  # it writes headers about content itself

    def __init__(self, server: HttpStandIn) -> None:
        self.server = server

    def delivered(self) -> list[bytes]:
        taken = [asked.json for asked in self.server.asked if asked.path == "/v3/mail/send"]
        return [as_mail(said, one) for said in taken for one in said["personalizations"]]

    def break_for_now(self) -> None:
        self.server.script = [Say(429)]

        def nothing() -> list[bytes]:
            return []

        self.delivered = nothing  # type: ignore[method-assign]


def as_mail(said: dict[str, Any], one: dict[str, Any]) -> bytes:
    """One personalization of a request, as the mail that its person gets."""
    fills = one.get("substitutions", {})

    def filled(text: str) -> str:
        for tag, value in fills.items():
            text = text.replace(tag, value)
        return text

    mail = EmailMessage(policy=email.policy.SMTP.clone(max_line_length=998))
    mail["From"] = formataddr((said["from"].get("name", ""), said["from"]["email"]))
    mail["To"] = ", ".join(to["email"] for to in one["to"])
    mail["Subject"] = filled(said["subject"])
    if "reply_to" in said:
        mail["Reply-To"] = said["reply_to"]["email"]
    for name, value in (said.get("headers", {}) | one.get("headers", {})).items():
        mail[name] = value
    text, html = said["content"]
    mail.set_content(filled(text["value"]), cte="quoted-printable")
    mail.add_alternative(filled(html["value"]), subtype="html", cte="quoted-printable")
    for paper in said.get("attachments", []):
        main, sub = paper["type"].split("/")
        content = b64decode(paper["content"])
        mail.add_attachment(content, maintype=main, subtype=sub, filename=paper["filename"])
    return mail.as_bytes()


@contextmanager
def carrier(name: str, settings: Any, folder: Path) -> Iterator[Harness]:
    """The world of a sender of settings.MAIL_SENDERS."""
    settings.MAIL_SENDER = settings.APPEAL_SENDER = name
    if name == "file":
        settings.MAIL_DIR = folder / "sent"
        yield FileHarness(settings.MAIL_DIR)
    elif name == "smtp":
        with smtp_stand_in.running() as server:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
            settings.EMAIL_USE_TLS = False
            settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
            settings.EMAIL_TIMEOUT = 2
            yield SmtpHarness(server)
    elif name == "sendgrid":
        with http_stand_in.running() as server:
            settings.SENDGRID_HOST, settings.SENDGRID_API_KEY = server.url, "key-of-a-test"
            yield SendGridHarness(server)
    else:
        pytest.fail(f"{name} has no harness: write one in {__file__}")
