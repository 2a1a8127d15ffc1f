"""Every key that the change log keeps has a word, in both languages, and so have its codes."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string

from donors.models import ContactPoint, Donor, ImportRow
from fundraise.console import log_fields, log_words
from fundraise.console.forms import CampaignForm
from fundraise.console.tables.registry import TABLES
from fundraise.staff import factors
from mailings.appeals.models import Appeal
from mailings.appeals.services import drafting
from mailings.journeys.models import Journey
from tests.console import audit_keys

WITHOUT = {"remove_picture"}  # a tick; what the log keeps is the picture


def test_every_key_that_the_code_writes_has_a_word() -> None:
    found = audit_keys.keys()

    assert sorted(found - set(log_fields.FIELDS)) == []
    assert {"how", "kind", "count", "left", "sha256", "purpose", "tags", "fields"} <= found
    assert len(found) > 40


def test_keys_that_are_put_together_when_the_code_runs_have_words() -> None:
    lines = {import_string(path).key for path in settings.GO_LIVE}
    campaign = set(CampaignForm.base_fields) - WITHOUT

    choices = {one.name for table in TABLES.values() for one in table.filters}
    wanted = {*lines, *campaign, *choices, *ImportRow.Outcome.values}

    assert sorted(wanted - set(log_fields.FIELDS)) == []
    assert sorted(lines - set(log_fields.CODES)) == []


def test_codes_have_words() -> None:
    kinds = {*ContactPoint.Kind.values, *Donor.Kind.values, factors.TOTP_TYPE, factors.PASSKEY}

    assert sorted(kinds - set(log_fields.KINDS)) == []
    assert sorted(set(ContactPoint.State.values) - set(log_fields.STATES)) == []
    assert sorted(set(Appeal.Kind.values) - set(log_fields.KINDS)) == []
    assert sorted(set(Journey.Trigger.values) - set(log_fields.CODES["trigger"])) == []
    assert sorted(drafting.OPTIONS - set(log_fields.CODES["fields"])) == ["purpose"]
    assert sorted(set(log_fields.CODES) - set(log_fields.FIELDS)) == []


def test_words_are_in_both_languages() -> None:
    same = {"sha256", "mail_domain", "sendgrid"}
    with translation.override("en"):
        english = {key: log_fields.named(key) for key in log_fields.FIELDS}
    with translation.override("sv"):
        swedish = {key: log_fields.named(key) for key in log_fields.FIELDS}

    alike = {key for key in english if english[key] == swedish[key]}
    assert alike - same - {"version", "filed_version"} <= {"status"}


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"how": "totp"}, ["Visat med: en kod från en app"]),
        ({"kind": "webauthn"}, ["Slag: en passnyckel"]),
        ({"fields": ["email", "phone"]}, ["Vad som ändrades: e-postadress, telefon"]),
        ({"purposes": ["appeals"]}, ["Till vad: Att bli ombedd om gåvor"]),
        ({"chosen": {"state": "received"}}, ["Val: Läge Mottagen"]),
        ({"count": 3}, ["Antal: 3"]),
    ],
)
def test_line_is_said_in_words(after: dict[str, object], said: list[str]) -> None:
    with translation.override("sv"):
        assert log_words.differences({}, after) == said
