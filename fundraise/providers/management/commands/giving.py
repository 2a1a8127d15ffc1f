"""Close and open card gifts from the command line, and see how the breakers stand."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fundraise.providers import pausing, standing
from fundraise.providers.models import Account


class Command(BaseCommand):
    help = "status: how card gifts stand; pause: close them, with a reason; resume: open them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("do", choices=["status", "pause", "resume"])
        parser.add_argument("--account", default="", help="PROVIDER/SLUG; all of the house without")
        parser.add_argument("--reason", default="", help="why they are closed; kept in the log")
        parser.add_argument("--by", default="system:command", help="who says so: staff:ID")

    def handle(self, *args: Any, **options: Any) -> None:
        account = _account(options["account"])
        if options["do"] == "pause":
            self._pause(account, options["reason"], options["by"])
        elif options["do"] == "resume":
            done = pausing.resume(account, by=options["by"])
            self.stdout.write("Card gifts are open." if done else "They were not closed.")
        self._status()

    def _pause(self, account: Account | None, reason: str, by: str) -> None:
        try:
            done = pausing.pause(account, reason=reason, by=by)
        except ValueError:
            raise CommandError("Say why, with --reason: it is kept in the log.") from None
        self.stdout.write("Card gifts are closed." if done else "They were closed before.")

    def _status(self) -> None:
        house = pausing.standing().filter(account=None).first()
        if house is not None:
            self.stdout.write(f"the whole house: closed since {house.paused_at:%Y-%m-%d %H:%M} UTC")
        for row in standing.now():
            words = ["closed" if row.is_closed else "open"]
            if row.asks_since is not None:
                words.append(f"asks for a proof since {row.asks_since:%Y-%m-%d %H:%M} UTC")
            seen = row.seen
            words.append(f"begun {seen.begun}, declined {seen.declined}, paid {seen.paid}")
            self.stdout.write(f"{row.account.provider}/{row.account.slug}: {'; '.join(words)}")


def _account(text: str) -> Account | None:
    if not text:
        return None
    provider, _sep, slug = text.partition("/")
    account = Account.objects.filter(provider=provider, slug=slug).first()
    if account is None:
        raise CommandError(f"There is no account {text}. Write it as stripe/demo.")
    return account
