"""Mail as files, for the demo and for tests: one .eml per message id."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.core.mail import BadHeaderError

from mailings.senders.base import (
    BulkError,
    BulkOutcome,
    BulkRequest,
    Mail,
    Outcome,
    SendError,
    SendResult,
)
from mailings.senders.rendering import rendered


class FileSender:
    """Writes into settings.MAIL_DIR; the message id is the file's name, so twice is once.

    An appeal's mails lie in a folder of their own, named by the request's key and a number.
    """

    name: ClassVar[str] = "file"
    most: ClassVar[int] = 1000
    recalls: ClassVar[bool] = False
    reports: ClassVar[bool] = False
    idempotent: ClassVar[bool] = True

    def send(self, mail: Mail) -> SendResult:
        try:
            content = mail.as_email().message().as_bytes()
        except (BadHeaderError, ValueError) as error:
            raise SendError("the mail can't be written", Outcome.REFUSED) from error
        try:
            return SendResult(_write(_folder() / _file_name(mail.message_id), content).name)
        except OSError as error:
            raise SendError(f"no file: {error.strerror}", Outcome.TRY_LATER) from error

    def post(self, request: BulkRequest) -> SendResult:
        if request.send_at is not None:
            raise ValueError("files are written at once")
        try:
            mails = [rendered(request, number) for number in range(len(request.people))]
        except ValueError as error:
            words = f"the mail can't be written: {type(error).__name__}"
            raise BulkError(BulkOutcome.REFUSED, words=words) from None
        try:
            for number, mail in enumerate(mails):
                _write(_folder("appeals") / _file_name(f"{request.key}-{number}"), mail)
        except OSError as error:
            # Those that are written are found by their names when the request comes again.
            raise BulkError(BulkOutcome.WAIT, words=f"no file: {error.strerror}") from error
        return SendResult(request.key)

    def new_recall_id(self) -> str:
        return ""

    def recall(self, recall_id: str) -> None:
        """Nothing waits."""


def _folder(inside: str = "") -> Path:
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder /= inside
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def _file_name(message_id: str) -> str:
    local = message_id.partition("@")[0]
    safe = local if local.replace("-", "").isalnum() else hashlib.sha256(local.encode()).hexdigest()
    return f"{safe}.eml"


def _write(path: Path, content: bytes) -> Path:
    if path.exists():
        return path
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=".half-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(scratch, path)  # whoever looks sees a whole mail or none
    return path
