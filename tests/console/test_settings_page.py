"""Settings on the staff pages: all of them, with words, and nothing that opens anything."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from fundraise import env
from fundraise.campaigns.models import Campaign
from fundraise.console import catalogue, setting_rows
from fundraise.providers.models import Account
from tests.console.conftest import LogIn

ROOT = Path(__file__).resolve().parents[2]
NAMED = {name for _title, rows in catalogue.GROUPS for name in rows}


def read_by_settings() -> set[str]:
    found: set[str] = set()
    for path in ("fundraise/settings.py", "fundraise/logs.py"):
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("env_"):
                found.add(ast.literal_eval(node.args[0]))
    return found


def test_every_setting_has_its_words_in_the_catalogue_and_its_line_in_the_docs() -> None:
    written = (ROOT / "docs/settings.md").read_text(encoding="utf-8")

    assert read_by_settings() ^ NAMED == set()
    assert [name for name in sorted(NAMED) if f"`{name}`" not in written] == []
    assert (catalogue.SECRET | catalogue.RINGS) <= NAMED


PUBLIC = ("SENDGRID_WEBHOOK_PUBLIC_KEY", "SENDGRID_INBOUND_PUBLIC_KEY")


def test_what_sounds_like_a_key_is_hidden() -> None:
    sounds = {n for n in NAMED if n.endswith(("_KEY", "_KEYS", "_SECRET", "_PASSWORD", "_DSN"))}

    assert (
        sounds - {"LIMIT_API_KEY", "AUTOGIRO_SFTP_HOST_KEY", "BANK_SFTP_HOST_KEY", *PUBLIC}
        <= catalogue.SECRET | catalogue.RINGS
    )


def test_page_shows_values_and_never_what_opens_something(
    campaign: Campaign, david: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "rk_test_not_to_be_seen")
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:not-to-be-seen@db/fundraise")
    monkeypatch.setenv("LIMIT_GIVE", "31")

    text = david.get("/staff/settings/").content.decode()

    assert "not-to-be-seen" not in text
    assert "not_to_be_seen" not in text
    assert "<code>31</code>" in text
    assert "Gåvor som ett adressblock får börja på tio minuter" in text
    assert "59\u202f200\u202fkr" in text
    assert "2\u202f960\u202fkr" in text


def test_secret_from_a_file_is_set_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "key").write_text("whsec_hidden")
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET_FILE", str(tmp_path / "key"))

    rows = {row.name: row for _title, found in setting_rows.groups() for row in found}

    row = rows["STRIPE_WEBHOOK_SECRET"]
    assert (row.value, row.is_set, row.source) == (None, True, "file")
    assert env.source_of("SMTP_HOST") in {"environment", "default"}


def test_legal_entities_are_shown_with_books_and_accounts(
    campaign: Campaign, stripe: Account, log_in: LogIn
) -> None:
    text = log_in("olle", "auditor").get("/staff/entities/").content.decode()

    assert campaign.entity.name in text
    assert campaign.entity.org_number in text
    assert "stripe/main" in text
    assert "3993" in text


def test_comms_sees_no_settings(campaign: Campaign, cecilia: Client) -> None:
    assert cecilia.get("/staff/settings/").status_code == 403
    assert cecilia.get("/staff/entities/").status_code == 403


def test_each_meaning_is_in_both_languages() -> None:
    meanings = [words for _title, rows in catalogue.GROUPS for words in rows.values()]
    with translation.override("en"):
        english = [str(words) for words in meanings]
    with translation.override("sv"):
        swedish = [str(words) for words in meanings]

    assert [e for e, s in zip(english, swedish, strict=True) if e == s] == []
