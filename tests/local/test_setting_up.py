from __future__ import annotations

import base64
import gettext
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fundraise.local import (
    bootstrap,
    checks,
    embedded,
    environment,
    prepare,
    secrets,
    service,
    suite,
)
from fundraise.local.children import Spec
from fundraise.local.places import CHECKOUT, LocalError
from fundraise.local.ports import Ports
from fundraise.local.runner import Runner
from fundraise.sandbox.bank import __main__ as accounts_program
from fundraise.sandbox.bankgirot import __main__ as bank_program
from fundraise.sandbox.bankgirot import seal


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: secrets.load(tmp_path / "data"), range(8)))
    assert all(values == loaded[0] for values in loaded)
    key_id, _, key = loaded[0]["FUNDRAISE_FIELD_KEYS"].partition(":")
    assert (key_id, len(base64.b64decode(key))) == ("k1", 32)
    assert loaded[0]["FUNDRAISE_LOOKUP_KEYS"] != loaded[0]["FUNDRAISE_FIELD_KEYS"]
    assert (tmp_path / "data" / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_secret_that_a_newer_version_needs_is_added(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('{"FUNDRAISE_SECRET_KEY": "old"}')
    assert secrets.load(tmp_path)["FUNDRAISE_SECRET_KEY"] == "old"
    assert set(secrets.load(tmp_path)) == set(secrets.MAKERS)


def test_what_the_person_set_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNDRAISE_BASE_URL", "http://give.example")
    monkeypatch.setenv("FUNDRAISE_SECRET_KEY_FILE", "/run/secret")
    filled = environment.filled(environment.of_checkout(tmp_path, Ports()))
    assert filled["FUNDRAISE_BASE_URL"] == "http://give.example"
    assert "FUNDRAISE_SECRET_KEY" not in filled


def test_test_mode_gets_no_keys_of_the_stand_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUNDRAISE_MODE", "test")
    values = environment.of_checkout(tmp_path, Ports())
    assert [name for name in values if name.startswith(("STRIPE_", "AUTOGIRO_", "BANK_"))] == []


def test_product_and_bank_meet_in_two_folders_with_one_key(tmp_path: Path) -> None:
    values = environment.of_checkout(tmp_path, Ports())
    command = service.bankgirot(tmp_path, Ports(), values).command
    config = bank_program.parse(list(command[3:]))
    assert str(config.to_bank) == values["AUTOGIRO_OUT_DIR"]
    assert str(config.from_bank) == values["AUTOGIRO_IN_DIR"]
    assert config.payees[0].key == seal.TEST_KEY
    assert config.payees[0].customer == values["AUTOGIRO_CUSTOMER_NUMBER"]
    assert values["AUTOGIRO_TRANSPORT"] == "directory"


def test_the_bank_where_the_money_lies_asks_both_stand_ins_what_they_paid_out(
    tmp_path: Path,
) -> None:
    ports, values = Ports(), environment.of_checkout(tmp_path, Ports())
    config = accounts_program.parse(list(service.bank(tmp_path, ports, values).command[3:]))
    assert (config.stripe, config.stripe_key) == (
        values["STRIPE_API_BASE"], values["STRIPE_SECRET_KEY"],
    )  # fmt: skip
    assert config.bankgirot == f"http://127.0.0.1:{ports.bankgirot}"
    assert (str(config.from_bank), values["BANK_TRANSPORT"]) == (values["BANK_IN_DIR"], "directory")


def test_the_clock_of_the_jobs_starts_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []

    def begin(spec: Spec) -> tuple[int, str]:
        started.append(spec.name)
        return 0, ""

    supervisor: Any = SimpleNamespace(
        check_asked=lambda: None, start=begin, finish=begin, run=lambda _each_turn: None
    )
    runner = Runner(tmp_path / "data")
    monkeypatch.setattr(runner, "_servers", dict)
    monkeypatch.setattr(runner, "_migrate", lambda _supervisor: None)
    monkeypatch.setattr(runner, "_await_ready", lambda _supervisor: None)
    monkeypatch.setenv("FUNDRAISE_MODE", "demo")
    runner._serve(supervisor)
    assert started[-2:] == ["demo", "beat"]
    assert len(started) == len(set(started)) == 10


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("migrate", True), ("verify_books --json", True), ("makemigrations", True),
        ("makemigrations --check --dry-run", False), ("check --deploy", False), ("", False),
        ("help migrate", False), ("migrate --help", False), ("--version", False),
        ("collectstatic --noinput", False), ("compilemessages", False),
    ],
)  # fmt: skip
def test_only_commands_that_need_it_get_the_database(words: str, wanted: bool) -> None:
    assert embedded.needs_database(["manage.py", *words.split()]) is wanted


def test_texts_are_compiled_when_a_part_is_newer(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    shutil.copy(prepare.LOCALE / "build.py", tmp_path)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    part = tmp_path / "parts" / "give.po"
    part.write_text(header + 'msgid "Give"\nmsgstr "Ge en gåva"\n', encoding="utf-8")
    assert prepare.compile_catalogues(tmp_path)
    with (tmp_path / "sv" / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Give") == "Ge en gåva"
    assert not prepare.compile_catalogues(tmp_path)


def test_a_text_without_its_translation_stops_the_set_up(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    shutil.copy(prepare.LOCALE / "build.py", tmp_path)
    part = tmp_path / "parts" / "give.po"
    part.write_text('msgid "Give"\nmsgstr ""\n', encoding="utf-8")
    with pytest.raises(LocalError, match="not translated: 'Give'"):
        prepare.compile_catalogues(tmp_path)


def test_an_old_python_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 to 3\.13; python3 here is 3\.9"):
        bootstrap.use_a_fitting_python()


def test_the_browser_that_is_named_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / "browser"
    browser.touch(mode=0o755)
    monkeypatch.setenv("FUNDRAISE_CHROMIUM", str(browser))
    assert bootstrap.find_browser() == str(browser)
    monkeypatch.setenv("FUNDRAISE_CHROMIUM", str(tmp_path / "none"))
    with pytest.raises(SystemExit, match="can't be run"):
        bootstrap.find_browser()


def test_a_missing_browser_is_an_error_only_when_it_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bootstrap, "find_browser", lambda: "")
    monkeypatch.setattr(bootstrap, "may_install", lambda: False)
    monkeypatch.delenv("FUNDRAISE_REQUIRE_BROWSER", raising=False)
    assert "FUNDRAISE_CHROMIUM" not in {
        name for name in bootstrap.with_browser() if name not in os.environ
    }
    monkeypatch.setenv("FUNDRAISE_REQUIRE_BROWSER", "1")
    with pytest.raises(SystemExit, match="There is no Chromium here"):
        bootstrap.with_browser()


def test_the_two_parts_of_the_suite_are_counted_together() -> None:
    counts = suite._sum([{"passed": 40, "skipped": 1}, {"passed": 2, "failed": 1, "error": 1}])
    assert suite._summary(counts, 61.4, failed=True) == "42 passed, 2 failed, 1 skipped in 61 s"


def test_bootstrap_runs_alone_under_the_standard_library() -> None:
    command = [sys.executable, "-I", "-S", "fundraise/local/bootstrap.py", "nonsense"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "Use make run, test, lint, bench, prove, lock or setup."


def test_no_file_names_a_package_index() -> None:
    assert checks._files_that_name_an_index() == []
