"""What opens a way to give every month, and what is said while something is missing."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from fundraise.campaigns.models import Campaign
from fundraise.gifts.giver import Giver
from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import MandateWording, PayerRange, Pledge
from fundraise.pledges.sealing import AccountDetails
from fundraise.pledges.services.starting import NewAccount, NewPledge
from fundraise.providers import recurring, recurring_words
from fundraise.providers.base import ProviderUnavailable
from fundraise.providers.giro.models import Agreement
from fundraise.providers.models import Account
from fundraise.providers.papers import mandate as papers
from fundraise.providers.papers import wording
from fundraise.providers.papers.pdf import mandate_pdf
from tests.people import make_campaign, make_party

ACCOUNT = NewAccount(AccountDetails("5102000000158751", "198112289874"), "SEB 5102-…751")


@pytest.fixture
def party(db: None) -> LegalEntity:
    return make_party()


@pytest.fixture
def campaign(party: LegalEntity) -> Campaign:
    return make_campaign(party)


def open_autogiro(party: LegalEntity) -> None:
    PayerRange.objects.create(entity=party, first=1_000, last=9_999)
    account = Account.objects.create(
        entity=party, provider="autogiro", slug="a", name="Autogiro", external_id="991-2346"
    )
    Agreement.objects.create(account=account)


def new(campaign: Campaign, **changes: object) -> NewPledge:
    giver = Giver(name="Anna", email="anna@example.org")
    values = {"campaign": campaign, "amount_ore": 20_000, "day": 28, "giver": giver, **changes}
    return NewPledge(**values)  # type: ignore[arg-type]


def test_each_thing_that_is_missing_is_said(party: LegalEntity) -> None:
    missing = recurring.missing(party.pk)
    assert missing["autogiro"] == ["account", "range"]
    assert recurring.ways(party.pk) == []
    account = Account.objects.create(
        entity=party, provider="autogiro", slug="a", name="Autogiro", external_id="991-2345"
    )
    MandateWording.objects.all().delete()
    with translation.override("en"):
        said = [str(one) for one in recurring_words.sentences(recurring.missing(party.pk))]
    assert said[:4] == [
        "Autogiro: the account has no right bankgiro number.",
        "Autogiro: the agreement with Bankgirot is missing or ended.",
        "Autogiro: no range of payer numbers is set.",
        "Autogiro: the mandate's text is missing.",
    ]
    account.external_id = "991-2346"
    account.save()


def test_autogiro_is_open_when_all_is_there(party: LegalEntity) -> None:
    open_autogiro(party)
    assert "autogiro" in recurring.ways(party.pk)
    assert "autogiro" not in recurring.missing(party.pk)


def test_a_way_that_is_not_open_begins_nothing(campaign: Campaign) -> None:
    for method in ("autogiro", "barter"):
        with pytest.raises(ProviderUnavailable):
            recurring.start(new(campaign, method=method), ACCOUNT)
    assert Pledge.objects.count() == 0


def test_a_full_range_of_payer_numbers_begins_nothing(
    campaign: Campaign, party: LegalEntity
) -> None:
    open_autogiro(party)
    PayerRange.objects.update(first=11, last=12)
    with pytest.raises(ProviderUnavailable):
        recurring.start(new(campaign), ACCOUNT)
    assert Pledge.objects.count() == 0


def test_the_same_form_is_the_same_pledge_and_another_form_another(
    campaign: Campaign, party: LegalEntity
) -> None:
    open_autogiro(party)
    first = recurring.start(new(campaign, submission=b"1" * 32), ACCOUNT)
    assert recurring.start(new(campaign, submission=b"1" * 32), ACCOUNT) == first
    other = NewAccount(AccountDetails("6000000301286698", "198112289874"))
    assert recurring.start(new(campaign, submission=b"1" * 32), other) != first
    assert recurring.start(new(campaign, submission=b"2" * 32), ACCOUNT) != first
    assert list(Pledge.objects.order_by("pk").values_list("state", "end_reason")) == [
        ("ended", "changed"),
        ("unconfirmed", ""),
        ("unconfirmed", ""),
    ]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("variant", ["person", "organisation", "bankgiro"])
def test_every_text_is_there_with_only_the_payees_particulars_filled_in(
    party: LegalEntity, language: str, variant: str
) -> None:
    open_autogiro(party)
    text = wording.current(variant, language, date(2026, 11, 25))
    assert text is not None
    filled = wording.filled(text, party)
    assert "{" not in filled
    assert filled.count("991-2346") == 1
    differing = set(filled.splitlines()) ^ set(text.text.strip().splitlines())
    assert [line for line in differing if not line.startswith(("Betalningsm", "Payee:"))] == []
    assert len([block for block in wording.blocks(filled) if block.is_heading]) == 9


def test_the_paper_names_its_payer_masks_the_rest_and_makes_the_same_pdf_twice(
    campaign: Campaign, party: LegalEntity
) -> None:
    open_autogiro(party)
    text = wording.current("person", "sv", date(2026, 11, 25))
    account = NewAccount(ACCOUNT.details, ACCOUNT.hint, "person", text.pk if text else None)
    begun = recurring.start(new(campaign), account)
    mandate = Pledge.objects.get(pk=begun.pledge_id).mandates.get()
    paper = papers.paper_of(mandate)
    assert paper is not None
    facts = dict(paper.facts)
    assert facts["Betalare"] == "Anna"
    assert facts["Personnummer"] == "19811228-****"
    assert facts["Konto"] == "SEB 5102-…751"
    assert facts["Signerad"] == "Inte undertecknat än"
    assert "Anna" not in repr(paper)
    made = mandate_pdf(paper)
    assert made.startswith(b"%PDF-")
    assert made == mandate_pdf(paper)
