"""The place of a postal address is kept beside it, and noted of addresses from before."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from donors import services as donors
from donors.models import ContactPoint, Donor, DonorKey
from donors.values import PostalAddress
from tests.donors.givers import BY

pytestmark = pytest.mark.django_db
HOME = PostalAddress(("Provgatan 7",), "114 55", " STOCKHOLM ")


def place(donor: Donor) -> tuple[str, str, str]:
    point = donor.contact_points.get(kind="postal")
    return point.postcode, point.town, point.country


def at_home(donor: Donor) -> None:
    donors.add_contact_point(donor_id=donor.pk, kind="postal", value=HOME, source="staff", by=BY)


def test_an_address_keeps_its_place_and_a_forgotten_donor_none(anna: Donor) -> None:
    at_home(anna)
    assert place(anna) == ("11455", "stockholm", "SE")
    donors.forget_donor(donor_ref=anna.ref, by=BY, reason="Ärende 12")
    assert ContactPoint.objects.filter(donor=anna).count() == 0


def test_older_addresses_get_their_place_once_and_unreadable_ones_are_told(anna: Donor) -> None:
    at_home(anna)
    ContactPoint.objects.update(postcode="", town="", country="")
    said = StringIO()
    call_command("donor_places", "--batch", "1", stdout=said)
    assert said.getvalue() == "places noted: 1\n"
    assert place(anna) == ("11455", "stockholm", "SE")

    ContactPoint.objects.update(postcode="", town="", country="")
    DonorKey.objects.all().delete()
    said = StringIO()
    call_command("donor_places", stdout=said)
    assert said.getvalue() == "places noted: 0\naddresses that can't be opened: 1\n"
    assert place(anna) == ("", "", "")
