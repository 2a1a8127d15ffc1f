"""What we may do with a donor's data, and every way to say no."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from donors import queries
from donors import services as donors
from donors.checks import legal_bases_are_known
from donors.errors import DonorError
from donors.models import ConsentWording, Donor, LegalBasis
from fundraise import clock
from fundraise.audit.models import ChangeLine
from tests.donors.givers import BY, Givers

pytestmark = pytest.mark.django_db
LONG_AGO = date(2009, 5, 1)


@pytest.fixture(autouse=True)
def _house_rules(settings: Settings) -> None:
    settings.LEGAL_BASES = {
        "register": ["consent", "membership", "regular_contact"],
        "appeals": ["consent", "membership"],
    }
    donors.ensure_first_wordings()


def words(purpose: str = "appeals") -> ConsentWording:
    wording = queries.current_wording(purpose)
    assert wording is not None
    return wording


def consent(donor: Donor, purpose: str = "appeals") -> LegalBasis:
    return donors.give_consent(
        donor_id=donor.pk, wording=words(purpose), source="gift_page", proof="form:5f2a", by=BY
    )


def member(donor: Donor) -> None:
    donors.record_membership(donor_id=donor.pk, informed_on=LONG_AGO, source="import", by=BY)


# --- Before there were words ----------------------------------------------------------------------
@pytest.mark.parametrize("given_at", [None, datetime(2025, 12, 31, 22, 59, tzinfo=UTC)])
def test_nobody_agrees_to_words_before_they_are_in_force(
    anna: Donor, given_at: datetime | None
) -> None:
    wording = words()
    if given_at is None:
        tomorrow = clock.today() + timedelta(days=1)
        wording = donors.publish_wording(
            purpose="appeals", text_sv="Nytt.", text_en="New.", from_date=tomorrow, by=BY
        )
    with pytest.raises(DonorError, match="wording_not_in_force"):
        donors.give_consent(
            donor_id=anna.pk, wording=wording, source="x", proof="form:1", by=BY, given_at=given_at
        )
    assert (LegalBasis.objects.count(), queries.may(anna.pk, "appeals")) == (0, False)


# --- Yes ------------------------------------------------------------------------------------------
def test_without_any_basis_nothing_is_allowed(anna: Donor) -> None:
    assert [queries.may(anna.pk, purpose) for purpose in ("register", "appeals")] == [False, False]


def test_a_consent_allows_its_own_purpose_only(anna: Donor) -> None:
    consent(anna, "appeals")
    assert queries.may(anna.pk, "appeals") is True
    assert queries.may(anna.pk, "register") is False


def test_a_consent_keeps_words_time_source_and_proof(anna: Donor) -> None:
    clock.use(lambda: timedelta(days=10))
    try:
        at = clock.now()
        given = consent(anna)
    finally:
        clock.use(None)
    given.refresh_from_db()
    assert (given.wording, given.source, given.proof) == (words(), "gift_page", "form:5f2a")
    assert given.given_at is not None
    assert timedelta(0) <= given.given_at - at < timedelta(seconds=5)


def test_a_consent_without_proof_is_refused(anna: Donor) -> None:
    with pytest.raises(DonorError, match="consent_without_proof"):
        donors.give_consent(donor_id=anna.pk, wording=words(), source="gift_page", proof="", by=BY)
    assert LegalBasis.objects.count() == 0


def test_a_consent_to_the_same_words_twice_is_one(anna: Donor) -> None:
    assert consent(anna) == consent(anna)
    assert LegalBasis.objects.count() == 1
    assert ChangeLine.objects.filter(action="donor.consent.given").count() == 1


def test_a_consent_to_newer_words_ends_the_older_and_keeps_it(anna: Donor) -> None:
    old = consent(anna)
    donors.publish_wording(
        purpose="appeals", text_sv="Nya ord", text_en="New words", from_date=LONG_AGO, by=BY
    )
    new = consent(anna)
    old.refresh_from_db()
    assert (words().version, old.end_reason, new.wording.version if new.wording else 0) == (
        2,
        "renewed",
        2,
    )
    assert queries.may(anna.pk, "appeals") is True


def test_words_of_tomorrow_are_not_in_force_today(anna: Donor) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    donors.publish_wording(
        purpose="appeals", text_sv="Nya", text_en="New", from_date=tomorrow, by=BY
    )
    assert words().version == 1
    later = queries.current_wording("appeals", on=tomorrow)
    assert later is not None
    assert later.version == 2
    assert queries.current_wording("birthday") is None


# --- Members --------------------------------------------------------------------------------------
def test_a_member_enrolled_long_ago_is_not_lost(anna: Donor) -> None:
    member(anna)
    assert [queries.may(anna.pk, purpose) for purpose in ("register", "appeals")] == [True, True]


def test_a_house_that_wants_consent_from_members_too_says_so_by_setting(
    anna: Donor, settings: Settings
) -> None:
    settings.LEGAL_BASES = {"register": ["membership"], "appeals": ["consent"]}
    member(anna)
    assert [queries.may(anna.pk, purpose) for purpose in ("register", "appeals")] == [True, False]


def test_the_same_member_list_twice_is_harmless(anna: Donor) -> None:
    member(anna)
    member(anna)
    assert anna.legal_bases.count() == 2
    assert ChangeLine.objects.filter(action="donor.membership.recorded").count() == 1


def test_regular_contact_is_enough_for_the_register_and_not_for_appeals(anna: Donor) -> None:
    donors.record_regular_contact(
        donor_id=anna.pk,
        informed_on=LONG_AGO,
        source="import",
        by=BY,
        purposes=["register", "appeals"],
    )
    assert [queries.may(anna.pk, purpose) for purpose in ("register", "appeals")] == [True, False]


def test_a_membership_that_ends_is_no_refusal(anna: Donor) -> None:
    member(anna)
    assert donors.end_membership(donor_id=anna.pk, by=BY) == 2
    assert queries.may(anna.pk, "appeals") is False
    member(anna)
    assert queries.may(anna.pk, "appeals") is True


def test_a_purpose_no_setting_names_needs_a_consent(anna: Donor) -> None:
    donors.record_membership(
        donor_id=anna.pk, informed_on=LONG_AGO, source="import", by=BY, purposes=["newsletter"]
    )
    assert queries.may(anna.pk, "newsletter") is False


def test_a_misspelt_basis_in_the_settings_is_found_by_check(settings: Settings) -> None:
    assert legal_bases_are_known(app_configs=None) == []
    settings.LEGAL_BASES = {"appeals": ["consent", "memberschip"]}
    (error,) = legal_bases_are_known(app_configs=None)
    assert (error.id, error.msg) == ("donors.E001", "LEGAL_BASES['appeals'] names memberschip")


# --- No -------------------------------------------------------------------------------------------
def test_taking_a_consent_back_is_one_call_as_giving_it_is(anna: Donor) -> None:
    consent(anna)
    assert donors.withdraw_consent(donor_id=anna.pk, purpose="appeals", by=f"donor:{anna.ref}")
    assert queries.may(anna.pk, "appeals") is False
    line = ChangeLine.objects.latest("id")
    assert (line.action, line.by) == ("donor.consent.withdrawn", f"donor:{anna.ref}")


def test_there_is_nothing_to_take_back_twice(anna: Donor) -> None:
    consent(anna)
    taken = [
        donors.withdraw_consent(donor_id=anna.pk, purpose="appeals", by=BY) for _time in range(2)
    ]
    assert taken == [True, False]


def test_a_member_who_takes_the_consent_back_gets_no_more_appeals(anna: Donor) -> None:
    member(anna)
    consent(anna)
    donors.withdraw_consent(donor_id=anna.pk, purpose="appeals", by=BY)
    assert [queries.may(anna.pk, purpose) for purpose in ("register", "appeals")] == [True, False]


def test_an_objection_ends_every_basis_of_the_purpose(anna: Donor) -> None:
    member(anna)
    consent(anna)
    donors.object_to(donor_id=anna.pk, purpose="appeals", source="mail_link", by=BY)
    assert [queries.may(anna.pk, purpose) for purpose in ("register", "appeals")] == [True, False]


@pytest.mark.parametrize("times", [1, 2])
def test_a_later_member_list_does_not_undo_an_objection(anna: Donor, times: int) -> None:
    for _time in range(times):
        donors.object_to(donor_id=anna.pk, purpose="appeals", source="mail_link", by=BY)
    member(anna)
    assert [queries.may(anna.pk, purpose) for purpose in ("register", "appeals")] == [True, False]
    assert anna.legal_bases.filter(objection_at__isnull=False).count() == 1
    assert ChangeLine.objects.filter(action="donor.objected").count() == 1


def test_a_new_consent_lifts_an_objection_and_a_second_objection_stands(anna: Donor) -> None:
    member(anna)
    for allowed in (True, True):
        donors.object_to(donor_id=anna.pk, purpose="appeals", source="mail_link", by=BY)
        assert queries.may(anna.pk, "appeals") is False
        consent(anna)
        assert queries.may(anna.pk, "appeals") is allowed
    donors.object_to(donor_id=anna.pk, purpose="appeals", source="mail_link", by=BY)
    assert queries.may(anna.pk, "appeals") is False


def test_a_restricted_donor_is_used_for_nothing_until_released(anna: Donor) -> None:
    consent(anna)
    assert donors.restrict_donor(donor_id=anna.pk, by=BY) is True
    assert donors.restrict_donor(donor_id=anna.pk, by=BY) is False
    assert queries.may(anna.pk, "appeals") is False
    assert donors.release_donor(donor_id=anna.pk, by=BY) is True
    assert queries.may(anna.pk, "appeals") is True


# --- Many -----------------------------------------------------------------------------------------
def test_the_allowed_of_many_are_found_in_one_query(
    givers: Givers, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    consent(givers.anna)
    member(givers.bo)
    member(givers.union)
    donors.object_to(donor_id=givers.union.pk, purpose="appeals", source="mail_link", by=BY)
    with django_assert_num_queries(1):
        found = list(queries.allowed("appeals").order_by("pk"))
    assert found == [givers.anna, givers.bo]
