"""`manage.py donors import`: a dry run unless it is told to do it."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from donors.models import Donor, ImportRun
from tests.donors.importing.lists import ANNA, BO, csv_of, whole_database
from tests.donors.importing.workbooks import workbook

pytestmark = pytest.mark.django_db
MEMBERS = (
    "--basis", "membership", "--basis-date", "2026-01-15", "--basis-source", "Medlemsregistret",
)  # fmt: skip


def run(path: Path, *options: str) -> str:
    said = StringIO()
    call_command("donors", "import", str(path), *options, stdout=said, stderr=said)
    return said.getvalue()


def told(path: Path, *options: str) -> Any:
    return json.loads(run(path, *options, "--json"))


@pytest.fixture
def members(tmp_path: Path) -> Path:
    path = tmp_path / "medlemmar.csv"
    path.write_bytes(csv_of(ANNA, BO))
    return path


def test_a_dry_run_says_what_would_happen_and_keeps_no_file(members: Path) -> None:
    before = whole_database()
    said = run(members, *MEMBERS)
    assert "New                    2\n" in said
    assert said.endswith("dry run: nothing was changed\n")
    assert whole_database() == before
    assert ImportRun.objects.get().body is None


def test_with_commit_it_is_done_and_twice_changes_nothing(members: Path) -> None:
    assert told(members, *MEMBERS, "--commit")["counts"]["created"] == 2
    before = whole_database()
    again = told(members, *MEMBERS, "--commit")
    assert (again["counts"]["unchanged"], again["committed"]) == (2, True)
    assert whole_database() == before


def test_rows_with_errors_end_with_an_error_and_a_file(members: Path, tmp_path: Path) -> None:
    members.write_bytes(csv_of(ANNA, "Bo Ek;bo;;;;;;"))
    errors = tmp_path / "fel.csv"
    with pytest.raises(CommandError, match="1 rows have errors and are left out"):
        run(members, *MEMBERS, "--commit", "--errors", str(errors))
    assert Donor.objects.count() == 1
    assert "Bo Ek;bo;" in errors.read_text(encoding="utf-8-sig")
    assert errors.stat().st_mode & 0o077 == 0


def test_columns_and_sheets_are_chosen_by_name(tmp_path: Path) -> None:
    path = tmp_path / "medlemmar.xlsx"
    rows = [["Person X", "Kontakt", "E-post"], ["Anna Lind", "Bo", "anna@example.se"]]
    path.write_bytes(workbook([["Om"], ["text"]], rows))
    options = ("--sheet", "Sheet2", "--map", "Person X=name", "--map", "Kontakt=")
    assert told(path, *MEMBERS, *options)["counts"]["created"] == 1
    with pytest.raises(CommandError, match="The workbook has no such sheet"):
        run(path, *MEMBERS, "--sheet", "Sheet9")
    with pytest.raises(CommandError, match="no column has the heading 'Namn'"):
        run(path, *MEMBERS, "--map", "Namn=name")
    with pytest.raises(CommandError, match="use one of given, family"):
        run(path, *MEMBERS, "--sheet", "Sheet2", "--map", "Kontakt=bank")
    assert {one.state for one in ImportRun.objects.all()} == {"cancelled"}


def test_a_broken_file_is_named_with_the_place(members: Path) -> None:
    members.write_bytes(csv_of(ANNA, BO + ";mer"))
    with pytest.raises(CommandError) as refused:
        run(members, *MEMBERS)
    assert str(refused.value).startswith("medlemmar.csv: Row 3, column 9: The row has more cells")
    with pytest.raises(CommandError, match="write the day as 2026-01-15"):
        run(members, "--basis", "membership", "--basis-date", "15/1")
    assert ImportRun.objects.count() == 0
