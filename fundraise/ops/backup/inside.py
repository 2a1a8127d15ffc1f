"""What is done in the restored database, by a process that has it as its own.

The copy can't charge or mail: its seal is broken. It may be older than the world, so a mail that
waited when it was taken may have left since, and so may an appeal: nobody sends it again unasked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef

from donors import keys
from donors import services as donors
from donors.models import Donor, DonorKey
from fundraise import clock, crypto, seal
from fundraise.ledger import proving
from fundraise.ops.backup import figures, programs
from fundraise.ops.backup.errors import BackupError
from fundraise.ops.backup.programs import Server
from mailings import transactional
from mailings.appeals.services import restoring
from mailings.journeys import services as journeys

BY = "system:restore"
REASON = "forgotten after the backup was taken"
TRIED = 200
MARK = "FUNDRAISE_RESTORES"  # set by run(): so that nobody breaks the seal of the house itself


@dataclass(frozen=True)
class Told:
    """What the restored database says of itself."""

    books: dict[str, object]
    heads: dict[str, list[str]]
    forgotten: int
    doubted: int
    unread: int = 0
    held: int = 0  # appeals and journeys that go on only when somebody says so

    @property
    def holds(self) -> bool:
        return bool(self.books.get("ok"))


def run(into: Server, *, app: Server, forget: bool) -> Told:
    """Migrate the restored database as its owner, then look and settle as the app."""
    environ = _environment(into, app)
    _manage(environ, "migrate", "--verbosity=0", "--no-input")
    said = _manage(environ, "restore", "--inside", *(["--forget"] if forget else []))
    return Told(**json.loads(said.splitlines()[-1]))


def settle(*, forget: bool) -> str:
    """In that process: try the keys, prove, forget, doubt. Returns JSON for the caller."""
    if os.environ.get(MARK) != connection.settings_dict["NAME"]:
        raise BackupError("`--inside` is for the restore itself. Nothing was changed.")
    seal.break_()
    unread = _unread()
    if unread and forget:
        # No apostrophe: this process's words are filtered on their way out, quoted ones go.
        raise BackupError(
            f"{unread} donors of those tried cannot be read: this key table is not of this house,"
            " or of another time of it. Nobody was forgotten. Take the one with the backup name."
        )
    books, heads = proving.prove().as_json(), figures.heads()
    forgotten = _forget_those_without_a_key() if forget else 0
    doubted = transactional.doubt_what_waits(by=BY)
    held = restoring.hold(by=BY) + journeys.stand_still(by=BY, now=clock.real_now())
    told = Told(books, heads, forgotten, doubted, unread, held)
    return json.dumps(asdict(told), ensure_ascii=False)


def _unread() -> int:
    """How many of some donors, taken at random, have a key that is not theirs."""
    has_key = Exists(DonorKey.objects.filter(donor_id=OuterRef("pk")))
    known = Donor.objects.exclude(status=Donor.Status.ERASED).filter(has_key)
    return sum(not _opens(donor) for donor in known.only("pk", "ref").order_by("?")[:TRIED])


def _opens(donor: Donor) -> bool:
    try:
        keys.data_key_of(donor)
    except crypto.CryptoError:
        return False
    return True


def _forget_those_without_a_key() -> int:
    """Donors forgotten since the backup: their key is gone for good, so the rest goes too."""
    has_key = Exists(DonorKey.objects.filter(donor_id=OuterRef("pk")))
    known = Donor.objects.exclude(status=Donor.Status.ERASED).filter(~has_key)
    refs = list(known.values_list("ref", flat=True))
    return sum(donors.forget_donor(donor_ref=ref, by=BY, reason=REASON) for ref in refs)


def _environment(into: Server, app: Server) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    return {
        **given,
        "FUNDRAISE_MODE": settings.MODE,
        "FUNDRAISE_DATA_DIR": str(settings.DATA_DIR),
        "FUNDRAISE_BASE_URL": settings.BASE_URL,
        "DATABASE_URL": app.url,
        "DATABASE_OWNER_URL": into.url,
        MARK: into.name,
    }


def _manage(environ: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *words],
        env=environ,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = programs.told(done.stderr, last=1)
        raise BackupError(f"In the restored database `{words[0]}` failed: {last}")
    return done.stdout
