"""Tags: one word is one tag however it is spelt, and goes with the donor."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from donors import services as donors
from donors.errors import DonorError, InvalidValue
from donors.models import Donor, DonorTag, Tag
from fundraise import clock
from fundraise.audit.models import ChangeLine
from tests.donors.givers import BY, Givers

pytestmark = pytest.mark.django_db


def tag(donor: Donor, label: str) -> bool:
    return donors.tag_donor(donor_id=donor.pk, label=label, source="staff", by=BY)


def test_two_spellings_of_a_word_are_one_tag(givers: Givers) -> None:
    assert [tag(givers.anna, "Valarbetare"), tag(givers.anna, " VALARBETARE ")] == [True, False]
    assert tag(givers.bo, "valarbetare") is True
    assert (Tag.objects.get().label, DonorTag.objects.count()) == ("Valarbetare", 2)
    lines = ChangeLine.objects.filter(action="donor.tagged")
    assert [line.after for line in lines] == [{"tags": 1, "source": "staff"}] * 2


def test_a_tag_is_taken_off_once(anna: Donor) -> None:
    tag(anna, "kassör")
    taken = [donors.untag_donor(donor_id=anna.pk, label="KASSÖR", by=BY) for _ in range(2)]
    assert taken == [True, False]
    assert ChangeLine.objects.filter(action="donor.untagged").count() == 1


@pytest.mark.parametrize(("label", "code"), [(" ", "tag_missing"), ("x" * 61, "tag_too_long")])
def test_what_is_no_word_is_refused(anna: Donor, label: str, code: str) -> None:
    with pytest.raises(InvalidValue, match=code):
        tag(anna, label)
    assert (Tag.objects.count(), DonorTag.objects.count()) == (0, 0)


def test_a_forgotten_donor_bears_none_and_gets_none(anna: Donor) -> None:
    tag(anna, "kassör")
    donors.forget_donor(donor_ref=anna.ref, by=BY, reason="asked")
    assert DonorTag.objects.count() == 0
    with pytest.raises(DonorError, match="donor_erased"):
        tag(anna, "kassör")


def test_the_database_refuses_a_tag_twice_and_an_empty_one(anna: Donor) -> None:
    tag(anna, "kassör")
    row = DonorTag.objects.get()
    with pytest.raises(IntegrityError, match="donor_tag_once"), transaction.atomic():
        DonorTag.objects.create(donor=anna, tag=row.tag, by=BY, at=clock.now(), source="staff")
    with pytest.raises(IntegrityError, match="tag_has_a_word"), transaction.atomic():
        Tag.objects.create(label="", key="", created_at=clock.now())
