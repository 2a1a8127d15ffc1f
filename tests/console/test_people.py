"""A district's people see the donors who give or gave to the district, and those gifts only."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from donors.models import Donor
from fundraise.audit.models import ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.ledger.models import LegalEntity
from fundraise.pledges.models import Pledge
from fundraise.pledges.services.starting import NewPledge, start_pledge
from fundraise.staff.services import give_role
from tests.console.conftest import BJORN, cash_gift
from tests.console.house import make_donor
from tests.people import make_campaign, make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(party: LegalEntity) -> Campaign:
    made = make_party("skane")
    made.parent = party
    made.save(update_fields=["parent"])
    return make_campaign(made, "skane")


@pytest.fixture
def maja(district: Campaign) -> Client:
    """The district's treasurer."""
    user = User.objects.create_user("maja", password="a long enough password", is_staff=True)
    give_role(user, "treasurer", district.entity, by="system:test")
    client = Client()
    client.force_login(user)
    return client


def tied(gift: Gift, donor: Donor) -> Gift:
    Gift.objects.filter(pk=gift.pk).update(donor=donor)
    return gift


def test_a_donor_of_the_party_is_not_there_for_the_district(
    campaign: Campaign, maja: Client
) -> None:
    donor = make_donor()
    tied(cash_gift(campaign), donor)

    found = maja.post("/staff/donors/", {"text": BJORN.email})

    assert maja.get(f"/staff/donors/{donor.ref}/").status_code == 404
    assert "Testgren" not in found.content.decode()
    assert ReadLine.objects.count() == 0


def test_a_donor_of_both_is_shown_with_the_districts_gifts(
    campaign: Campaign, district: Campaign, maja: Client
) -> None:
    donor = make_donor()
    ours = tied(cash_gift(district, 300_00, "slip 2"), donor)
    theirs = tied(cash_gift(campaign), donor)

    shown = maja.get(f"/staff/donors/{donor.ref}/").content.decode()

    assert str(ours.ref)[:8] in shown
    assert str(theirs.ref)[:8] not in shown
    assert "Testgren" in maja.post("/staff/donors/", {"text": BJORN.email}).content.decode()


def test_a_donor_with_a_monthly_gift_and_no_gift_yet_is_there_for_its_district_alone(
    campaign: Campaign, district: Campaign, maja: Client
) -> None:
    begins, promised = make_donor(), NewPledge(district, 200_00, 28, BJORN, method="card")
    pledge = start_pledge(promised, None)
    url = f"/staff/donors/{begins.ref}/"
    assert maja.get(url).status_code == 404

    Pledge.objects.filter(pk=pledge.pk).update(donor=begins)
    elsewhere = start_pledge(NewPledge(campaign, 100_00, 28, BJORN, method="card"), None)
    Pledge.objects.filter(pk=elsewhere.pk).update(donor=begins)

    shown = maja.get(url).content.decode()
    assert f"/staff/pledges/{pledge.ref}/" in shown
    assert f"/staff/pledges/{elsewhere.ref}/" not in shown
    assert "Testgren" in maja.post("/staff/donors/", {"text": BJORN.email}).content.decode()

    Pledge.objects.filter(pk=pledge.pk).update(donor=None)
    assert maja.get(url).status_code == 404


def test_the_partys_treasurer_sees_every_donor(david: Client, district: Campaign) -> None:
    donor = make_donor()
    tied(cash_gift(district, 300_00, "slip 2"), donor)
    assert david.get(f"/staff/donors/{donor.ref}/").status_code == 200
