"""What is typed about a person is nowhere in the clear: not in a table, a log, a repr, an error."""

from __future__ import annotations

import logging

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django.fixtures import Settings

from donors import services as donors
from donors.errors import DonorError
from donors.models import Donor
from donors.values import PersonName, PostalAddress
from fundraise.outbox.models import OutboxEvent
from tests.donors.givers import BY

pytestmark = pytest.mark.django_db
PLANTED = (
    "Planterad",
    "Hemlighet",
    "planterad.hemlighet",
    "+46701740605",
    "701740605",
    "Hemlighetsgatan",
    "198112289874",
    "8112289874",
)


def plant() -> Donor:
    """A donor with everything a donor can have."""
    donor = donors.register_donor(
        name=PersonName("Planterad", "Hemlighet"),
        language="sv",
        source="gift_page",
        by=BY,
        email="planterad.hemlighet@example.se",
        phone="070-174 06 05",
        postal=PostalAddress(("Hemlighetsgatan 1",), "111 22", "Ort"),
    )
    donors.record_identity(
        donor_id=donor.pk,
        kind="personal_number",
        number="811228-9874",
        source="staff",
        by=BY,
        reason="mandate",
    )
    donors.rename_donor(
        donor_id=donor.pk, name=PersonName("Planterad", "Hemlighet"), by=BY, reason="typing error"
    )
    return donor


def every_table_in_raw_bytes() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relid::regclass::text FROM pg_stat_user_tables ORDER BY 1")
        tables = [table for (table,) in cursor.fetchall()]
        assert {"donors_donor", "audit_changeline", "donors_contactpoint"} < set(tables)
        raw = b""
        for table in tables:
            with cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copied:
                raw += b"".join(bytes(block) for block in copied)
    return raw


def test_no_table_holds_a_name_an_address_or_a_number_in_the_clear(settings: Settings) -> None:
    settings.OUTBOX_SUBSCRIBERS = {"DonorChanged": ["tests.nobody"]}
    plant()
    raw = every_table_in_raw_bytes().lower()
    assert OutboxEvent.objects.count() == 3
    assert b"gift_page" in raw
    assert [word for word in PLANTED if word.lower().encode() in raw] == []


def test_no_log_line_repr_or_error_holds_them(caplog: pytest.LogCaptureFixture) -> None:
    said = []
    with caplog.at_level(logging.DEBUG):
        donor = plant()
        card = donors.read_card(donor_ref=donor.ref, by=BY, purpose="card")
        match = donors.match_giver(email="planterad.hemlighet@example.se", name="Planterad")
        things = [donor, card, match, *card.contact_points, *donor.contact_points.all()]
        said = [f"{thing} {thing!r}" for thing in things]
        with pytest.raises(DonorError) as refusal:
            donors.rename_donor(donor_id=donor.pk, name=PersonName("Hemlighet" * 99, ""), by=BY)
        said += [repr(refusal.value)]
        copy = donor.contact_points.first()
        assert copy is not None
        copy.pk = None
        with pytest.raises(IntegrityError) as doubled, transaction.atomic():
            copy.save(force_insert=True)
        said += [repr(doubled.value)]
    # Statements are logged with their parameters at DEBUG, and the parameters are sealed too.
    text = (caplog.text + "".join(said)).lower()
    assert [word for word in PLANTED if word.lower() in text] == []


def test_equal_names_of_two_donors_are_not_equal_bytes() -> None:
    first, second = plant(), plant()
    assert (bytes(first.name_sealed or b"") == bytes(second.name_sealed or b"")) is False
    assert bytes(first.name_hash or b"") == bytes(second.name_hash or b"")


def test_one_donors_bytes_do_not_open_in_anothers_row() -> None:
    from fundraise.crypto import CryptoError

    first, second = plant(), plant()
    Donor.objects.filter(pk=second.pk).update(name_sealed=first.name_sealed)
    with pytest.raises(CryptoError):
        donors.read_card(donor_ref=second.ref, by=BY, purpose="card")
