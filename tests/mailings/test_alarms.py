"""Those who keep watch are mailed once per alarm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fundraise.jobs import services as jobs
from mailings import tasks
from mailings.models import TransactionalMessage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hook(settings: Any) -> None:
    settings.ALARM_HOOK = "mailings.alarms.mail_alarm"
    settings.OPS_EMAIL = "drift@partiet.example"


def test_an_alarm_is_mailed_once(settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(2):
            jobs.raise_alarm("job-late", "nightly-pull", "nightly-pull has no done run")
    tasks.sweep()
    (mail,) = Path(settings.MAIL_DIR).glob("*.eml")
    content = mail.read_text()
    assert "To: drift@partiet.example" in content
    assert "nightly-pull has no done run" in content
    assert "Subject: fundraise: an alarm has been raised" in content


def test_without_an_address_nothing_is_mailed(
    settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.OPS_EMAIL = ""
    with django_capture_on_commit_callbacks(execute=True):
        jobs.raise_alarm("job-late", "nightly-pull", "x")
    assert TransactionalMessage.objects.count() == 0
