"""A copied database can neither charge nor mail."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fundraise import seal
from fundraise.jobs.models import EnvironmentSeal

pytestmark = pytest.mark.django_db


def sealed_for(mode: str, base_url: str, settings: Any) -> None:
    settings.MODE, settings.BASE_URL = mode, base_url
    seal.seal()


def test_a_demo_seals_itself_at_the_first_question(settings: Any) -> None:
    settings.MODE = "demo"
    seal.check()
    assert EnvironmentSeal.objects.get().mode == "demo"


@pytest.mark.parametrize("mode", ["test", "live"])
def test_other_modes_wait_for_a_person(settings: Any, mode: str) -> None:
    settings.MODE = mode
    with pytest.raises(seal.SealBroken, match="not sealed"):
        seal.check()
    assert EnvironmentSeal.objects.count() == 0


@pytest.mark.parametrize(
    ("mode", "base_url"),
    [
        ("test", "https://ge.example"),
        ("live", "https://kopia.example"),
        ("demo", "https://ge.example"),
    ],
)
def test_a_copy_of_the_live_database_is_refused(settings: Any, mode: str, base_url: str) -> None:
    sealed_for("live", "https://ge.example", settings)
    seal.check()
    settings.MODE, settings.BASE_URL = mode, base_url
    with pytest.raises(seal.SealBroken, match="belongs to"):
        seal.check()
    assert seal.described() == "live at https://ge.example"


def test_a_demo_database_under_live_settings_is_refused(settings: Any) -> None:
    sealed_for("demo", "http://localhost:8000", settings)
    settings.MODE = "live"
    with pytest.raises(seal.SealBroken, match="demo mode, not live"):
        seal.check()


def test_a_demo_may_change_its_port(settings: Any) -> None:
    sealed_for("demo", "http://localhost:8000", settings)
    settings.BASE_URL = "http://localhost:8017"
    seal.check()


def test_the_command_asks_and_a_no_changes_nothing(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MODE = "live"
    monkeypatch.setattr("builtins.input", lambda _question: "no")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("seal_environment", stdout=io.StringIO())
    assert EnvironmentSeal.objects.count() == 0


def test_the_command_seals_anew(settings: Any) -> None:
    sealed_for("live", "https://gammal.example", settings)
    settings.BASE_URL = "https://ny.example"
    said = io.StringIO()
    call_command("seal_environment", "--yes", stdout=said)
    seal.check()
    assert "The seal now: live at https://gammal.example." in said.getvalue()
    assert "Sealed: live at https://ny.example." in said.getvalue()
