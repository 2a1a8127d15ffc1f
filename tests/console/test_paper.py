"""Mandates on paper: a readable scan, a right account, no double unseen, and then to the bank."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from donors.models import Donor
from fundraise import clock
from fundraise.campaigns.models import Campaign
from fundraise.console import scans
from fundraise.pledges import sealing
from fundraise.pledges.models import Mandate, MandateTransition, Pledge, Signature
from tests.console import giving
from tests.console.conftest import LogIn, cash_gift
from tests.console.house import make_donor

NEW = "/staff/mandates/new/"
PDF = b"%PDF-1.7\n1 0 obj <</Type /Page>> endobj\n%%EOF\n"


@pytest.fixture
def dora(campaign: Campaign, log_in: LogIn) -> Client:
    giving.make_range(campaign)
    return log_in("dora", "donor_care")


def paper(campaign: Campaign, **other: Any) -> dict[str, Any]:
    """Björn's mandate, as he wrote it."""
    form = giving.account_form() | {
        "campaign": campaign.pk, "amount_ore": "150", "interval_months": "1", "day": "28",
        "name": "Björn Testgren", "email": "bjorn.testgren@example.se", "language": "sv",
    }  # fmt: skip
    return form | other


def test_paper_becomes_a_signed_monthly_gift_with_its_scan_sealed(
    campaign: Campaign, dora: Client
) -> None:
    form = paper(campaign, scan=SimpleUploadedFile("m.pdf", PDF))

    answer = dora.post(NEW, form)

    pledge = Pledge.objects.get()
    mandate, signature = pledge.mandates.get(), Signature.objects.get()
    assert answer["Location"] == reverse("console:pledge", args=[pledge.ref])
    assert (pledge.state, pledge.origin, pledge.amount_ore) == ("pending", "staff", 150_00)
    assert (mandate.state, mandate.origin) == ("created", "paper")
    assert mandate.account_hint == "Swedbank 8327-…897"
    details = sealing.details_of(mandate)
    assert (details.account16, details.identity12) == ("8327001234567897", "191212121212")
    assert (signature.way, signature.scan_type) == ("paper", "application/pdf")
    assert signature.scan_sealed is not None
    assert PDF not in bytes(signature.scan_sealed)
    assert sealing.scan_of(mandate.ref, bytes(signature.scan_sealed)) == PDF
    assert "received_on" in sealing.evidence_of(
        mandate.ref, bytes(signature.evidence_sealed or b"")
    )


def test_known_donor_is_filled_in_and_tied(campaign: Campaign, dora: Client) -> None:
    donor: Donor = make_donor()
    cash_gift(campaign)

    page = dora.get(f"{NEW}?donor={donor.ref}").content.decode()
    dora.post(NEW, paper(campaign, donor=str(donor.ref)))

    assert 'value="Björn Testgren"' in page
    assert Pledge.objects.get().donor == donor


def test_double_is_told_once_and_kept_when_somebody_is_sure(
    campaign: Campaign, dora: Client
) -> None:
    dora.post(NEW, paper(campaign))

    told = dora.post(NEW, paper(campaign))
    assert told.status_code == 422
    assert "Swedbank 8327-…897" in told.content.decode()
    assert Pledge.objects.count() == 1

    assert dora.post(NEW, paper(campaign, sure="on")).status_code == 302
    assert Pledge.objects.count() == 2


def test_new_account_waits_beside_the_old_one_which_is_drawn_on(
    campaign: Campaign, dora: Client
) -> None:
    pledge = giving.make_pledge(campaign)
    old = giving.approve(pledge)

    answer = dora.post(
        reverse("console:paper_account", args=[pledge.ref]), giving.account_form() | {"sure": "on"}
    )

    new = pledge.mandates.latest("pk")
    assert answer.status_code == 302
    assert (new.state, new.origin, Mandate.objects.get(pk=old.pk).state) == (
        "created", "paper", "active",
    )  # fmt: skip
    assert new.payer_number != old.payer_number
    assert pledge.changes.get().channel == "letter"


def _png(side: int) -> bytes:
    return bytes(giving.scanned(side).read())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"scan": SimpleUploadedFile("m.pdf", b"%PDF-1.7 cut")}, "Filen är skadad"),
        ({"scan": SimpleUploadedFile("m.exe", b"MZ\x90\x00")}, "Bara PDF, JPEG och PNG"),
        ({"scan": SimpleUploadedFile("m.png", _png(900)[:400])}, "Filen är skadad"),
        ({"scan": SimpleUploadedFile("m.png", _png(50))}, "Bilden är för liten"),
        ({"account": "8327-9 123"}, "Det saknas siffror"),
        ({"identity_number": "19121212-1213"}, "Skriv personnumret med tolv siffror"),
        ({"variant": "organisation"}, "Skriv organisationsnumret"),
        ({"variant": "bankgiro", "identity_number": "556036-0793"}, "Skriv bankgironumret"),
        ({"amount_ore": "1"}, "Insamlingen tar inte emot den summan"),
        ({"received_on": "2026-01-01"}, "Det undertecknades efter den dagen"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_paper_that_can_not_be_used_says_why_and_nothing_is_kept(
    wrong: dict[str, Any], said: str, campaign: Campaign, dora: Client
) -> None:
    answer = dora.post(NEW, paper(campaign, **wrong))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Pledge.objects.exists()


def test_without_payer_numbers_the_page_says_what_is_missing(
    campaign: Campaign, log_in: LogIn
) -> None:
    answer = log_in("dora", "donor_care").post(NEW, paper(campaign))

    assert answer.status_code == 422
    assert "Inga betalarnummer är angivna" in answer.content.decode()
    assert not MandateTransition.objects.exists()


def test_a_bankgiro_number_that_has_a_mandate_is_told_at_the_account(
    campaign: Campaign, dora: Client
) -> None:
    bankgiro = {"variant": "bankgiro", "account": "5050-1055", "identity_number": "556036-0793"}
    assert dora.post(NEW, paper(campaign, **bankgiro)).status_code == 302
    answer = dora.post(NEW, paper(campaign, **bankgiro, sure="on"))

    assert answer.status_code == 422
    assert answer.context["form"].errors["account"] == [
        "Ett annat medgivande har redan det numret."
    ]
    assert Mandate.objects.get().state == "created"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"account": "8327-9 123 456 789-7"}, "Swedbank"),
        ({"account": "8327-9 123"}, "Det saknas siffror"),
        ({"account": "5050-1055", "variant": "bankgiro"}, "Bankgiro 5050-1055"),
        ({"account": "50", "variant": "bankgiro"}, "Skriv bankgironumret"),
    ],
)
def test_bank_is_named_while_typing_and_the_number_is_not_repeated(
    form: dict[str, str], said: str, dora: Client
) -> None:
    text = dora.post("/staff/mandates/account/", form).content.decode()

    assert said in text
    assert "123 456 789" not in text


def test_picture_with_too_many_dots_is_refused_before_it_is_unpacked() -> None:
    bomb = BytesIO()
    from PIL import Image

    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")

    with pytest.raises(scans.ScanError) as refused:
        scans.read(bomb.getvalue())
    assert refused.value.code == "too_large"
    assert clock.today()
