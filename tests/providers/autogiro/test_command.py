"""`manage.py autogiro` reads, seals and verifies; a broken file changes nothing."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.providers.autogiro import written


def run(*words: str) -> str:
    out = StringIO()
    call_command("autogiro", *words, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.txt"
    path.write_bytes(written.content("orders"))
    return path


def test_a_file_is_shown_as_json_with_lines_and_names(file: Path) -> None:
    said: dict[str, Any] = json.loads(run("read", str(file), "--json"))
    assert (said["kind"], said["to_bankgirot"], said["sealed"]) == ("orders", True, False)
    first = said["sections"][1]["records"][0]
    assert (first["line"], first["record"], first["amount_ore"]) == (7, "PaymentOrder", 200_00)


def test_a_broken_file_says_where_and_the_others_are_read(file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_bytes(written.content("orders").replace(b"0000020000", b"000002000x", 1))
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("autogiro", "read", str(wrong), str(file), "--json", stdout=out)
    assert ended.value.code == 1
    broken, read = [json.loads(line) for line in out.getvalue().splitlines()]
    assert broken["error"]["line"] == 7
    assert broken["error"]["column"] == 43
    assert broken["error"]["code"] == "digits"
    assert read["kind"] == "orders"


def test_a_file_is_sealed_beside_itself_once_and_verified(file: Path) -> None:
    run("seal", str(file), "--test-key", "--on", "2026-11-30")
    sealed = file.with_suffix(".txt.sealed")
    assert "the seal is right" in run("verify", str(sealed), "--test-key")
    with pytest.raises(CommandError, match="is there already"):
        run("seal", str(file), "--test-key")
    sealed.write_bytes(sealed.read_bytes().replace(b"1000001", b"1000009", 1))
    with pytest.raises(CommandError, match="The seal is not right"):
        run("verify", str(sealed), "--test-key")


def test_without_a_key_nothing_is_sealed(file: Path, settings: Any) -> None:
    settings.AUTOGIRO_SEAL_KEY = ""
    with pytest.raises(CommandError, match="AUTOGIRO_SEAL_KEY is not set"):
        run("seal", str(file))
    assert list(file.parent.iterdir()) == [file]
