"""`manage.py rotate_keys`: move donors to the current field and look-up keys."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from donors import services as donors


class Command(BaseCommand):
    help = "Re-wraps donor keys and makes look-up hashes anew under the current keys; resumable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="donors between progress lines")

    def handle(self, *args: Any, **options: Any) -> None:
        moved, unreadable, after = 0, 0, 0
        while True:
            rotation = donors.rotate_keys(batch=options["batch"], after=after)
            if rotation.last is None:
                break
            moved, after = moved + rotation.moved, rotation.last
            unreadable += len(rotation.unreadable)
            self.stdout.write(f"{moved} donors moved, last id {after}")
            for donor_id in rotation.unreadable:
                self.stderr.write(f"donor {donor_id} can't be read: its key is missing or unknown")
        if unreadable:
            raise CommandError(f"{unreadable} donors can't be read; keep the older keys set")
        self.stdout.write(f"done: {moved} donors moved; no row needs an older key")
