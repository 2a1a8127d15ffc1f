"""Contact points: once per donor, shared across donors."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from donors import services as donors
from donors.errors import DonorError, InvalidValue
from donors.models import ContactPoint, Donor
from donors.values import PostalAddress
from fundraise.audit.models import ChangeLine
from tests.donors.givers import BY, SHARED, Givers, register

pytestmark = pytest.mark.django_db


def add(donor: Donor, kind: str, value: str | PostalAddress) -> ContactPoint:
    return donors.add_contact_point(
        donor_id=donor.pk, kind=kind, value=value, source="staff", by=BY
    )


def test_a_couple_may_share_an_address(givers: Givers) -> None:
    assert donors.find_by_email("Lind@Example.se") == [givers.anna, givers.bo]


def test_the_same_address_twice_is_one_contact_point(anna: Donor) -> None:
    first = anna.contact_points.get()
    assert add(anna, "email", "LIND@example.se") == first
    assert anna.contact_points.count() == 1
    assert ChangeLine.objects.filter(action="donor.contact_point.added").count() == 0


def test_the_database_refuses_the_same_address_twice(anna: Donor) -> None:
    copy = anna.contact_points.get()
    copy.pk, copy.is_primary = None, False
    with pytest.raises(IntegrityError, match="contact_point_once_per_donor"), transaction.atomic():
        copy.save(force_insert=True)
    assert anna.contact_points.count() == 1


def test_the_database_refuses_a_second_primary_of_a_kind(anna: Donor) -> None:
    other = add(anna, "email", "anna@example.se")
    with (
        pytest.raises(IntegrityError, match="contact_point_one_primary_of_a_kind"),
        transaction.atomic(),
    ):
        ContactPoint.objects.filter(pk=other.pk).update(is_primary=True)


def test_the_first_of_a_kind_is_the_primary_one(anna: Donor) -> None:
    added = [
        add(anna, "email", "anna@example.se"),
        add(anna, "phone", "0701740605"),
        add(anna, "postal", PostalAddress(("Storgatan 1",), "11122", "Ort")),
    ]
    assert [point.is_primary for point in added] == [False, True, True]


def test_another_address_can_become_the_primary_one(anna: Donor) -> None:
    other = add(anna, "email", "anna@example.se")
    assert donors.make_primary(contact_point_id=other.pk, by=BY) is True
    assert donors.make_primary(contact_point_id=other.pk, by=BY) is False
    assert list(anna.contact_points.filter(is_primary=True)) == [other]


def test_taking_the_primary_one_away_leaves_the_oldest_other(anna: Donor) -> None:
    first, second = anna.contact_points.get(), add(anna, "email", "anna@example.se")
    donors.remove_contact_point(contact_point_id=first.pk, by=BY, reason="moved")
    left = anna.contact_points.get()
    assert (left.pk, left.is_primary) == (second.pk, True)
    assert donors.find_by_email(SHARED) == []


def test_an_address_is_confirmed_once(anna: Donor) -> None:
    point = anna.contact_points.get()
    assert donors.confirm_contact_point(contact_point_id=point.pk, by=BY) is True
    assert donors.confirm_contact_point(contact_point_id=point.pk, by=BY) is False
    point.refresh_from_db()
    assert (point.state, point.confirmed_at is not None) == ("confirmed", True)


def test_a_bouncing_address_can_be_confirmed_again(anna: Donor) -> None:
    point = anna.contact_points.get()
    assert donors.mark_bouncing(contact_point_id=point.pk, by=BY) is True
    assert donors.confirm_contact_point(contact_point_id=point.pk, by=BY) is True
    line = ChangeLine.objects.latest("id")
    assert (line.before, line.after["state"]) == ({"state": "bouncing"}, "confirmed")


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("email", "no address", "email_invalid"),
        ("phone", "12", "phone_invalid"),
        ("fax", "0701740605", "contact_kind_unknown"),
        ("postal", "Storgatan 1", "contact_kind_unknown"),
        ("email", PostalAddress(("A",), "11122", "B"), "contact_kind_unknown"),
    ],
)
def test_what_is_no_address_is_refused_and_nothing_kept(
    anna: Donor, kind: str, value: str | PostalAddress, code: str
) -> None:
    with pytest.raises(DonorError, match=code):
        add(anna, kind, value)
    assert anna.contact_points.count() == 1


def test_a_donor_with_a_broken_address_is_not_registered() -> None:
    with pytest.raises(InvalidValue, match="email_invalid"):
        register(email="no address")
    assert (Donor.objects.count(), ContactPoint.objects.count()) == (0, 0)


def test_nothing_can_be_added_to_nobody() -> None:
    with pytest.raises(DonorError, match="no_such_donor"):
        donors.add_contact_point(donor_id=0, kind="email", value="a@b.se", source="staff", by=BY)
    with pytest.raises(DonorError, match="no_such_contact_point"):
        donors.confirm_contact_point(contact_point_id=0, by=BY)
