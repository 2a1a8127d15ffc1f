"""Forgetting: the key goes, and with it everything it encrypted, in old backups too."""

from __future__ import annotations

import pytest

from donors import queries, sealing
from donors import services as donors
from donors.errors import DonorError, Unreadable
from donors.models import ContactPoint, Donor, DonorKey, Identity, LegalBasis
from fundraise import crypto
from fundraise.audit.models import ChangeLine
from tests.donors.givers import BY, SHARED, Givers
from tests.donors.test_secrecy import PLANTED, every_table_in_raw_bytes, plant

pytestmark = pytest.mark.django_db


def forget(donor: Donor) -> bool:
    return donors.forget_donor(donor_ref=donor.ref, by=BY, reason="GDPR Art. 17")


def test_a_forgotten_donor_keeps_a_row_and_nothing_personal(givers: Givers) -> None:
    assert forget(givers.anna) is True
    card = donors.read_card(donor_ref=givers.anna.ref, by=BY, purpose="card")
    assert (card.status, card.name, card.contact_points, card.identities) == (
        "erased",
        None,
        (),
        (),
    )
    assert donors.find_by_email(SHARED) == [givers.bo]
    assert DonorKey.objects.filter(donor_id=givers.anna.pk).count() == 0
    assert DonorKey.objects.count() == 2


def test_forgetting_twice_is_harmless(anna: Donor) -> None:
    assert [forget(anna), forget(anna)] == [True, False]
    line = ChangeLine.objects.get(action="donor.forgotten")
    assert (line.before, line.after) == ({"status": "active"}, {"status": "erased"})
    assert line.reason == "GDPR Art. 17"


def test_what_a_backup_without_keys_brings_back_can_not_be_read() -> None:
    donor = plant()
    kept = Donor.objects.get(pk=donor.pk)
    points = list(ContactPoint.objects.filter(donor=donor))
    forget(donor)
    kept.save(update_fields=["name_sealed", "name_hash", "status", "erased_at"])
    ContactPoint.objects.bulk_create(points)
    with pytest.raises(Unreadable, match="donor_key_missing"):
        donors.read_card(donor_ref=donor.ref, by=BY, purpose="card")
    raw = every_table_in_raw_bytes().lower()
    assert [word for word in PLANTED if word.lower().encode() in raw] == []


def test_a_restored_row_does_not_break_the_list_of_the_others(givers: Givers) -> None:
    DonorKey.objects.filter(donor_id=givers.anna.pk).delete()
    page = queries.page_of_donors(donors=Donor.objects.all(), by=BY, purpose="list")
    assert [row.name for row in page.rows] == ["", "Bo Lind", "Hamnarbetarna"]


def test_another_donors_key_does_not_open_a_forgotten_name(givers: Givers) -> None:
    sealed = bytes(givers.anna.name_sealed or b"")
    forget(givers.anna)
    others = DonorKey.objects.get(donor_id=givers.bo.pk)
    key = crypto.unwrap(bytes(others.wrapped), context=sealing.key_context(givers.bo.ref))
    with pytest.raises(crypto.CryptoError):
        sealing.open_name(key, givers.anna.ref, sealed)


def test_consents_end_and_stay_as_history(anna: Donor) -> None:
    donors.ensure_first_wordings()
    wording = queries.current_wording("appeals")
    assert wording is not None
    donors.give_consent(donor_id=anna.pk, wording=wording, source="x", proof="form:1", by=BY)
    forget(anna)
    row = LegalBasis.objects.get()
    assert (row.end_reason, row.ended_at is not None) == ("forgotten", True)
    assert queries.may(anna.pk, "appeals") is False


def test_nothing_can_be_done_to_a_forgotten_donor(anna: Donor) -> None:
    forget(anna)
    with pytest.raises(DonorError, match="donor_erased"):
        donors.add_contact_point(
            donor_id=anna.pk, kind="email", value=SHARED, source="staff", by=BY
        )
    with pytest.raises(DonorError, match="donor_erased"):
        donors.restrict_donor(donor_id=anna.pk, by=BY)
    assert (ContactPoint.objects.count(), Identity.objects.count()) == (0, 0)


def test_a_donor_who_never_was_can_not_be_forgotten() -> None:
    with pytest.raises(Donor.DoesNotExist):
        donors.forget_donor(donor_ref=Donor().ref, by=BY, reason="asked")
