"""`manage.py treasury import FILE…`: any file of a bank's is recognised, read and booked."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fundraise.reconciliation import inbox
from fundraise.reconciliation.formats.reasons import reason
from fundraise.reconciliation.inbox.storing import LARGEST
from fundraise.reconciliation.models import BankAccount, StatementFile

REFUSED = StatementFile.State.REFUSED


class Command(BaseCommand):
    help = "Take in files of a bank's, whatever they are, and book what is new in them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        importing = commands.add_parser("import", help="camt, CSV, Swish, BgMax, autogiro, Stripe")
        importing.add_argument("files", nargs="+", type=Path)
        importing.add_argument("--json", action="store_true", help="one JSON object per file")
        importing.add_argument("--preview", action="store_true", help="look, and book nothing")
        importing.add_argument("--account", help="the account (its ref) of files that name none")
        importing.add_argument("--by", default="", help="whose log-in stands in the log")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = [path for path in options["files"] if not self._import(path, options)]
        if wrong:
            sys.exit(1)

    def _import(self, path: Path, options: dict[str, Any]) -> bool:
        by = f"staff:{options['by']}" if options["by"] else "system:command"
        try:
            content = _content(path)
            file = inbox.take_in(
                content, by=by, name=path.name, via="command", account=_account(options["account"])
            )
            if file.state == StatementFile.State.READ and not options["preview"]:
                inbox.book(file.pk, by=by)
                file.refresh_from_db(fields=["state", "booked_at"])
        except inbox.InboxError as error:
            self._say(path, {"file": str(path), "state": "refused", "reason": error.code}, options)
            return False
        self._say(path, _told(path, inbox.look(file)), options)
        return file.state != REFUSED

    def _say(self, path: Path, told: dict[str, Any], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        if told["state"] == REFUSED:
            self.stderr.write(f"{path}: refused at {told.get('at') or '–'}: {told['reason']}")
            return
        self.stdout.write(
            f"{path}: {told['kind']}, {told['state']}: {told['new_lines']} new lines,"
            f" {told['known_lines']} known; {told['matched']} matched, {told['suggested']}"
            f" suggested, {told['unknown']} unknown"
        )
        for gap in told["gaps"]:
            self.stderr.write(f"{path}: a statement is missing before {gap['from_day']}")


def _told(path: Path, seen: inbox.Preview) -> dict[str, Any]:
    """The stable form: documented in docs/commands.md."""
    file = seen.file
    said = {
        "file": str(path),
        "ref": str(file.ref),
        "state": file.state,
        "kind": file.kind,
        "importer": file.importer,
        "reason": reason(file.reason, dict(file.facts)) if file.state == REFUSED else "",
        "code": file.reason,
        "at": file.at,
    }
    counts = {
        name: getattr(seen, name)
        for name in (
            "new_lines", "known_lines", "new_items", "known_items", "in_ore", "out_ore", "matched",
            "suggested", "unknown", "waiting",
        )
    }  # fmt: skip
    statements = [
        {
            "account": part.account_ref,
            "from_day": part.from_day.isoformat(),
            "to_day": part.to_day.isoformat(),
            "opening_ore": part.opening_ore,
            "closing_ore": part.closing_ore,
            "gap_ore": part.gap_ore,
        }
        for part in seen.parts
    ]
    gaps = [one for one in statements if one["gap_ore"]]
    return {**said, **counts, "statements": statements, "gaps": gaps}


def _account(ref: str | None) -> BankAccount | None:
    if not ref:
        return None
    found = BankAccount.objects.filter(ref=ref).first()
    if found is None:
        raise CommandError(f"no bank account has the ref {ref}")
    return found


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise CommandError(f"{path} is larger than {LARGEST // 1_000_000} MB")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
