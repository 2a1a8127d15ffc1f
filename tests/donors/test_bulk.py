"""A list of many donors becomes the same rows as one by one."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from donors import queries
from donors import services as donors
from donors.errors import InvalidValue
from donors.models import ContactPoint, Donor, DonorKey
from donors.values import NewDonor, OrganisationName, PersonName, PostalAddress
from fundraise.audit.models import ChangeLine
from tests.donors.givers import BY, SHARED

pytestmark = pytest.mark.django_db
HOME = PostalAddress(("Storgatan 1",), "111 22", "Ort")
LIST = [
    NewDonor(PersonName("Anna", "Lind"), email=SHARED, member_informed_on=date(2009, 5, 1)),
    NewDonor(PersonName("Bo", "Lind"), email=SHARED, phone="070-174 06 05", postal=HOME),
    NewDonor(OrganisationName("Hamnarbetarna"), language="en"),
]


def test_a_list_becomes_donors_with_their_addresses_and_memberships() -> None:
    anna, bo, union = donors.register_donors(new=LIST, source="import", by=BY)
    card = donors.read_card(donor_ref=bo.ref, by=BY, purpose="card")
    assert card.name == PersonName("Bo", "Lind")
    assert [(point.value, point.is_primary) for point in card.contact_points] == [
        (SHARED, True),
        ("+46701740605", True),
        (HOME, True),
    ]
    assert donors.find_by_email(SHARED) == [anna, bo]
    assert (union.kind, union.language) == ("organisation", "en")
    assert list(queries.allowed("appeals")) == [anna]
    assert ChangeLine.objects.filter(action="donor.registered").count() == 3


def test_one_wrong_line_and_nobody_is_registered() -> None:
    wrong = NewDonor(PersonName("Eva", "Ek"), email="no address")
    with pytest.raises(InvalidValue, match="email_invalid"):
        donors.register_donors(new=[*LIST, wrong], source="import", by=BY)
    assert (Donor.objects.count(), ContactPoint.objects.count()) == (0, 0)
    assert (DonorKey.objects.count(), ChangeLine.objects.count()) == (0, 0)


def test_a_hundred_donors_take_as_many_statements_as_three(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    many = [NewDonor(PersonName("A", str(i)), email=f"a{i}@example.se") for i in range(100)]
    for new in (LIST, many):
        # savepoint; donors, keys, addresses, log, facts; members
        statements = 2 + 5 + (new is LIST)
        with django_assert_num_queries(statements):
            donors.register_donors(new=new, source="import", by=BY)


def test_a_line_of_a_list_never_shows_in_a_repr() -> None:
    assert repr(LIST[1]) == "NewDonor(language='sv', member_informed_on=None)"
