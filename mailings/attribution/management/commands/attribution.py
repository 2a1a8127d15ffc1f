from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from mailings.attribution import counting


class Command(BaseCommand):
    help = "Counts every gift and pledge to its appeal anew; says how many were not as they should."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"changed: {counting.rebuild()}")
