"""A backup comes back as it was, charges and mails nobody, and brings back no forgotten donor."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from donors import services as donors
from donors.models import ContactPoint, Donor, DonorKey
from fundraise import seal
from fundraise.gifts.models import Gift
from fundraise.ops import proof
from fundraise.ops.backup import manifest, restore
from fundraise.ops.backup.errors import BackupError
from mailings import transactional
from mailings.models import TransactionalMessage
from tests.donors.givers import BY, register
from tests.ops.backup.house import (
    PICTURE,
    back_up,
    empty_database,
    furnish,
    looking_at,
    said,
    tables,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_backup_comes_back_as_it_was_by_the_two_commands(tmp_path: Path, settings: Any) -> None:
    furnish()
    before = proof.prove().as_json()["checks"]
    told = said("backup", f"--to={tmp_path / 'a'}", f"--keys-to={tmp_path / 'b'}")
    ordinary, keys = [line.split()[-1] for line in told.splitlines()]
    with empty_database() as place:
        media = tmp_path / "pictures"
        told = said("restore", ordinary, keys, f"--into={place.url}", f"--media={media}")
        assert "The books are those of the backup and agree." in told
        with looking_at(place):
            assert proof.prove().as_json()["checks"] == before
            assert donors.read_card(donor_ref=Donor.objects.get().ref, by=BY, purpose="test")
            with pytest.raises(DatabaseError, match="permission denied"):
                connection.cursor().execute("UPDATE ledger_entry SET amount_ore = 1")
    assert (media / "0123abcd.webp").read_bytes() == PICTURE


def test_a_restored_copy_neither_charges_nor_mails_until_it_is_sealed(
    tmp_path: Path, settings: Any
) -> None:
    furnish()
    settings.MODE, settings.BASE_URL = "test", "https://ge.example"
    seal.seal()
    taken = back_up(tmp_path)
    with empty_database() as place:
        restore.restore(restore.read(taken.ordinary, taken.keys), place)
        with looking_at(place):
            with pytest.raises(seal.SealBroken, match="not sealed"):
                seal.check()
            assert transactional.may_send() is False
            call_command("seal_environment", "--yes", stdout=io.StringIO())
            seal.check()
    seal.check()  # the house itself went on all the while


def test_a_donor_forgotten_since_stays_forgotten(tmp_path: Path) -> None:
    furnish()
    anna = register()
    older = back_up(tmp_path / "monday")
    donors.forget_donor(donor_ref=anna.ref, by=BY, reason="asked")
    bo = register("Bo", email="bo@example.se")  # came after the ordinary backup
    newer = back_up(tmp_path / "tuesday")
    with empty_database() as place:
        found = restore.restore(restore.read(older.ordinary, newer.keys), place)
        assert (found.differences, found.told.forgotten) == ([], 1)
        with looking_at(place):
            gone = Donor.objects.get(ref=anna.ref)
            assert (gone.status, gone.name_sealed) == (Donor.Status.ERASED, None)
            assert ContactPoint.objects.filter(donor=gone).count() == 0
            assert not Donor.objects.filter(ref=bo.ref).exists()
            assert DonorKey.objects.count() == 1  # the one planted: no key without its donor


def test_a_mail_that_waited_is_doubted_and_not_sent_again(tmp_path: Path) -> None:
    furnish()
    mail = transactional.prepare(
        "receipt", "r-9", to="a@example.se", language="sv", subject="s", html="h", text="t"
    )
    taken = back_up(tmp_path)
    with empty_database() as place:
        found = restore.restore(restore.read(taken.ordinary, taken.keys), place)
        assert found.told.doubted == 1
        with looking_at(place):
            seal.seal()
            assert transactional.send(mail.pk) is False
            again = TransactionalMessage.objects.get(pk=mail.pk)
            assert (again.state, again.settled_by) == ("in_doubt", "system:restore")
    assert TransactionalMessage.objects.get(pk=mail.pk).state == "prepared"


@pytest.mark.parametrize("part", ["ordinary", "keys"])
def test_a_broken_dump_is_refused_before_anything_is_touched(tmp_path: Path, part: str) -> None:
    furnish()
    taken = back_up(tmp_path)
    folder = getattr(taken, part)
    dump = folder / manifest.FILE_OF[part]
    dump.write_bytes(dump.read_bytes() + b"!")
    with empty_database() as place:
        with pytest.raises(CommandError, match="is not as it was written: its digest differs"):
            said("restore", str(taken.ordinary), str(taken.keys), f"--into={place.url}")
        assert tables(place) == 0


def test_a_database_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    furnish()
    taken = back_up(tmp_path)
    with empty_database() as place:
        with psycopg.connect(place.conninfo(), autocommit=True) as other:
            other.execute("CREATE TABLE somebodys (thing int)")
        with pytest.raises(CommandError, match="is not empty"):
            said("restore", str(taken.ordinary), str(taken.keys), f"--into={place.url}")
        assert tables(place) == 1


def test_the_houses_own_database_must_be_named_twice(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish()
    taken = back_up(tmp_path)
    monkeypatch.setattr("builtins.input", lambda _question: "yes")
    gifts = Gift.objects.count()
    for words in ([], ["--here=another"]):
        with pytest.raises(CommandError, match="Nothing was changed"):
            said("restore", str(taken.ordinary), str(taken.keys), *words)
    name = str(connection.settings_dict["NAME"])
    with pytest.raises(CommandError, match="is not empty"):
        said("restore", str(taken.ordinary), str(taken.keys), f"--here={name}")
    assert Gift.objects.count() == gifts == 6


def test_older_keys_newer_code_and_other_field_keys_are_refused(
    tmp_path: Path, settings: Any
) -> None:
    furnish()
    older = back_up(tmp_path / "monday")
    newer = back_up(tmp_path / "tuesday")
    with pytest.raises(BackupError, match="key table is older"):
        restore.read(newer.ordinary, older.keys)
    assert restore.read(newer.ordinary, older.keys, older_keys=True).keys_are_newer is False
    rewrite(older.ordinary, migrations=["ops.9999_from_the_future"])
    with pytest.raises(BackupError, match="of newer code"):
        restore.read(older.ordinary, newer.keys)
    rewrite(newer.ordinary, keys={"FIELD_KEYS": ["k9:0123456789abcdef"], "LOOKUP_KEYS": []})
    with pytest.raises(BackupError, match=r"does not hold the key.*k9:0123456789abcdef"):
        restore.read(newer.ordinary, newer.keys)


def rewrite(folder: Path, **fields: object) -> None:
    path = folder / manifest.NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def test_rows_that_did_not_come_back_are_told(tmp_path: Path) -> None:
    furnish()
    taken = back_up(tmp_path)
    rows = taken.manifest.rows | {"gifts_gift": 7}
    rewrite(taken.ordinary, rows=rows)
    seven = pytest.raises(CommandError, match="gifts_gift: 7 rows taken, 6 came back")
    with empty_database() as place, seven:
        said("restore", str(taken.ordinary), str(taken.keys), f"--into={place.url}")


def test_a_role_that_is_missing_is_asked_for_before_anything_is_filled(
    tmp_path: Path, settings: Any
) -> None:
    furnish()
    taken = back_up(tmp_path)
    settings.DATABASE_URL = settings.DATABASE_URL.replace("fundraise_app", "nobody_yet")
    with empty_database() as place:
        with pytest.raises(BackupError, match=r"The app's role is missing.*nobody_yet"):
            restore.restore(restore.read(taken.ordinary, taken.keys), place)
        assert tables(place) == 0


def test_the_step_inside_is_no_command_for_people() -> None:
    seal.seal()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", "--inside")
    assert seal.described() != "not sealed"
