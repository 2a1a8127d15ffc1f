"""Ticked on the form, and confirmed by a link in the mailbox: GET shows a button, POST signs."""

from __future__ import annotations

from typing import ClassVar

from fundraise.providers.signing import WAITING, Asked, Progress
from mailings.monthly import sign_link


class MailLink:
    """Mails the link once per mandate; whoever opens it and presses the button has signed."""

    way: ClassVar[str] = "mail_link"
    begins_later: ClassVar[bool] = False

    def begin(self, asked: Asked) -> Progress:
        sign_link.ask(asked.mandate.pk)
        return Progress(WAITING, hint="mail")

    def collect(self, asked: Asked, order: str) -> Progress:
        return Progress(WAITING, hint="mail")

    def code(self, asked: Asked, order: str) -> str:
        return ""
