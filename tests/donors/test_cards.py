"""Whoever opens a donor leaves a line; pages open only what they show."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from donors import queries
from donors import services as donors
from donors.errors import DonorError, InvalidValue
from donors.models import Donor, Identity
from donors.values import OrganisationName, PersonName, PostalAddress
from fundraise.audit import queries as log
from fundraise.audit.models import ChangeLine, ReadLine
from tests.donors.givers import BY, SHARED, Givers, register

pytestmark = pytest.mark.django_db


def keep_number(donor: Donor, number: str = "811228-9874", reason: str = "mandate") -> Identity:
    return donors.record_identity(
        donor_id=donor.pk,
        kind="personal_number",
        number=number,
        source="staff",
        by=BY,
        reason=reason,
    )


# --- Registering ----------------------------------------------------------------------------------
def test_a_registration_is_one_audit_line_without_the_person(anna: Donor) -> None:
    line = log.changes_of("donor", anna.ref).get()
    assert (line.by, line.action, line.before) == (BY, "donor.registered", {})
    assert line.after == {"kind": "person", "language": "sv", "source": "gift_page"}


def test_a_donor_is_a_person_or_an_organisation_and_stays_so(givers: Givers) -> None:
    assert (givers.anna.kind, givers.union.kind) == ("person", "organisation")
    with pytest.raises(DonorError, match="name_of_another_kind"):
        donors.rename_donor(donor_id=givers.anna.pk, name=OrganisationName("Lind AB"), by=BY)


def test_a_renamed_donor_is_found_by_the_new_name_only(anna: Donor) -> None:
    donors.rename_donor(donor_id=anna.pk, name=PersonName("Anna", "Ek"), by=BY, reason="married")
    assert list(queries.find_donors("anna ek")) == [anna]
    assert list(queries.find_donors("anna lind")) == []
    assert ChangeLine.objects.latest("id").after == {"fields": ["name"]}


# --- One donor ------------------------------------------------------------------------------------
def test_a_card_shows_the_donor_and_leaves_a_line(anna: Donor) -> None:
    home = PostalAddress(("Storgatan 1",), "111 22", "Ort")
    donors.add_contact_point(donor_id=anna.pk, kind="postal", value=home, source="staff", by=BY)
    keep_number(anna)
    card = donors.read_card(donor_ref=anna.ref, by="staff:9", purpose="complaint")
    assert card.name == PersonName("Anna", "Lind")
    assert [point.value for point in card.contact_points] == [SHARED, home]
    assert card.identities == (("personal_number", "19811228-****"),)
    line = log.reads_of("donor", anna.ref).get()
    assert (line.by, line.purpose, line.count) == ("staff:9", "complaint", 1)


def test_a_card_that_can_not_be_logged_is_not_shown(anna: Donor) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError, match="read_has_a_purpose"), transaction.atomic():
        donors.read_card(donor_ref=anna.ref, by=BY, purpose="")
    assert ReadLine.objects.count() == 0


def test_a_look_at_nobody_leaves_no_line() -> None:
    with pytest.raises(Donor.DoesNotExist):
        donors.read_card(donor_ref=Donor().ref, by=BY, purpose="card")
    assert ReadLine.objects.count() == 0


# --- Identity numbers -----------------------------------------------------------------------------
def test_a_whole_number_is_read_for_a_purpose_that_is_logged(anna: Donor) -> None:
    keep_number(anna)
    number = donors.read_identity(
        donor_ref=anna.ref, kind="personal_number", by=BY, purpose="mandate_file"
    )
    assert number == "198112289874"
    assert ReadLine.objects.get().purpose == "mandate_file:personal_number"


def test_a_personal_number_needs_a_reason(anna: Donor) -> None:
    with pytest.raises(DonorError, match="identity_without_reason"):
        keep_number(anna, reason="")
    with pytest.raises(InvalidValue, match="personal_number_invalid"):
        keep_number(anna, number="811228-9875")
    assert Identity.objects.count() == 0


def test_a_corrected_number_takes_the_place_of_the_first(anna: Donor) -> None:
    keep_number(anna)
    keep_number(anna, number="701063-2391", reason="party_report")
    assert Identity.objects.get().reason == "party_report"
    assert ChangeLine.objects.latest("id").after == {
        "kind": "personal_number",
        "reason": "party_report",
        "replaced": True,
    }


def test_a_number_goes_when_its_reason_ends(anna: Donor) -> None:
    keep_number(anna)
    gone = [
        donors.remove_identity(donor_id=anna.pk, kind="personal_number", by=BY, reason="ended")
        for _time in range(2)
    ]
    assert (gone, Identity.objects.count()) == ([True, False], 0)


def test_two_records_of_one_person_are_found_by_the_number(givers: Givers) -> None:
    keep_number(givers.anna)
    keep_number(givers.bo)
    assert list(queries.find_donors("8112289874")) == [givers.anna, givers.bo]


# --- Many -----------------------------------------------------------------------------------------
def test_a_page_opens_its_own_donors_only_and_leaves_a_line_for_each(
    givers: Givers, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):  # savepoint, donors, log, keys, addresses, release
        page = queries.page_of_donors(donors=Donor.objects.all(), by=BY, purpose="list", size=2)
    assert [(row.name, row.email) for row in page.rows] == [
        ("Anna Lind", SHARED),
        ("Bo Lind", SHARED),
    ]
    seen = ReadLine.objects.order_by("id").values_list("subject_ref", flat=True)
    assert list(seen) == [str(givers.anna.ref), str(givers.bo.ref)]


def test_the_next_page_begins_where_the_last_ended(givers: Givers) -> None:
    everyone = Donor.objects.all()
    first = queries.page_of_donors(donors=everyone, by=BY, purpose="list", size=2)
    assert first.next_after == givers.bo.pk
    second = queries.page_of_donors(
        donors=everyone, by=BY, purpose="list", size=2, after=first.next_after
    )
    assert ([row.id for row in second.rows], second.next_after) == ([givers.union.pk], None)


@pytest.mark.parametrize(
    "typed", ["Hamnarbetarna", " HAMNARBETARNA ", "kassa@hamn.example.se", "0701740605"]
)
def test_staff_find_a_donor_by_what_names_it_exactly(givers: Givers, typed: str) -> None:
    donors.add_contact_point(
        donor_id=givers.union.pk, kind="phone", value="+46701740605", source="staff", by=BY
    )
    assert list(queries.find_donors(typed)) == [givers.union]


@pytest.mark.parametrize("typed", ["Hamn", "", "%", "x" * 5000, "\ud800"])
def test_half_a_name_finds_nobody(givers: Givers, typed: str) -> None:
    assert list(queries.find_donors(typed)) == []


def test_an_unreadable_email_is_left_out_of_the_row_and_not_guessed() -> None:
    donor = register(email="")
    page = queries.page_of_donors(donors=Donor.objects.all(), by=BY, purpose="list")
    assert [(row.id, row.email) for row in page.rows] == [(donor.pk, "")]
