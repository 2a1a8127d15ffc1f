"""A backup comes back as it was, charges and mails nobody, and brings back no forgotten donor."""

from __future__ import annotations

import base64
import io
import json
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from donors import keys
from donors import services as donors
from donors.models import ContactPoint, Donor, DonorKey
from fundraise import crypto, seal
from fundraise.gifts.models import Gift
from fundraise.ledger import proving
from fundraise.ops.backup import figures, inside, manifest, restore
from fundraise.ops.backup.errors import BackupError
from fundraise.ops.backup.programs import Server
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


@pytest.mark.long
def test_a_backup_comes_back_as_it_was_by_the_two_commands(
    tmp_path: Path, settings: Any, migrates: None
) -> None:
    furnish()
    before = proving.prove().as_json()["checks"]
    told = said("backup", f"--to={tmp_path / 'a'}", f"--keys-to={tmp_path / 'b'}")
    ordinary, keys = [line.split()[-1] for line in told.splitlines()]
    with empty_database() as place:
        media = tmp_path / "pictures"
        told = said("restore", ordinary, keys, f"--into={place.url}", f"--media={media}")
        assert "The books are those of the backup and agree." in told
        with looking_at(place):
            assert proving.prove().as_json()["checks"] == before
            assert donors.read_card(donor_ref=Donor.objects.get().ref, by=BY, purpose="test")
            with pytest.raises(DatabaseError, match="permission denied"):
                connection.cursor().execute("UPDATE ledger_entry SET amount_ore = 1")
    assert (media / "0123abcd.webp").read_bytes() == PICTURE


def test_a_restored_copy_neither_charges_nor_mails_until_it_is_sealed_nor_what_waited_ever(
    tmp_path: Path, settings: Any
) -> None:
    furnish()
    settings.MODE, settings.BASE_URL = "test", "https://ge.example"
    seal.seal()
    mail = transactional.prepare(
        "receipt", "r-9", to="a@example.se", language="sv", subject="s", html="h", text="t"
    )
    taken = back_up(tmp_path)
    with empty_database() as place:
        found = restore.restore(restore.read(taken.ordinary, taken.keys), place)
        assert found.told.doubted == 1
        with looking_at(place):
            with pytest.raises(seal.SealBroken, match="not sealed"):
                seal.check()
            assert transactional.may_send() is False
            call_command("seal_environment", "--yes", stdout=io.StringIO())
            seal.check()
            assert transactional.send(mail.pk) is False
            again = TransactionalMessage.objects.get(pk=mail.pk)
            assert (again.state, again.settled_by) == ("in_doubt", "system:restore")
    seal.check()  # the house itself went on all the while
    assert TransactionalMessage.objects.get(pk=mail.pk).state == "prepared"


@pytest.mark.parametrize("left_out", [["jobs_environmentseal"], []], ids=["new", "older"])
def test_a_restore_that_breaks_half_way_leaves_a_copy_without_a_seal(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, left_out: list[str]
) -> None:
    furnish()
    settings.MODE, settings.BASE_URL = "test", "https://ge.example"
    settings.BACKUP_LEAVES_OUT = left_out
    seal.seal()
    taken = back_up(tmp_path)

    def breaks(_environ: dict[str, str], *words: str) -> str:
        raise BackupError(f"`{words[0]}` failed")

    monkeypatch.setattr(inside, "_manage", breaks)
    with empty_database() as place:
        whole = "`migrate` failed\n.*is not whole: drop it and begin again"
        with pytest.raises(CommandError, match=whole):
            said("restore", str(taken.ordinary), str(taken.keys), f"--into={place.url}")
        assert (rows_in(place, "gifts_gift"), rows_in(place, "jobs_environmentseal")) == (6, 0)
    seal.check()


def rows_in(place: Server, table: str) -> int:
    return figures.rows_of(place)[table]


