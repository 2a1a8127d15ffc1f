"""`manage.py autogiro read|seal|verify`: Bankgirot's files without a database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fundraise import clock
from fundraise.providers.autogiro import files, seal, shown
from fundraise.providers.autogiro.errors import FormatError

LARGEST = 200_000_000


class Command(BaseCommand):
    help = "Read, seal and verify files of Bankgirot (autogiro and BgMax). Changes nothing of ours."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        reading = commands.add_parser("read", help="any file, to and from Bankgirot")
        reading.add_argument("files", nargs="+", type=Path)
        reading.add_argument("--json", action="store_true", help="one JSON object per line")
        sealing = commands.add_parser("seal", help="put the HMAC seal around a file")
        sealing.add_argument("file", type=Path)
        sealing.add_argument("--out", type=Path, help="where to (else beside it, .sealed)")
        sealing.add_argument("--on", type=date.fromisoformat, help="the day of sealing (today)")
        verifying = commands.add_parser("verify", help="is a file's seal right")
        verifying.add_argument("file", type=Path)
        for one in (sealing, verifying):
            one.add_argument("--test-key", action="store_true", help="Bankgirot's key for tests")

    def handle(self, *args: Any, **options: Any) -> None:
        {"read": self._read, "seal": self._seal, "verify": self._verify}[options["what"]](options)

    def _read(self, options: dict[str, Any]) -> None:
        wrong = [path for path in options["files"] if not self._read_one(path, options["json"])]
        if wrong:
            sys.exit(1)

    def _read_one(self, path: Path, as_json: bool) -> bool:
        try:
            file = files.read(_content(path))
        except FormatError as error:
            remark = shown.remark_json(error.remark)
            if as_json:
                self.stdout.write(json.dumps({"file": str(path), "error": remark}))
            else:
                self.stderr.write(f"{path}: {error}")
            return False
        if as_json:
            said = {"file": str(path), **shown.as_json(file)}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            self._print(path, file)
        return True

    def _print(self, path: Path, file: files.File) -> None:
        records = sum(1 for _line in file.lines)
        self.stdout.write(
            f"{path}: {file.kind.name}, {len(file.sections)} sections, {records} records"
        )
        for remark in file.remarks:
            self.stdout.write(f"  {remark}")

    def _seal(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        out: Path = options["out"] or path.with_suffix(path.suffix + ".sealed")
        try:
            content = _content(path)
            files.read(content)
            sealed = seal.seal(content, _key(options), options["on"] or clock.today())
        except FormatError as error:
            raise CommandError(f"{path}: {error}") from None
        try:
            with out.open("xb") as target:
                target.write(sealed)
        except FileExistsError:
            raise CommandError(f"{out} is there already; name another with --out") from None
        self.stdout.write(f"{out}: sealed, KVV {seal.kvv(_key(options))}")

    def _verify(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        try:
            found = seal.verify(_content(path), _key(options))
        except FormatError as error:
            raise CommandError(f"{path}: {error}") from None
        self.stdout.write(f"{path}: the seal is right (sealed {found.sealed_on}, KVV {found.kvv})")


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise CommandError(f"{path} is larger than {LARGEST // 1_000_000} MB")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None


def _key(options: dict[str, Any]) -> bytes:
    text = seal.TEST_KEY if options["test_key"] else settings.AUTOGIRO_SEAL_KEY
    if not text:
        raise CommandError("AUTOGIRO_SEAL_KEY is not set; --test-key takes Bankgirot's test key")
    try:
        return seal.key_of(text)
    except ValueError as error:
        raise CommandError(f"AUTOGIRO_SEAL_KEY: {error}") from None
