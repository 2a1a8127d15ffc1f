"""Dagens avstämning: opening it tries nothing; a button does, and says what differs."""

from __future__ import annotations

import pytest
from django.db.models import F
from django.urls import reverse

from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.providers.models import Account
from fundraise.reconciliation.models import ProofRun, QueueItem
from tests.console.conftest import LogIn, card_gift, cash_gift
from tests.reconciliation.house import make_bank

pytestmark = pytest.mark.django_db
PAGE, RUN = "console:day_proof", "console:run_proof"


def test_it_is_tried_by_a_button_and_says_what_differs_and_what_waits(
    log_in: LogIn, campaign: Campaign, stripe: Account
) -> None:
    staff = log_in("boss")
    assert 'class="empty"' in staff.get(reverse(PAGE)).content.decode()
    assert ProofRun.objects.count() == 0, "a page that is opened tries nothing"

    card_gift(campaign, stripe)
    cash_gift(campaign)
    bank = make_bank("district")
    answer = staff.post(reverse(RUN), follow=True)
    text = answer.content.decode()
    assert "Allt som finns här stämmer" in text
    assert "Bankens saldo och bokföringen" in text
    assert bank.account.name in text
    assert QueueItem.objects.filter(code="differs").count() == 0

    Thermometer.objects.filter(campaign=campaign).update(received_ore=F("received_ore") + 1_00)
    text = staff.post(reverse(RUN), follow=True).content.decode()
    assert "1 rad skiljer" in text
    assert "Det som skiljer ligger bland undantagen" in text
    assert QueueItem.objects.get(code="differs").amount_ore == 1_00
    assert ProofRun.objects.count() == 2
