"""`manage.py restore FOLDER KEYS_FOLDER [--into URL]`: into an empty database only."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fundraise.ops.backup import inside, restore, take
from fundraise.ops.backup.errors import BackupError, Unfinished
from fundraise.ops.backup.programs import Server
from fundraise.ops.backup.restore import Restored


def _may_forget(allowed: int | None) -> restore.MayForget:
    """A few go without a word; of more a person writes the number, here or on the command line."""

    def may(without: int, known: int) -> bool:
        if allowed is not None:
            return without <= allowed
        return restore.few(without, known) or _agreed(without, known)

    return may


def _agreed(without: int, known: int) -> bool:
    asked = (
        f"{without} of {known} donors have no key in this key table and would be forgotten for"
        f" good. Write {without} if so many have asked for it since: "
    )
    try:
        return input(asked).strip() == str(without)
    except EOFError:  # nobody is there to answer
        return False


class Command(BaseCommand):
    help = "Restore a backup into an empty database and prove that it is the same."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="one ordinary backup")
        parser.add_argument("keys_folder", nargs="?", type=Path, help="the newest key table")
        parser.add_argument("--into", help="URL of the owner's role; else the settings' database")
        parser.add_argument("--here", metavar="NAME", help="yes, into the settings' database NAME")
        parser.add_argument("--older-keys", action="store_true", help="there is no newer key table")
        parser.add_argument("--changed-since", action="store_true", help="the house moved since")
        parser.add_argument("--may-forget", type=int, metavar="N", help="so many may go")
        parser.add_argument("--media", type=Path, help="where the pictures go; else our folder")
        parser.add_argument("--inside", action="store_true", help=SUPPRESS)
        parser.add_argument("--forget", action="store_true", help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["inside"]:
            self._inside(forget=options["forget"])
            return
        if options["folder"] is None or options["keys_folder"] is None:
            raise CommandError("Name the folder of one ordinary backup and that of a key table.")
        try:
            into, media = self._target(options)
            older = options["older_keys"]
            changed = options["changed_since"]
            backup = restore.read(
                options["folder"], options["keys_folder"], older_keys=older, changed=changed
            )
            may = _may_forget(options["may_forget"])
            found = restore.restore(backup, into, media=media, may_forget=may)
        except Unfinished as error:
            raise CommandError(
                f"{error}\n{into.shown()} is not whole: drop it and begin again in an empty one."
            ) from None
        except BackupError as error:
            raise CommandError(str(error)) from None
        self._tell(into, found)

    def _inside(self, *, forget: bool) -> None:
        try:
            self.stdout.write(inside.settle(forget=forget))
        except BackupError as error:
            raise CommandError(str(error)) from None

    def _target(self, options: dict[str, Any]) -> tuple[Server, Path | None]:
        """The database to fill. Our own must be named twice: by leaving --into out, and --here."""
        own = Server(settings.DATABASE_OWNER_URL).with_database(take.source().name)
        into = Server(options["into"]) if options["into"] else own
        is_own = (into.conninfo().split(" "), into.name) == (own.conninfo().split(" "), own.name)
        media = options["media"] or (Path(settings.MEDIA_ROOT) if is_own else None)
        if not is_own or options["here"] == own.name:
            return into, media
        asked = f"This is the database of the settings. Write its name ({own.name}) to fill it: "
        if options["here"] is not None or input(asked).strip() != own.name:
            raise CommandError("Nothing was changed.")
        return into, media

    def _tell(self, into: Server, found: Restored) -> None:
        told = found.told
        self.stdout.write(f"{into.shown()}: {found.rows} rows came back.")
        if told.forgotten:
            self.stdout.write(f"{told.forgotten} donors forgotten since the backup stay forgotten.")
        if told.doubted:
            self.stdout.write(f"{told.doubted} mails may have left since: manage.py mail_doubts.")
        if told.held:
            self.stdout.write(
                f"{told.held} appeals and journeys may have mailed since: each waits for a person."
            )
        if not found.equal:
            raise CommandError("Not what was taken: " + "; ".join(found.differences))
        self.stdout.write(
            "The books are those of the backup"
            + (" and agree." if told.holds else ", which did not agree then either.")
        )
        self.stdout.write(
            "This copy neither charges nor mails. When the old one has been stopped:"
            " manage.py seal_environment."
        )
