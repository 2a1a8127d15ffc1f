"""Keys are changed while the house is open: nothing is lost, nobody is found twice."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from donors import queries
from donors import services as donors
from donors.models import Donor, DonorKey
from donors.rotation import stale_donors
from donors.values import PersonName
from fundraise import crypto
from tests.donors.givers import BY, SHARED, Givers, register
from tests.donors.test_secrecy import plant

pytestmark = pytest.mark.django_db
OLD, NEW = crypto.new_key_setting("old"), crypto.new_key_setting("new")


@pytest.fixture(autouse=True)
def _old_keys(settings: Settings) -> None:
    settings.FIELD_KEYS = [OLD]
    settings.LOOKUP_KEYS = [OLD]


def bring_in_the_new(settings: Settings) -> None:
    settings.FIELD_KEYS = [NEW, OLD]
    settings.LOOKUP_KEYS = [NEW, OLD]


def drop_the_old(settings: Settings) -> None:
    settings.FIELD_KEYS = [NEW]
    settings.LOOKUP_KEYS = [NEW]


@pytest.fixture
def rotated(_old_keys: None, givers: Givers, settings: Settings) -> Givers:
    bring_in_the_new(settings)
    assert donors.rotate_keys(batch=10) == donors.Rotation(3, (), givers.union.pk)
    drop_the_old(settings)
    return givers


def test_after_a_rotation_the_old_key_is_needed_for_nothing(rotated: Givers) -> None:
    card = donors.read_card(donor_ref=rotated.anna.ref, by=BY, purpose="card")
    assert card.name == PersonName("Anna", "Lind")
    assert card.contact_points[0].value == SHARED
    assert donors.find_by_email(SHARED) == [rotated.anna, rotated.bo]
    assert donors.match_giver(email=SHARED, name="Bo Lind").donor_id == rotated.bo.pk
    assert set(DonorKey.objects.values_list("key_id", flat=True)) == {"new"}


def test_a_rotation_does_not_touch_the_ciphertext(rotated: Givers) -> None:
    before = bytes(rotated.anna.name_sealed or b"")
    assert bytes(Donor.objects.get(pk=rotated.anna.pk).name_sealed or b"") == before


def test_phone_post_and_identity_are_moved_too(settings: Settings) -> None:
    donor = plant()
    bring_in_the_new(settings)
    assert donors.rotate_keys(batch=10).moved == 1
    drop_the_old(settings)
    for typed in ("070-1740605", "19811228-9874", "planterad hemlighet"):
        assert list(queries.find_donors(typed)) == [donor]


def test_donors_are_found_before_during_and_after(givers: Givers, settings: Settings) -> None:
    bring_in_the_new(settings)
    assert donors.find_by_email(SHARED) == [givers.anna, givers.bo]
    donors.rotate_keys(batch=1)
    assert donors.find_by_email(SHARED) == [givers.anna, givers.bo]


def test_an_address_added_during_a_rotation_is_not_added_twice(
    anna: Donor, settings: Settings
) -> None:
    bring_in_the_new(settings)
    point = donors.add_contact_point(
        donor_id=anna.pk, kind="email", value=SHARED, source="staff", by=BY
    )
    assert (anna.contact_points.count(), point.source) == (1, "gift_page")


def test_a_rotation_stopped_half_way_goes_on_where_it_was(
    givers: Givers, settings: Settings
) -> None:
    bring_in_the_new(settings)
    assert donors.rotate_keys(batch=1).last == givers.anna.pk
    assert list(stale_donors().order_by("pk")) == [givers.bo, givers.union]
    assert donors.rotate_keys(batch=10).moved == 2
    assert donors.rotate_keys(batch=10) == donors.Rotation(0, (), None)


def test_a_hash_made_by_a_process_with_the_old_settings_is_found(
    rotated: Givers, settings: Settings
) -> None:
    settings.FIELD_KEYS, settings.LOOKUP_KEYS = [NEW, OLD], [OLD, NEW]
    donors.add_contact_point(
        donor_id=rotated.bo.pk, kind="email", value="bo@example.se", source="staff", by=BY
    )
    bring_in_the_new(settings)
    assert list(stale_donors()) == [rotated.bo]


def test_the_command_rotates_in_batches_and_says_so(givers: Givers, settings: Settings) -> None:
    bring_in_the_new(settings)
    out = StringIO()
    call_command("rotate_keys", batch=2, stdout=out)
    assert out.getvalue().splitlines() == [
        f"2 donors moved, last id {givers.bo.pk}",
        f"3 donors moved, last id {givers.union.pk}",
        "0 secrets of staff log-ins moved",
        "done: 3 donors moved; no row needs an older key",
    ]


def test_a_donor_whose_key_is_gone_is_named_and_does_not_stop_the_others(
    givers: Givers, settings: Settings
) -> None:
    DonorKey.objects.filter(donor_id=givers.bo.pk).delete()
    bring_in_the_new(settings)
    err = StringIO()
    with pytest.raises(CommandError, match="1 donors can't be read; keep the older keys set"):
        call_command("rotate_keys", stdout=StringIO(), stderr=err)
    assert f"donor {givers.bo.pk} can't be read" in err.getvalue()
    assert list(stale_donors()) == [givers.bo]


def test_a_forgotten_donor_is_left_alone(givers: Givers, settings: Settings) -> None:
    donors.forget_donor(donor_ref=givers.anna.ref, by=BY, reason="asked")
    bring_in_the_new(settings)
    assert donors.rotate_keys(batch=10).moved == 2
    assert register().pk > givers.union.pk
