"""The units of docs/deploy parse, start what exists, and hand over what live mode needs."""

from __future__ import annotations

import ast
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from celery.bin.celery import celery
from django.core.management import get_commands, load_command_class
from gunicorn.config import Config

from fundraise import settings as written
from fundraise.local import service
from fundraise.ops.bench import carried
from tests.deploy.units import BIN, FOLDER, UNITS, Unit, env_file, read, services

ROOT = Path(__file__).resolve().parents[2]
SERVICES = services()
NAMES = [unit.name for unit in SERVICES]
# Values for the secrets, so that live mode can be asked whether it would start.
SECRETS = {
    "secret-key": "a-secret-key-of-more-than-fifty-letters-0123456789-abcdefghij",
    "field-keys": "k1:" + "A" * 43 + "=",
    "lookup-keys": "k1:" + "B" * 42 + "A=",
    "database-url": "postgresql://fundraise_app:word@127.0.0.1/fundraise",
    "database-owner-url": "postgresql://fundraise_owner:word@127.0.0.1/fundraise",
    "broker-url": "redis://:word@127.0.0.1:6379/0",
    "stripe-secret-key": "rk_live_0123456789",
    "stripe-webhook-secret": "whsec_0123456789",
    "smtp-password": "word",
    "sendgrid-api-key": "",
    "metrics-key": "word",
}
FROM_ELSEWHERE = {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PROMETHEUS_MULTIPROC_DIR"}


def known_settings() -> set[str]:
    tree = ast.parse((ROOT / "fundraise" / "settings.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    reads = [node for node in calls if getattr(node.func, "id", "").startswith("env_")]
    return {ast.literal_eval(node.args[0]) for node in reads}


def test_a_donors_page_has_the_processor_before_appeals_do() -> None:
    nicer = {unit.name: int(said) for unit in SERVICES for said in unit.all("Service", "Nice")}
    assert nicer["fundraise-appeals.service"] == service.NICER["appeals"] == carried.NICE == 10
    (weight,) = [said for unit in SERVICES for said in unit.all("Service", "CPUWeight")]
    assert weight == "10"
    workers = {
        spec.name: spec.nicer for spec in (service.worker(*one) for one in service.QUEUES.items())
    }
    assert workers == {"money": 0, "mail": 0, "appeals": 10}


def test_the_units_are_those_that_the_service_needs() -> None:
    assert {path.name for path in UNITS.iterdir()} == {
        "fundraise-.service.d", "fundraise.target", "fundraise-migrate.service",
        "fundraise-web.service", "fundraise-money.service", "fundraise-mail.service",
        "fundraise-appeals.service", "fundraise-reports.service",
        "fundraise-beat.service", "fundraise-restore-trial.service",
        "fundraise-restore-trial.timer",
    }  # fmt: skip
    wanted = " ".join(read(UNITS / "fundraise.target").all("Unit", "Wants")).split()
    assert [name for name in wanted if not (UNITS / name).is_file()] == []
    workers = {unit.name for unit in SERVICES if "worker" in unit.command()}
    assert workers <= set(wanted)


@pytest.mark.parametrize("unit", SERVICES, ids=NAMES)
def test_what_a_unit_starts_exists_and_takes_its_words(unit: Unit) -> None:
    program, *words = unit.command()
    assert program.startswith(BIN)
    name = program.removeprefix(BIN)
    if name == "python":
        manage_takes(words)
    elif name == "gunicorn":
        given = Config().parser().parse_args(words)
        assert given.args == ["fundraise.wsgi:application"]
        assert given.config == "python:fundraise.ops.metrics.gunicorn_conf"
    else:
        assert (name, words[:2]) == ("celery", ["-A", "fundraise.celery"])
        celery_takes(words[2], words[3:])


def manage_takes(words: list[str]) -> None:
    assert words[0] == "manage.py"
    package = get_commands()[words[1]]
    command = load_command_class(str(package), words[1])
    command.create_parser("manage.py", words[1]).parse_args(words[2:])


def celery_takes(command: str, words: list[str]) -> None:
    known = {name for option in celery.commands[command].params for name in option.opts}
    options = [word.partition("=")[0] for word in words if word.startswith("-")]
    assert [option for option in options if option not in known] == []


def test_every_queue_has_a_worker_and_there_is_one_clock() -> None:
    commands = [unit.command() for unit in SERVICES]
    queues = [command[command.index("--queues") + 1] for command in commands if "worker" in command]
    routed = {str(route["queue"]) for route in written.CELERY_TASK_ROUTES.values()}
    assert set(",".join(queues).split(",")) == routed | {written.CELERY_TASK_DEFAULT_QUEUE}
    assert sum("beat" in command for command in commands) == 1


@pytest.mark.parametrize("unit", SERVICES, ids=NAMES)
def test_every_name_is_a_setting_and_every_credential_is_loaded(unit: Unit) -> None:
    names = {*unit.environment(), *env_file()}
    known = known_settings() | FROM_ELSEWHERE
    assert sorted(name for name in names if name.removesuffix("_FILE") not in known) == []
    used = {value.removeprefix("%d/") for value in unit.environment().values() if "%d/" in value}
    assert used == set(unit.credentials()) <= set(SECRETS)
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    ours = {name.removesuffix("_FILE") for name in names} - FROM_ELSEWHERE
    assert [name for name in sorted(ours) if f"`{name}`" not in documented] == []


def test_only_those_that_need_it_get_the_owners_role() -> None:
    holders = [unit.name for unit in SERVICES if "database-owner-url" in unit.credentials()]
    assert holders == ["fundraise-migrate.service", "fundraise-restore-trial.service"]


@pytest.mark.parametrize("unit", SERVICES, ids=NAMES)
def test_a_unit_is_shut_in_and_names_no_secret(unit: Unit) -> None:
    for key, value in (
        ("User", "fundraise"), ("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"), ("PrivateTmp", "yes"), ("CapabilityBoundingSet", ""),
    ):  # fmt: skip
        assert unit.one("Service", key) == value
    lines = unit.all("Service", "Environment")
    assert [line for line in lines if re.search(r"sk_|whsec|://", line)] == []


CHECKED = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
READ = ("-c", "from fundraise import settings; print('no issues' if settings.LIVE else 'played')")


@pytest.mark.parametrize(
    ("name", "words"), [("fundraise-web.service", CHECKED), ("fundraise-migrate.service", READ)]
)
def test_live_mode_would_start_with_what_a_unit_is_handed(
    name: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    unit = read(UNITS / name)
    for secret, value in SECRETS.items():
        (tmp_path / secret).write_text(value + "\n")
    handed = {key: value.replace("%d", str(tmp_path)) for key, value in unit.environment().items()}
    bare = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    environ = {**bare, **env_file(), **handed, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


def test_systemd_itself_finds_no_fault(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd-analyze is not on this machine; the parser above has read the units")
    programs = tmp_path / "bin"
    programs.mkdir()
    for program in ("python", "gunicorn", "celery"):
        (programs / program).write_text("#!/bin/sh\n")
        (programs / program).chmod(stat.S_IRWXU)
    units = tmp_path / "units"
    shutil.copytree(UNITS, units)
    for path in units.rglob("*"):
        if path.is_file():
            path.write_text(path.read_text().replace(BIN, f"{programs}/"))
    files = sorted(str(path) for path in units.iterdir() if path.is_file())
    done = subprocess.run(
        [verify, "verify", "--man=no", *files],
        capture_output=True, text=True, check=False,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:"},
    )  # fmt: skip
    assert [line for line in done.stderr.splitlines() if "fundraise" in line] == []


def test_the_walk_through_names_every_file_and_secret() -> None:
    text = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    files = [path for path in FOLDER.rglob("*") if path.is_file() and path.parent != UNITS]
    assert [path.name for path in files if path.name not in text] == []
    assert [name for name in SECRETS if f"`{name}`" not in text] == []
