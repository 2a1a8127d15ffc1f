"""Rules of the house that a machine can hold."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.db import models

from fundraise.providers.base import provider_named

ROOT = Path(__file__).resolve().parents[2]
OURS = ("fundraise", "donors", "mailings", "api")


def sources() -> list[Path]:
    return [
        path for package in OURS for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts
    ]  # fmt: skip


def our_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.split(".")[0] in OURS]


def test_no_column_of_money_is_a_float_and_every_ore_is_a_big_integer() -> None:
    fields = [(m.__name__, f) for m in our_models() for f in m._meta.get_fields()]
    floats = [(n, f.name) for n, f in fields if isinstance(f, models.FloatField)]
    ore = [(n, f) for n, f in fields if f.name.endswith("_ore")]
    each = [(n, f.name, getattr(f, "base_field", f)) for n, f in ore]
    wrong = [(n, name) for n, name, f in each if not isinstance(f, models.BigIntegerField)]
    allowances = [("Bucket", "tokens"), ("Bucket", "level")]
    assert (floats, wrong) == (allowances, [])
    assert len(ore) > 10


def test_every_setting_read_from_the_environment_is_documented() -> None:
    names: set[str] = set()
    for path in [ROOT / "fundraise" / "settings.py", ROOT / "fundraise" / "logs.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("env_"):
                names.add(ast.literal_eval(node.args[0]))
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [name for name in sorted(names) if f"`{name}`" not in documented] == []
    assert len(names) > 20


def test_every_command_of_ours_is_documented() -> None:
    ours = [name for name, app in get_commands().items() if app.split(".")[0] in OURS]
    written = "".join(
        p.read_text(encoding="utf-8") for p in [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
    )
    assert [name for name in sorted(ours) if f"manage.py {name}" not in written] == []
    assert "verify_books" in ours


@pytest.mark.parametrize("name", sorted(settings.PROVIDERS))
def test_every_provider_is_documented_and_loads(name: str) -> None:
    assert provider_named(name).name == name
    assert f"`{name}`" in (ROOT / "docs" / "providers.md").read_text(encoding="utf-8")


def test_no_model_signal_ties_packages_together() -> None:
    pattern = re.compile(r"from django\.db\.models\.signals import .*(pre|post)_(save|delete|init)")
    assert [p.name for p in sources() if pattern.search(p.read_text(encoding="utf-8"))] == []


def test_no_file_is_called_by_what_it_is_not_about() -> None:
    banned = {"utils.py", "helpers.py", "common.py", "managers.py", "signals.py"}
    assert [str(p) for p in sources() if p.name in banned] == []


def test_every_job_and_subscriber_and_proof_can_be_imported() -> None:
    from django.utils.module_loading import import_string

    paths = [task for task, _when, _late in settings.JOBS.values()]
    paths += [path for found in settings.OUTBOX_SUBSCRIBERS.values() for path in found]
    for path in [*paths, *settings.PROOFS]:
        assert callable(import_string(path)), path
    assert [path for path in settings.GO_LIVE if not import_string(path).ask] == []


def test_a_worker_finds_every_task_that_the_code_has() -> None:
    """It looks in the module `tasks` of each app; a task elsewhere is imported by tests alone."""
    found = {f"{app.name}.tasks" for app in apps.get_app_configs()}
    tasks = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sources()
        if "@shared_task" in path.read_text(encoding="utf-8")
    }
    assert len(tasks) > 20
    assert tasks - found == set()


def test_gifts_never_name_a_provider() -> None:
    for path in (ROOT / "fundraise" / "gifts").rglob("*.py"):
        assert "fundraise.providers" not in path.read_text(encoding="utf-8"), path.name
