"""Settings fail loudly; live mode refuses what belongs to play."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from fundraise.env import (
    SettingError,
    database_from_url,
    env_bool,
    env_choice,
    env_int,
    env_list,
    env_str,
)
from tests.servers import ROOT

LIVE = {
    "FUNDRAISE_MODE": "live",
    "FUNDRAISE_SECRET_KEY": "s" * 60,
    "FUNDRAISE_FIELD_KEYS": "k1:a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
    "FUNDRAISE_LOOKUP_KEYS": "k1:a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
    "FUNDRAISE_BASE_URL": "https://ge.example.org",
    "FUNDRAISE_ALLOWED_HOSTS": "ge.example.org",
    "DATABASE_URL": "postgresql://app@db.example.org/fundraise",
    "BROKER_URL": "redis://broker.example.org/0",
    "STRIPE_SECRET_KEY": "rk_live_" + "0" * 12,
    "STRIPE_WEBHOOK_SECRET": "whsec_0",
    "MAIL_SENDER": "smtp",
}


def environ(**changes: str) -> dict[str, str]:
    """What live mode needs, with changes; "-" takes a name away."""
    given = {**LIVE, "PATH": os.environ["PATH"], **changes}
    return {name: value for name, value in given.items() if value != "-"}


def start(**changes: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own."""
    code = "from django.conf import settings; print(settings.MODE)"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env=environ(DJANGO_SETTINGS_MODULE="fundraise.settings", **changes),
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def read(monkeypatch: pytest.MonkeyPatch, **changes: str) -> dict[str, Any]:
    """Read the file of settings anew, beside those in use."""
    with monkeypatch.context() as patched:
        patched.setattr(os, "environ", environ(**changes))
        return runpy.run_path(str(ROOT / "fundraise" / "settings.py"))


def test_live_starts_with_live_things(monkeypatch: pytest.MonkeyPatch) -> None:
    done = start()
    assert (done.returncode, done.stdout.strip()) == (0, "live"), done.stderr
    assert read(monkeypatch)["LIVE"] is True


def test_a_process_with_a_wrong_setting_ends_and_says_what_to_write() -> None:
    done = start(DEBUG="True")
    assert done.returncode == 1
    assert "DEBUG must be False" in done.stderr


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"DEBUG": "True"}, "DEBUG must be False"),
        ({"FUNDRAISE_SECRET_KEY": "-"}, "FUNDRAISE_SECRET_KEY is missing"),
        ({"FUNDRAISE_FIELD_KEYS": "-"}, "FUNDRAISE_FIELD_KEYS is missing"),
        ({"FUNDRAISE_LOOKUP_KEYS": "-"}, "FUNDRAISE_LOOKUP_KEYS is missing"),
        ({"FUNDRAISE_EMBEDDED": "1"}, "not the embedded ones"),
        ({"STRIPE_API_BASE": "http://127.0.0.1:8900"}, "STRIPE_API_BASE"),
        ({"STRIPE_API_BASE": "https://api.stripe.com.evil.example"}, "STRIPE_API_BASE"),
        ({"STRIPE_API_BASE": "http://api.stripe.com"}, "STRIPE_API_BASE"),
        ({"STRIPE_SECRET_KEY": "sk_test_1"}, "test key"),
        ({"STRIPE_WEBHOOK_SECRET": "-"}, "STRIPE_WEBHOOK_SECRET is missing"),
        ({"MAIL_SENDER": "file"}, "smtp or sendgrid"),
        ({"APPEAL_SENDER": "file"}, "smtp or sendgrid"),
        ({"MAIL_SENDER": "pigeon"}, "file, smtp, sendgrid"),
        ({"MAIL_SENDER": "sendgrid"}, "SENDGRID_API_KEY is missing"),
        ({"MAIL_SENDER": "sendgrid", "SENDGRID_API_KEY": "play"}, "no key of SendGrid"),
        ({"MAIL_SENDER": "sendgrid", "SENDGRID_API_KEY": "SG.stand-in.1"}, "no key of SendGrid"),
        ({"APPEAL_SENDER": "sendgrid"}, "SENDGRID_APPEALS_KEY is missing"),
        ({"SENDGRID_HOST": "http://127.0.0.1:8902"}, "SENDGRID_HOST must be https://api."),
        ({"SENDGRID_REGION": "us"}, "global, eu"),
        ({"SENDGRID_PEOPLE": "1001"}, "use 1 to 1000"),
        ({"FUNDRAISE_MODE": "demo", "STRIPE_SECRET_KEY": "-", "SENDGRID_API_KEY": "SG.x"}, "demo"),
        ({"FUNDRAISE_BASE_URL": "http://ge.example.org"}, "https://"),
        ({"FUNDRAISE_MODE": "production"}, "demo, test, live"),
        ({"FUNDRAISE_MODE": "demo"}, "refuses a live Stripe key"),
        ({"DEBUG": "yes"}, "use 'True' or 'False'"),
        ({"SMTP_PORT": "none"}, "use a whole number"),
        ({"DATABASE_URL": "mysql://x"}, "postgresql://"),
        ({"AUTOGIRO_TRANSPORT": "mail"}, "none, directory, sftp"),
        ({"AUTOGIRO_TRANSPORT": "directory"}, "AUTOGIRO_OUT_DIR is missing"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_says_what_to_write(
    changes: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises((SettingError, ImproperlyConfigured), match=re.escape(said)):
        read(monkeypatch, **changes)


def test_a_secret_may_be_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.setenv("SOME_KEY_FILE", str(tmp_path / "key"))
    assert env_str("SOME_KEY") == "from a file"
    monkeypatch.setenv("SOME_KEY_FILE", str(tmp_path / "missing"))
    with pytest.raises(SettingError, match="can't read"):
        env_str("SOME_KEY")


def test_values_are_read_as_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"A": "True", "B": "7", "C": " x , y,", "D": "two"}.items():
        monkeypatch.setenv(name, value)
    assert env_bool("A", default=False) is True
    assert env_bool("MISSING_A", default=True) is True
    assert (env_int("B", 1), env_int("MISSING_B", 1)) == (7, 1)
    assert env_list("C") == ["x", "y"]
    assert env_choice("D", ("one", "two"), "one") == "two"


def test_a_database_is_named_by_host_or_by_socket() -> None:
    over_tcp = database_from_url("postgresql://a:p%40ss@db.example:5433/fr")
    assert (over_tcp["HOST"], over_tcp["PORT"], over_tcp["PASSWORD"]) == (
        "db.example",
        "5433",
        "p@ss",
    )
    by_socket = database_from_url("postgresql://app@/fr?host=/run/pg&sslmode=disable")
    assert (by_socket["HOST"], by_socket["OPTIONS"]) == ("/run/pg", {"sslmode": "disable"})
