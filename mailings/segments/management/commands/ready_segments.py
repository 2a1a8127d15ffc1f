"""`manage.py ready_segments`: makes the ready-made segments that are not there yet."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from mailings.segments import ready


class Command(BaseCommand):
    help = "Makes the ready-made segments that are missing; others stay as staff left them."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"segments made: {ready.ensure()}")
