"""`manage.py rotate_keys`: move donors and staff log-ins to the current field and look-up keys."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from donors import services as donors
from fundraise.staff import rotation as staff


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
        log_ins, lost = staff.rotate()
        self.stdout.write(f"{log_ins} secrets of staff log-ins moved")
        if lost:
            raise CommandError(
                f"the second factors of {len(lost)} staff can't be read; keep the older keys set"
            )
        if unreadable:
            raise CommandError(f"{unreadable} donors can't be read; keep the older keys set")
        self.stdout.write(f"done: {moved} donors moved; no row needs an older key")
