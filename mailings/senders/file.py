"""Mail as files, for the demo and for tests: one .eml per message id."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.core.mail import BadHeaderError

from mailings.senders.base import Mail, Outcome, SendError, SendResult


class FileSender:
    """Writes into settings.MAIL_DIR; the message id is the file's name, so twice is once."""

    name: ClassVar[str] = "file"
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


def _folder() -> Path:
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
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
