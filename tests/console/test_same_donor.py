"""The same donor twice: found, looked at side by side, and made one by who may."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from donors import services as donors
from donors.models import Donor, DonorMerge, DonorsApart
from fundraise.audit.models import ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from tests.console.conftest import LogIn, cash_gift
from tests.donors.givers import register

pytestmark = pytest.mark.django_db


def page_of(donor: Donor) -> str:
    return reverse("console:donor", args=[donor.ref])


def beside(kept: Donor, gone: Donor) -> str:
    return reverse("console:same_donor", args=[kept.ref, gone.ref])


def two(one: Donor, other: Donor) -> str:
    return reverse("console:tell_apart", args=[one.ref, other.ref])


def said_by(client: Client, address: str) -> str:
    return client.post(address, follow=True).content.decode()


def said(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def test_two_records_are_found_compared_and_made_one(log_in: LogIn, campaign: Campaign) -> None:
    dora = log_in("dora", "donor_care")
    kept, gone = register(email="anna@example.se"), register(email="ANNA@example.se")
    register("Bo", email="bo@example.se")
    gift = cash_gift(campaign, 300_00)
    Gift.objects.filter(pk=gift.pk).update(donor=gone)
    donors.object_to(donor_id=gone.pk, purpose="appeals", source="letter", by="staff:1")

    listed = said(dora, reverse("console:duplicates"))
    assert beside(kept, gone) in listed
    assert "Bo Lind" not in listed
    card = said(dora, page_of(kept))
    assert "samma e-postadress, samma namn" in card
    assert beside(kept, gone) in card
    both = said(dora, beside(kept, gone))
    assert "300 kr" in both
    assert "samma e-postadress, samma namn" in both
    assert ReadLine.objects.filter(purpose="staff.merge").count() == 2
    assert dora.post(beside(kept, gone), {"reason": ""}).status_code == 422
    assert DonorMerge.objects.count() == 0, "looking changes nothing"

    made = dora.post(beside(kept, gone), {"reason": "ringde och sa det"}, follow=True)
    assert "De är en givare nu." in made.content.decode()
    assert Gift.objects.get(pk=gift.pk).donor == kept
    again = dora.post(beside(kept, gone), {"reason": "ringde och sa det"}, follow=True)
    assert "De är redan en." in again.content.decode()
    assert dora.get(page_of(gone))["Location"] == page_of(kept)
    told = said(dora, page_of(kept))
    assert "En post slogs ihop med den här" in told
    assert "ringde och sa det" in told
    assert "Ingen post är säkert någon annans." in said(dora, reverse("console:duplicates"))
    assert DonorMerge.objects.count() == 1


def test_who_may_only_look_merges_nobody_and_two_people_stay_two(log_in: LogIn) -> None:
    reader, dora = log_in("reader", "auditor"), log_in("dora", "donor_care")
    kept, gone = register(email="a@example.se"), register(email="b@example.se")
    assert "Ditt konto får inte slå ihop givare" in said(reader, beside(kept, gone))
    assert reader.post(beside(kept, gone), {"reason": "x"}).status_code == 403
    donors.restrict_donor(donor_id=gone.pk, by="staff:1")
    refused = dora.post(beside(kept, gone), {"reason": "samma person"})
    assert refused.status_code == 422
    assert "Det måste upphöra först." in refused.content.decode()
    same = dora.post(beside(kept, kept), {"reason": "samma person"})
    assert "Det är en och samma post." in same.content.decode()
    assert DonorMerge.objects.count() == 0
    assert Donor.objects.filter(status="erased").count() == 0


def test_two_people_are_told_apart_in_one_tap_and_it_is_taken_back(log_in: LogIn) -> None:
    dora = log_in("dora", "donor_care")
    anna, also = register(), register()

    assert "De är två personer" in said(dora, beside(anna, also))
    assert DonorsApart.objects.count() == 0, "looking changes nothing"
    wrong = dora.post(two(anna, also), {"apart-reason": "ring anna@example.se"})
    assert wrong.status_code == 422
    assert DonorsApart.objects.count() == 0
    told = dora.post(two(anna, also), {"apart-reason": "far och dotter"}, follow=True)
    assert "De är två. Ingen får frågan om dem igen." in told.content.decode()
    assert "Det var redan sagt." in said_by(dora, two(also, anna))

    assert "Ingen post är säkert någon annans." in said(dora, reverse("console:duplicates"))
    for donor, other in ((anna, also), (also, anna)):
        page = said(dora, page_of(donor))
        assert "dora sade" in page
        assert 'är en annan givare. <span class="quiet">far och dotter' in page
        assert reverse("console:take_back_apart", args=[donor.ref, other.ref]) in page
    assert "att de är två." in said(dora, beside(also, anna))

    back = reverse("console:take_back_apart", args=[also.ref, anna.ref])
    assert "Det är taget tillbaka" in said_by(dora, back)
    assert "Det var redan taget tillbaka." in said_by(dora, back)
    assert beside(anna, also) in said(dora, reverse("console:duplicates"))


def test_merging_two_that_were_said_to_be_two_asks_first(log_in: LogIn) -> None:
    dora = log_in("dora", "donor_care")
    kept, gone = register(), register()
    dora.post(two(kept, gone))

    asked = dora.post(beside(kept, gone), {"reason": "ringde"})
    assert asked.status_code == 422
    assert "Jag vet att det är sagt att de är två" in asked.content.decode()
    assert DonorMerge.objects.count() == 0
    done = dora.post(beside(kept, gone), {"reason": "ringde", "though_apart": "on"}, follow=True)
    assert "De är en givare nu." in done.content.decode()
    assert DonorsApart.objects.count() == 0


def test_who_may_only_look_reads_what_was_said_and_says_nothing(log_in: LogIn) -> None:
    reader, dora = log_in("reader", "auditor"), log_in("dora", "donor_care")
    anna, also = register(), register()
    assert reader.post(two(anna, also)).status_code == 403
    dora.post(two(anna, also))
    back = reverse("console:take_back_apart", args=[anna.ref, also.ref])
    page = said(reader, page_of(anna))
    assert "dora sade" in page
    assert back not in page
    assert reader.post(back).status_code == 403
    assert DonorsApart.objects.count() == 1
    assert dora.get(two(anna, also))["Location"] == beside(anna, also)


def test_the_donors_own_copy_says_nothing_of_who_is_alike(log_in: LogIn) -> None:
    dora = log_in("dora", "donor_care")
    anna, also = register(), register()
    dora.post(two(anna, also))
    copy = dora.post(reverse("console:export_donor", args=[anna.ref]), {"export-reason": "brev 3"})
    assert "donor.told_apart" in copy.content.decode()
    assert str(also.ref) not in copy.content.decode()
