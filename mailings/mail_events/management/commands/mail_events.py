from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count

from mailings.mail_events import arrivals, doubts, taking
from mailings.mail_events.models import EventPost


class Command(BaseCommand):
    help = "Works on what came back about mails now; --retry takes parked posts up again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry", action="store_true", help="parked posts too")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["retry"]:
            self.stdout.write(f"taken up again: {taking.retry_parked()}")
        counts = taking.take_waiting()
        counts["judged"] = arrivals.judge_waiting()
        counts["settled"] = doubts.settle_mails()
        for name, number in counts.items():
            self.stdout.write(f"{name}: {number}")
        for state, number in EventPost.objects.values_list("state").annotate(Count("pk")):
            self.stdout.write(f"posts {state}: {number}")
