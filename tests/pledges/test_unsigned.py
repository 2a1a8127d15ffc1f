from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.gifts.giver import Giver
from fundraise.outbox.models import OutboxEvent
from fundraise.pledges.models import PayerRange, Pledge
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services import starting, unsigned
from fundraise.pledges.services.starting import NewAccount, NewPledge, Signed
from mailings import transactional
from mailings.models import TransactionalMessage
from mailings.monthly import bank_number, reminder
from tests.people import make_campaign, make_party

HOUR = timedelta(hours=1)


@pytest.fixture
def campaign(db: None) -> Campaign:
    party = make_party()
    PayerRange.objects.create(entity=party, first=1_000, last=9_999)
    return make_campaign(party)


AT_THE_BANK = NewAccount(AccountDetails(), origin="internet_bank")


def begin(campaign: Campaign, language: str = "sv", account: NewAccount | None = None) -> Pledge:
    return starting.start_pledge(
        NewPledge(
            campaign=campaign,
            amount_ore=20_000,
            day=28,
            giver=Giver(name="Anna", email="anna@example.org"),
            language=language,
        ),
        account or NewAccount(AccountDetails("5102000000158751", "198112289874"), "SEB 5102-…751"),
    )


def asked_after() -> int:
    return OutboxEvent.objects.filter(kind="SignatureMissing").count()


def test_a_sign_up_is_reminded_of_once(campaign: Campaign) -> None:
    begin(campaign)
    assert unsigned.remind(clock.now() + 23 * HOUR) == 0
    assert asked_after() == 0
    assert unsigned.remind(clock.now() + 25 * HOUR) == 1
    assert unsigned.remind(clock.now() + 26 * HOUR) == 0
    assert asked_after() == 1


def test_who_has_signed_is_not_reminded(campaign: Campaign) -> None:
    pledge = begin(campaign)
    starting.sign(pledge.mandates.get().pk, Signed("tick", {}), by="donor")
    assert unsigned.remind(clock.now() + 25 * HOUR) == 0
    assert Pledge.objects.get().state == "pending"


@pytest.mark.parametrize(
    ("language", "said"),
    [("sv", "Bara din underskrift saknas"), ("en", "Only your signature is missing")],
)
def test_the_reminder_has_the_link_that_signs_and_the_one_that_stops(
    campaign: Campaign, language: str, said: str, settings: Any
) -> None:
    pledge = begin(campaign, language)
    mandate = pledge.mandates.get()
    with translation.override("sv"):
        reminder.remind(mandate.pk)
        reminder.remind(mandate.pk)
    row = TransactionalMessage.objects.get()
    mail = transactional._opened(row)
    assert mail.to == "anna@example.org"
    assert said in mail.text
    assert ("/underteckna/" in mail.text) is (language == "sv")
    assert ("/inte-jag/" if language == "sv" else "/en/not-me/") in mail.text
    assert "Anna" not in mail.subject


def test_no_reminder_leaves_once_it_is_signed(campaign: Campaign) -> None:
    mandate = begin(campaign).mandates.get()
    starting.sign(mandate.pk, Signed("tick", {}), by="donor")
    reminder.remind(mandate.pk)
    assert not TransactionalMessage.objects.exists()


@pytest.mark.parametrize(
    ("language", "said"),
    [("sv", "Betalarnummer"), ("en", "Payer number")],
)
def test_the_number_for_the_internet_bank_is_mailed_and_reminded_of_once(
    campaign: Campaign, language: str, said: str
) -> None:
    pledge = begin(campaign, language, AT_THE_BANK)
    mandate = pledge.mandates.get()
    bank_number.started(pledge.pk)
    bank_number.started(pledge.pk)
    assert unsigned.remind(clock.now() + 25 * HOUR) == 1
    reminder.remind(mandate.pk)
    rows = list(TransactionalMessage.objects.order_by("pk"))
    assert [row.kind for row in rows] == ["bank-number", "mandate-reminder"]
    for row in rows:
        mail = transactional._opened(row)
        text = mail.text.replace("\u202f", " ").replace("\xa0", " ")
        assert f"{said}: {mandate.payer_number}" in text
        assert "200 kr" in text
        assert "/underteckna/" not in text
    assert begin(campaign).mandates.get().origin == "page"


def test_who_signs_on_the_page_gets_no_number(campaign: Campaign) -> None:
    bank_number.started(begin(campaign).pk)
    assert not TransactionalMessage.objects.exists()
