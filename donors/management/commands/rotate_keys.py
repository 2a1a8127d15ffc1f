"""`manage.py rotate_keys`: move all that is sealed to the current field and look-up keys."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from donors import sealed_rotation
from donors import services as donors
from fundraise.staff import rotation as staff


class Command(BaseCommand):
    help = "Wraps keys and sealed bodies, and makes hashes anew, under the current keys; resumable."

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
        self._hashes(options["batch"])
        if self._bodies(options["batch"]):
            raise CommandError("sealed bodies can't be read; keep the older keys set")
        if unreadable:
            raise CommandError(f"{unreadable} donors can't be read; keep the older keys set")
        self.stdout.write(f"done: {moved} donors moved; no row needs an older key")

    def _hashes(self, batch: int) -> None:
        """Keyed hashes of the packages above; what nothing is left to make anew from stays."""
        for path in settings.KEYED_HASHES:
            moved, left = import_string(path)(batch)
            what = path.rpartition(".")[2].removeprefix("rotate_")
            if moved or left:
                self.stdout.write(f"{moved} {what} moved, {left} stay under an older look-up key")

    def _bodies(self, batch: int) -> int:
        """Sealed bodies; how many can't be read. Rows are named by number, never by content."""
        done = sealed_rotation.rotate_bodies(batch=batch)
        for field in done:
            if field.moved:
                self.stdout.write(f"{field.moved} moved of {field.name}")
            for pk in field.unreadable:
                self.stderr.write(f"{field.name} of row {pk} can't be read")
        return sum(len(field.unreadable) for field in done)
