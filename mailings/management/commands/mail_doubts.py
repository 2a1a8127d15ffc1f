"""Mails of which nobody knows whether they left, and those that were given up."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mailings import transactional
from mailings.models import TransactionalMessage


class Command(BaseCommand):
    help = (
        "Lists mails in doubt; --left ID says that one was delivered, --again ID sends it again,"
        " --retry-failed puts those that were given up back in line."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--left", type=int, metavar="ID", help="it was delivered")
        one.add_argument("--again", type=int, metavar="ID", help="it was not: send it again")
        one.add_argument("--retry-failed", action="store_true", help="after the cause is mended")
        parser.add_argument("--by", default="command", help="who says so")

    def handle(self, *args: Any, **options: Any) -> None:
        by: str = options["by"]
        if options["retry_failed"]:
            self.stdout.write(f"{transactional.retry_failed(by=by)} mails are tried again.")
        elif options["left"] is not None:
            self._settle(options["left"], left=True, by=by)
        elif options["again"] is not None:
            self._settle(options["again"], left=False, by=by)
        else:
            self._list()

    def _settle(self, pk: int, *, left: bool, by: str) -> None:
        if not transactional.settle(pk, left=left, by=by):
            raise CommandError(f"{pk} is not in doubt.")
        self.stdout.write(f"{pk} is settled.")

    def _list(self) -> None:
        rows = TransactionalMessage.objects.filter(state=transactional.State.IN_DOUBT)
        for row in rows.order_by("pk"):
            self.stdout.write(
                f"{row.pk} {row.kind} {row.subject_ref} {row.message_id}"
                f" {row.claimed_at:%Y-%m-%d %H:%M} UTC {row.last_error}"
            )
        self.stdout.write(f"{rows.count()} in doubt.")
