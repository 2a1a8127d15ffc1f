"""An ordinary backup holds no key, and the key table alone holds no person."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from django.db import connection

from donors.models import Donor
from tests import servers
from tests.donors.test_secrecy import PLANTED, plant

pytestmark = pytest.mark.django_db(transaction=True)
MANUAL = Path(__file__).parents[2] / "docs" / "personal-data.md"
EXCLUDE = "--exclude-table-data=keyring_donor_key"


def dump(*options: str) -> str:
    """The database as pg_dump writes it, as the owner."""
    from fundraise.local import postgres_files
    from fundraise.local.places import server_account

    program = postgres_files.binaries(server_account()) / "pg_dump"
    name = str(connection.settings_dict["NAME"])
    done = subprocess.run(
        [program, *options, servers.url_of(name, "DATABASE_OWNER_URL")],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    )
    return done.stdout


def rows_of(table: str, text: str) -> list[str]:
    _before, _copy, after = text.partition(f"COPY public.{table} ")
    return after.partition("\n\\.\n")[0].splitlines()[1:]


def test_the_backup_of_the_manual_brings_the_donors_and_not_their_keys() -> None:
    donor = plant()
    text = dump(EXCLUDE)
    assert EXCLUDE in MANUAL.read_text(encoding="utf-8")
    assert len(rows_of("donors_donor", text)) == Donor.objects.count() == 1
    assert str(donor.ref) in text
    assert rows_of("keyring_donor_key", text) == []


def test_the_backup_of_the_keys_holds_nothing_of_a_person() -> None:
    plant()
    text = dump("--data-only", "--table=keyring_donor_key")
    assert len(rows_of("keyring_donor_key", text)) == 1
    assert [word for word in PLANTED if word.lower() in text.lower()] == []
