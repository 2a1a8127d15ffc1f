"""The party of tests/pledging.py with its post: facts are delivered, mails leave into a folder."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

from fundraise.outbox import tasks as outbox
from fundraise.outbox.models import OutboxEvent
from mailings import tasks
from mailings.models import TransactionalMessage
from tests.pledging import House

OURS = "mailings.monthly."


class Posting(House):
    """Notices leave by mail here, not by hand."""

    folder: Path

    def tell(self) -> None:
        """Deliver what waits, and what follows from it."""
        for _time in range(3):  # a notice is a fact, its mail another, its proof a third
            outbox.sweep()
            tasks.sweep()

    def replay(self) -> None:
        """Every fact that mails is told once more."""
        OutboxEvent.objects.filter(subscriber__startswith=OURS).update(
            state="new", done_at=None, tries=0
        )
        self.tell()

    def kinds(self) -> list[str]:
        """The mails that have been prepared, in order."""
        rows = TransactionalMessage.objects.order_by("pk")
        return list(rows.values_list("kind", flat=True))

    def mails(self) -> list[EmailMessage]:
        """What lies in the folder, in the order of preparing."""
        rows = TransactionalMessage.objects.filter(state="sent").order_by("pk")
        names = [row.message_id.partition("@")[0] for row in rows]
        return [_read(self.folder / f"{name}.eml") for name in names]

    def last(self) -> tuple[str, str]:
        """Subject and words of the newest mail."""
        mail = self.mails()[-1]
        return str(mail["Subject"]).strip(), words(mail)


def words(mail: EmailMessage) -> str:
    """The text part, with narrow spaces as spaces."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\u202f", " ")


def _read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
