"""`manage.py backup --to FOLDER --keys-to FOLDER [--keep N] [--try]`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fundraise.jobs import services as jobs
from fundraise.ops.backup import retention, take, trial
from fundraise.ops.backup.errors import BackupError
from fundraise.ops.backup.programs import Server

BY = "system:backup"


class Command(BaseCommand):
    help = "Back the database and the pictures up; the key table into a folder apart."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", default=settings.BACKUP_DIR, help="else BACKUP_DIR")
        parser.add_argument("--keys-to", default=settings.BACKUP_KEYS_DIR, help="else …KEYS_DIR")
        parser.add_argument("--keep", type=int, default=0, help="days of ordinary backups to keep")
        parser.add_argument("--try", action="store_true", dest="tried", help="and restore it")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["to"] or not options["keys_to"]:
            raise CommandError("Name two folders: --to and --keys-to, or set both in settings.")
        to, keys_to = Path(options["to"]), Path(options["keys_to"])
        try:
            with jobs.record_run("backup") as counts:
                taken = take.take(to, keys_to)
                counts["rows"] = sum(taken.manifest.rows.values())
                counts["pictures"] = taken.pictures
            self.stdout.write(f"Ordinary backup: {taken.ordinary}\nKey table:       {taken.keys}")
            if options["tried"]:
                self._try(taken)
        except BackupError as error:
            raise CommandError(str(error)) from None
        if options["keep"] > 0:
            gone = retention.prune_ordinary(to, options["keep"]) + retention.prune_keys(keys_to)
            self.stdout.write(f"{gone} old ones removed.")

    def _try(self, taken: take.Taken) -> None:
        owner = Server(settings.DATABASE_OWNER_URL).with_database(take.source().name)
        tried = trial.attempt(taken.ordinary, taken.keys, owner=owner, by=BY)
        if tried.differences:
            raise CommandError("Not the same: " + "; ".join(tried.differences))
        one = tried.record
        self.stdout.write(
            f"Restored beside the house in {one.seconds} s: {one.tables} tables, {one.rows} rows"
            f" and {one.checks} identities of the books are the same."
        )
