"""The database itself refuses what the doors would never write."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from donors import queries
from donors import services as donors
from donors.models import ConsentWording, ContactPoint, Donor, Identity, LegalBasis
from fundraise import clock
from fundraise.refs import new_ref
from tests.donors.givers import BY

pytestmark = pytest.mark.django_db
SOME = b"\x01sealed"


def refuse(rule: str, row: Any) -> None:
    kept = type(row).objects.count()
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        row.save(force_insert=True)
    assert type(row).objects.count() == kept


# --- Donor ----------------------------------------------------------------------------------------
def a_donor(**changed: Any) -> Donor:
    fields: dict[str, Any] = {"kind": "person", "language": "sv", "source": "staff"}
    fields |= {"name_sealed": SOME, "name_hash": SOME, "created_at": clock.now()}
    return Donor(**(fields | changed))


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"kind": "household"}, "donor_kind_is_known"),
        ({"language": "de"}, "donor_language_is_known"),
        ({"status": "gone"}, "donor_status_is_known"),
        ({"source": "Anna Lind"}, "donor_source_is_a_code"),
        ({"name_sealed": None}, "donor_has_a_name_until_erased"),
        ({"name_hash": None}, "donor_has_a_name_until_erased"),
        ({"status": "erased"}, "donor_has_a_name_until_erased"),
        ({"erased_at": clock.real_now()}, "donor_has_a_name_until_erased"),
    ],
)
def test_a_donor_of_no_known_sort_is_refused(changed: dict[str, Any], rule: str) -> None:
    refuse(rule, a_donor(**changed))


def test_a_source_may_name_the_gift_it_was() -> None:
    source = f"gift:{new_ref()}"
    a_donor(source=source).save()
    assert Donor.objects.get().source == source
    refuse("donor_source_is_a_code", a_donor(source="gift:anna@example.se"))


def test_two_donors_never_have_one_ref() -> None:
    ref = new_ref()
    a_donor(ref=ref).save()
    refuse("donors_donor_ref", a_donor(ref=ref))


# --- Contact points and identities ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"kind": "fax"}, "contact_point_kind_is_known"),
        ({"state": "perhaps"}, "contact_point_state_is_known"),
        ({"state": "confirmed"}, "contact_point_confirmed_has_a_time"),
        ({"confirmed_at": clock.real_now()}, "contact_point_unconfirmed_has_no_time"),
        ({"source": "Anna Lind"}, "contact_point_source_is_a_code"),
    ],
)
def test_a_contact_point_of_no_known_sort_is_refused(
    anna: Donor, changed: dict[str, Any], rule: str
) -> None:
    fields: dict[str, Any] = {"donor": anna, "kind": "phone", "source": "staff"}
    fields |= {"value_sealed": SOME, "value_hash": SOME, "created_at": clock.now()}
    refuse(rule, ContactPoint(**(fields | changed)))


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"kind": "passport"}, "identity_kind_is_known"),
        ({"reason": ""}, "identity_personal_number_has_a_reason"),
        ({"reason": "curiosity"}, "identity_personal_number_has_a_reason"),
        ({"source": "Anna Lind"}, "identity_source_is_a_code"),
    ],
)
def test_an_identity_number_without_a_reason_is_refused(
    anna: Donor, changed: dict[str, Any], rule: str
) -> None:
    fields: dict[str, Any] = {"donor": anna, "kind": "personal_number", "reason": "mandate"}
    fields |= {"value_sealed": SOME, "value_hash": SOME, "source": "x", "created_at": clock.now()}
    refuse(rule, Identity(**(fields | changed)))


# --- Words ----------------------------------------------------------------------------------------
def words(purpose: str = "appeals") -> ConsentWording:
    donors.ensure_first_wordings()
    wording = queries.current_wording(purpose)
    assert wording is not None
    return wording


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"version": 1}, "wording_version_once_per_purpose"),
        ({"version": 0}, "wording_versions_begin_at_one"),
        ({"text_sv": ""}, "wording_in_both_languages"),
        ({"text_en": ""}, "wording_in_both_languages"),
        ({"purpose": "An appeal"}, "wording_purpose_is_a_code"),
    ],
)
def test_half_a_wording_is_refused(changed: dict[str, Any], rule: str) -> None:
    words()
    fields: dict[str, Any] = {"purpose": "appeals", "version": 2, "from_date": clock.today()}
    refuse(rule, ConsentWording(**(fields | {"text_sv": "Ja", "text_en": "Yes"} | changed)))


def test_words_once_published_are_never_edited_or_taken_away() -> None:
    wording = ConsentWording.objects.filter(pk=words().pk)
    before = wording.get().text_sv
    with pytest.raises(DatabaseError, match="publish a new version"), transaction.atomic():
        wording.update(text_sv="Andra ord")
    with pytest.raises(DatabaseError, match="publish a new version"), transaction.atomic():
        wording.delete()
    assert wording.get().text_sv == before


# --- Legal bases ----------------------------------------------------------------------------------
def a_consent(donor: Donor, **changed: Any) -> LegalBasis:
    fields: dict[str, Any] = {"donor": donor, "purpose": "appeals", "basis": "consent"}
    fields |= {"source": "gift_page", "created_at": clock.now(), "given_at": clock.now()}
    return LegalBasis(**(fields | {"wording": words(), "proof": "form:1"} | changed))


def a_membership(donor: Donor, **changed: Any) -> LegalBasis:
    fields: dict[str, Any] = {"donor": donor, "purpose": "appeals", "basis": "membership"}
    fields |= {"source": "import", "created_at": clock.now(), "informed_on": clock.today()}
    return LegalBasis(**(fields | changed))


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"proof": ""}, "basis_consent_has_proof"),
        ({"given_at": None}, "basis_consent_has_proof"),
        ({"wording": None}, "basis_consent_has_proof"),
        ({"objection_at": clock.real_now()}, "basis_consent_is_withdrawn_not_objected"),
        ({"informed_on": clock.today()}, "basis_consent_is_withdrawn_not_objected"),
        ({"basis": "hope"}, "basis_"),
        ({"purpose": "An appeal"}, "basis_purpose_is_a_code"),
        ({"source": "Anna Lind"}, "basis_source_is_a_code"),
        ({"ended_at": clock.real_now()}, "basis_end_has_a_reason"),
        ({"end_reason": "renewed"}, "basis_end_has_a_reason"),
    ],
)
def test_half_a_consent_is_refused(anna: Donor, changed: dict[str, Any], rule: str) -> None:
    words()
    refuse(rule, a_consent(anna, **changed))


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"informed_on": None}, "basis_relation_was_informed"),
        ({"given_at": clock.real_now()}, "basis_only_consent_is_given"),
        ({"proof": "form:1"}, "basis_only_consent_is_given"),
        ({"withdrawn_at": clock.real_now()}, "basis_only_consent_is_given"),
    ],
)
def test_half_a_membership_is_refused(anna: Donor, changed: dict[str, Any], rule: str) -> None:
    refuse(rule, a_membership(anna, **changed))


def test_a_known_basis_that_is_none_of_the_three_is_refused(anna: Donor) -> None:
    refuse("basis_is_known", a_membership(anna, basis="hope"))


def test_a_consent_can_not_stand_on_words_for_another_purpose(anna: Donor) -> None:
    row = a_consent(anna, wording=words("register"))
    with (
        pytest.raises(IntegrityError, match="basis_wording_is_of_the_purpose"),
        transaction.atomic(),
    ):
        row.save(force_insert=True)
    assert anna.legal_bases.count() == 0


def test_two_active_bases_of_one_sort_are_refused(anna: Donor) -> None:
    a_membership(anna).save()
    refuse("basis_one_active", a_membership(anna))


@pytest.mark.parametrize(
    "changed",
    [
        {"source": "staff"},
        {"given_at": clock.real_now()},
        {"proof": "form:2"},
        {"purpose": "register"},
        {"withdrawn_at": None},
        {"withdrawn_at": clock.real_now()},
    ],
)
def test_a_basis_is_only_ever_ended_and_once(anna: Donor, changed: dict[str, Any]) -> None:
    row = a_consent(anna)
    row.save()
    donors.withdraw_consent(donor_id=anna.pk, purpose="appeals", by=BY)
    before = LegalBasis.objects.values().get()
    with pytest.raises(DatabaseError, match="only ended"), transaction.atomic():
        LegalBasis.objects.filter(pk=row.pk).update(**changed)
    with pytest.raises(DatabaseError, match="only ended"), transaction.atomic():
        LegalBasis.objects.filter(pk=row.pk).delete()
    assert LegalBasis.objects.values().get() == before
