"""Dagens avstämning: opening it tries nothing; a button does, and says what differs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.jobs import work
from fundraise.jobs.models import Work
from fundraise.providers.models import Account
from fundraise.reconciliation.models import ProofRun, QueueItem
from tests.console.conftest import LogIn, card_gift, cash_gift
from tests.reconciliation.house import make_bank

pytestmark = pytest.mark.django_db
PAGE, RUN = "console:day_proof", "console:run_proof"


def proved(staff: Client) -> str:
    """The page after the button was pressed and a worker did it."""
    text = staff.post(reverse(RUN), follow=True).content.decode()
    assert "Avstämningen görs" in text
    work.run(Work.objects.latest("pk").pk)
    return staff.get(reverse(PAGE)).content.decode()


def test_a_worker_tries_it_and_the_page_says_what_differs_and_what_waits(
    log_in: LogIn, campaign: Campaign, stripe: Account
) -> None:
    staff = log_in("boss")
    assert 'class="empty"' in staff.get(reverse(PAGE)).content.decode()
    assert ProofRun.objects.count() == 0, "a page that is opened tries nothing"

    card_gift(campaign, stripe)
    cash_gift(campaign)
    bank = make_bank("district")
    text = proved(staff)
    assert "Allt som finns här stämmer" in text
    assert "Bankens saldo och bokföringen" in text
    assert bank.account.name in text
    assert QueueItem.objects.filter(code="differs").count() == 0

    Thermometer.objects.filter(campaign=campaign).update(received_ore=F("received_ore") + 1_00)
    text = proved(staff)
    assert "1 rad skiljer" in text
    assert "Det som skiljer ligger bland undantagen" in text
    assert QueueItem.objects.get(code="differs").amount_ore == 1_00
    assert ProofRun.objects.count() == 2


def test_one_runs_at_a_time_and_the_page_says_who_asked_and_that_no_worker_came(
    log_in: LogIn,
) -> None:
    staff = log_in("boss")
    staff.post(reverse(RUN))
    text = staff.post(reverse(RUN), follow=True).content.decode()
    row = Work.objects.get(kind="day_proof")
    assert "Avstämningen görs redan." in text
    assert "Begärd" in text
    assert "Väntar på en arbetare" in text
    assert f'action="{reverse(RUN)}"' not in text, "no second press while one waits"
    assert "Ingen arbetare" not in text

    Work.objects.update(created_at=row.created_at - timedelta(minutes=1))
    text = staff.get(reverse(PAGE)).content.decode()
    assert "Ingen arbetare har tagit sig an det än" in text
    assert f'action="{reverse(RUN)}"' in text

    past = row.created_at - timedelta(minutes=1)
    Work.objects.update(state="running", started_at=past, leased_until=past, tries=1)
    text = staff.get(reverse(PAGE)).content.decode()
    assert "Den har pågått sedan" in text
    assert "Arbetaren som gjorde det har stannat" in text
    assert "Säg till en arbetare igen" in staff.post(reverse(RUN), follow=True).content.decode()
    work.run(row.pk)
    assert (Work.objects.get().state, Work.objects.get().tries) == ("done", 2)
    assert ProofRun.objects.get().by == row.asked_by


def test_a_proof_that_broke_says_so_and_may_be_asked_for_again(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = log_in("boss")
    staff.post(reverse(RUN))
    monkeypatch.setattr(work, "import_string", lambda _path: None)
    work.run(Work.objects.get().pk)
    text = staff.get(reverse(PAGE)).content.decode()
    assert "Misslyckades" in text
    assert "Något i programmet gick sönder" in text
    monkeypatch.undo()
    assert 'class="empty"' not in proved(staff)
    assert Work.objects.count() == 2