def test_what_a_failed_migration_quotes_of_a_row_is_not_told(
    migrates: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = (
        "Traceback (most recent call last):\n  File x\n"
        'psycopg.errors.UniqueViolation: could not create unique index "contact_once"\n'
        "DETAIL:  Key (email)=(anna@example.se) is duplicated.\n\nThe above exception\n\n"
        'Traceback (most recent call last):\n  File y, line 3\n    return run("Anna")\n'
        'django.db.utils.IntegrityError: could not create unique index "contact_once" of "Anna"\n'
        "DETAIL:  Key (name)=(Anna\nAndersson) is duplicated.\n"
    )
    done = subprocess.CompletedProcess([], 1, "", said)
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_named: done)
    with pytest.raises(BackupError) as told:
        inside._manage({}, "migrate")
    assert str(told.value) == (
        "In the restored database `migrate` failed: django.db.utils.IntegrityError: could not"
        ' create unique index "contact_once" of [removed]'
    )


def test_the_key_table_of_another_house_is_refused_before_anything_is_touched(
    tmp_path: Path,
) -> None:
    furnish()
    taken = back_up(tmp_path)
    rewrite(taken.keys, seal="test at https://prov.example")
    with pytest.raises(BackupError, match=r"of another house.*test at https://prov\.example"):
        restore.read(taken.ordinary, taken.keys)
    assert restore.read(taken.ordinary, taken.keys, changed=True).keys_are_newer is False
    rewrite(taken.keys, seal=taken.manifest.seal, keys={"FIELD_KEYS": ["k9:0123456789abcdef"]})
    with pytest.raises(BackupError, match=r"does not hold the key that this key table.*k9:0123"):
        restore.read(taken.ordinary, taken.keys)


def test_field_keys_that_were_all_changed_since_must_be_said(tmp_path: Path, settings: Any) -> None:
    furnish()
    taken = back_up(tmp_path)
    old, new = crypto.fingerprints()["FIELD_KEYS"], crypto.new_key_setting("k2")
    settings.FIELD_KEYS = [new, *field_keys()]
    print_of_new = crypto.fingerprints()["FIELD_KEYS"][0]
    rewrite(taken.keys, keys={"FIELD_KEYS": [print_of_new]})
    with pytest.raises(BackupError, match=f"other field keys .{print_of_new}.*{old[0]}"):
        restore.read(taken.ordinary, taken.keys)
    assert restore.read(taken.ordinary, taken.keys, changed=True).keys.id == taken.keys.name


def field_keys() -> list[str]:
    return [f"{key.id}:{base64.b64encode(key.secret).decode()}" for key in crypto.field_ring().keys]


def test_keys_that_are_not_the_donors_own_forget_nobody(tmp_path: Path) -> None:
    furnish()
    anna = register()
    older = back_up(tmp_path / "ours")
    stranger = keys.unsaved_key(Donor(pk=1, ref=uuid4()), crypto.new_data_key())
    DonorKey.objects.filter(donor_id=anna.pk).update(wrapped=stranger.wrapped)
    DonorKey.objects.exclude(donor_id=anna.pk).delete()
    theirs = back_up(tmp_path / "theirs")
    with empty_database() as place:
        with pytest.raises(BackupError, match=r"1 donors of those tried cannot be read.*forgotten"):
            restore.restore(restore.read(older.ordinary, theirs.keys), place)
        assert forgotten_in(place) == 0


def forgotten_in(place: Server) -> int:
    with psycopg.connect(place.conninfo()) as owner:
        found = owner.execute("SELECT count(*) FROM donors_donor WHERE erased_at IS NOT NULL")
        return int((found.fetchone() or [-1])[0])


@pytest.mark.long
def test_a_key_table_that_lacks_many_forgets_nobody_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish()
    many = [register(f"Nr {n}", email=f"nr{n}@example.se").pk for n in range(restore.FEW + 1)]
    older = back_up(tmp_path / "monday")
    DonorKey.objects.filter(donor_id__in=many).delete()
    newer = back_up(tmp_path / "tuesday")
    words = ("restore", str(older.ordinary), str(newer.keys))
    asked: list[str] = []

    def no(question: str) -> str:
        asked.append(question)
        return "no"

    monkeypatch.setattr("builtins.input", no)
    with empty_database() as place:
        with pytest.raises(CommandError, match=r"11 of 12 donors have no key.*Nobody was"):
            said(*words, f"--into={place.url}")
        assert ("11 of 12 donors" in asked[0], len(asked)) == (True, 1)
        assert forgotten_in(place) == 0
    with empty_database() as place:
        told = said(*words, f"--into={place.url}", "--may-forget=11")
    assert "11 donors forgotten since the backup stay forgotten." in told


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
