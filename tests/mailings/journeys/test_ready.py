"""Ready-made journeys: every trigger has its mails in both languages, and can be switched on."""

from __future__ import annotations

import pytest

from mailings.appeals.models import Content
from mailings.composing.problems import WARNINGS
from mailings.journeys import ready, services
from mailings.journeys.models import Journey
from mailings.journeys.ready_words import MAILS
from tests.people import CECILIA, make_campaign, make_party


def test_every_trigger_has_mails_and_no_two_have_the_same_subject() -> None:
    assert set(MAILS) == set(Journey.Trigger.values)
    every = [words for mails in MAILS.values() for mail in mails for words in (mail.sv, mail.en)]
    subjects = [words.subject for words in every]
    assert len(subjects) == len(set(subjects))
    assert [one for one in subjects if "greeting" in one or "name" in one] == []


@pytest.mark.django_db
def test_each_is_made_whole_switched_off_and_runs_when_somebody_switches_it_on() -> None:
    campaign = make_campaign(make_party())
    for trigger in Journey.Trigger.values:
        made = ready.new_ready(campaign, trigger, "Färdigt", by=CECILIA, months=18)
        assert (made.state, made.months) == ("off", 18)
        waits = [mail.wait_days for mail in MAILS[trigger]]
        assert list(made.steps.values_list("wait_days", flat=True)) == waits
        written = Content.objects.filter(variant__appeal__step__journey=made)
        assert written.count() == 2 * len(waits)
        wrong = [
            (trigger, row.language, fault)
            for row in written
            for fault in row.problems
            if fault["code"] not in WARNINGS
        ]
        assert wrong == []
        services.switch_on(made, by=CECILIA)
    pages = Content.objects.filter(variant__appeal__step__journey__trigger="ending")
    links = set(pages.values_list("language", "links__target"))
    assert {(language, target.split("/", 3)[3]) for language, target in links} >= {
        ("sv", "mina-sidor/"), ("en", "en/my-pages/"),
    }  # fmt: skip
    raising = Content.objects.get(variant__appeal__step__journey__trigger="upgrade", language="sv")
    led = set(raising.links.values_list("target", flat=True))
    assert {target.split("/", 3)[3] for target in led} >= {"mina-sidor/hoj/", "mina-sidor/"}
    assert {"raise0", "raise_sum_h__657474206e7974742062656c6f7070"} <= set(raising.tags)
    assert "key=-fr_raise0-" in raising.compiled_text
