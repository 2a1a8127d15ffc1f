"""Put the events that were given up back in line."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from fundraise.outbox import services


class Command(BaseCommand):
    help = "Puts outbox events that were given up back in line, once their cause is mended."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{services.retry_failed()} events are tried again.")
