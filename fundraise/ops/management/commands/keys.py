"""`manage.py keys [--file FILE]`: the fingerprints of keys, which show nothing of them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fundraise import crypto
from fundraise.env import SettingError


class Command(BaseCommand):
    help = "Print the fingerprints of this installation's keys, or of those in a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--file", help="id:base64 as in the settings, a line or comma each; - reads"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"]:
            for text in self._texts(options["file"]):
                self.stdout.write(self._print_of(text))
            return
        for name, prints in crypto.fingerprints().items():
            for one in prints:
                self.stdout.write(f"{one}  FUNDRAISE_{name}")

    def _texts(self, name: str) -> list[str]:
        try:
            read = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            raise CommandError(f"{name} can't be read as keys.") from None
        return [part.strip() for part in read.replace(",", "\n").splitlines() if part.strip()]

    def _print_of(self, text: str) -> str:
        try:
            return crypto.fingerprint(crypto.read_key("The file", text))
        except SettingError as error:
            raise CommandError(str(error)) from None
