"""A donor who has died, or who wants no contact: nothing is sent, and it is written down."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from donors import queries
from donors import services as donors
from donors.errors import DonorError
from donors.models import Donor
from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.outbox.models import OutboxEvent
from tests.donors.givers import BY, Givers

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 30)


@pytest.fixture
def willing(anna: Donor) -> Donor:
    """Anna said yes to appeals."""
    donors.ensure_first_wordings()
    wording = queries.current_wording("appeals")
    assert wording is not None
    donors.give_consent(donor_id=anna.pk, wording=wording, source="x", proof="form:1", by=BY)
    assert queries.may(anna.pk, "appeals")
    return anna


def test_the_dead_are_sent_nothing_and_the_day_can_be_put_right(willing: Donor) -> None:
    told = OutboxEvent.objects.count()
    pk = willing.pk
    said = [donors.record_death(donor_id=pk, died_on=DAY, by=BY) for _ in range(2)]
    assert said == [True, False]
    assert not queries.may(willing.pk, "appeals")
    assert OutboxEvent.objects.count() > told
    before = DAY - timedelta(1)
    assert donors.record_death(donor_id=pk, died_on=before, by=BY, reason="fel dag")
    line = ChangeLine.objects.filter(action="donor.died").latest("pk")
    assert (line.before, line.after, line.reason) == (
        {"died_on": "2026-10-30"}, {"died_on": "2026-10-29"}, "fel dag",
    )  # fmt: skip
    said = [donors.withdraw_death(donor_id=pk, by=BY, reason="annan person") for _ in range(2)]
    assert said == [True, False]
    assert queries.may(willing.pk, "appeals")


def test_a_death_to_come_or_of_an_association_is_refused(givers: Givers) -> None:
    for donor, day, code in (
        (givers.anna, clock.today() + timedelta(1), "day_to_come"),
        (givers.union, DAY, "not_a_person"),
    ):
        with pytest.raises(DonorError, match=code):
            donors.record_death(donor_id=donor.pk, died_on=day, by=BY)
    assert not Donor.objects.filter(died_on__isnull=False).exists()


def test_who_wants_no_contact_is_left_alone_until_saying_otherwise(willing: Donor) -> None:
    said = [donors.refuse_contact(donor_id=willing.pk, by=BY) for _ in range(2)]
    assert said == [True, False]
    assert not queries.may(willing.pk, "appeals")
    assert donors.allow_contact(donor_id=willing.pk, by=BY, reason="ringde")
    assert not donors.allow_contact(donor_id=willing.pk, by=BY, reason="ringde")
    assert queries.may(willing.pk, "appeals")
    actions = ChangeLine.objects.filter(subject_ref=str(willing.ref)).values_list("action")
    assert [name for (name,) in actions.order_by("pk")][-2:] == [
        "donor.no_contact", "donor.contact_allowed",
    ]  # fmt: skip


def test_a_forgotten_donor_neither_dies_nor_is_written_to(willing: Donor) -> None:
    donors.record_death(donor_id=willing.pk, died_on=DAY, by=BY)
    donors.forget_donor(donor_ref=willing.ref, by=BY, reason="asked")
    willing.refresh_from_db()
    assert willing.died_on is None
    with pytest.raises(DonorError, match="donor_erased"):
        donors.record_death(donor_id=willing.pk, died_on=DAY, by=BY)
    with pytest.raises(DonorError, match="donor_erased"):
        donors.refuse_contact(donor_id=willing.pk, by=BY)
