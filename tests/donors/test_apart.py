"""Two records that are alike are said to be two: who is suggested then, and what follows."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from donors import merged
from donors import services as donors
from donors.errors import DonorError
from donors.models import Donor, DonorMerge, DonorsApart
from fundraise import clock
from fundraise.audit.models import ChangeLine
from tests.donors.givers import BY, register

pytestmark = pytest.mark.django_db


def apart(one: Donor, other: Donor, reason: str = "") -> DonorsApart | None:
    return donors.tell_apart(ref=one.ref, other=other.ref, by=BY, reason=reason)


def merge(kept: Donor, gone: Donor, *, though_apart: bool = False) -> DonorMerge | None:
    return donors.merge_donors(
        kept_ref=kept.ref, gone_ref=gone.ref, by=BY, reason="samma", though_apart=though_apart
    )


def suggested(donor: Donor) -> list[int]:
    return [one.donor.pk for one in merged.alike(donor.pk)]


def pairs() -> list[tuple[int, int]]:
    return list(DonorsApart.objects.order_by("pk").values_list("first_id", "second_id"))


@pytest.mark.parametrize("turned", [False, True])
def test_two_are_suggested_to_nobody_in_either_order_and_again_when_it_is_taken_back(
    turned: bool,
) -> None:
    anna, also, third = register(), register(), register()
    one, other = (also, anna) if turned else (anna, also)

    said = apart(one, other, " far och dotter ")

    assert said is not None
    assert (said.by, said.why) == (BY, "far och dotter")
    assert apart(other, one) is None
    assert pairs() == [(anna.pk, also.pk)]
    assert (suggested(anna), suggested(also)) == ([third.pk], [third.pk])
    assert merged.pairs() == [(anna.pk, third.pk), (also.pk, third.pk)]
    assert merged.pairs(most=1) == [(anna.pk, third.pk)], "a page is as long as before"
    assert merged.in_common(anna.pk, also.pk) == ("email", "name")
    lines = ChangeLine.objects.filter(action="donor.told_apart").order_by("pk")
    assert {(line.subject_ref, line.after["apart_from"]) for line in lines} == {
        (str(anna.ref), str(also.ref)), (str(also.ref), str(anna.ref)),
    }  # fmt: skip

    assert donors.take_back_apart(ref=other.ref, other=one.ref, by=BY)
    assert not donors.take_back_apart(ref=one.ref, other=other.ref, by=BY)
    assert suggested(anna) == [also.pk, third.pk]
    assert ChangeLine.objects.filter(action="donor.apart_taken_back").count() == 2


def test_the_database_holds_a_pair_once_and_in_order() -> None:
    anna, also = register(), register()
    apart(anna, also)
    for first, second in ((anna, also), (also, anna), (anna, anna)):
        with pytest.raises(IntegrityError), transaction.atomic():
            DonorsApart.objects.create(first=first, second=second, at=clock.now(), by=BY)
    assert pairs() == [(anna.pk, also.pk)]


def test_a_record_is_not_told_apart_from_itself_or_from_one_that_is_gone() -> None:
    anna, gone = register(), register()
    donors.forget_donor(donor_ref=gone.ref, by=BY, reason="begäran 3")
    for one, other, code in ((anna, anna, "same_donor"), (anna, gone, "donor_erased")):
        with pytest.raises(DonorError, match=code):
            apart(one, other)
    assert pairs() == []


def test_two_that_were_said_to_be_two_are_made_one_only_by_who_knows_it() -> None:
    kept, gone = register(), register()
    apart(gone, kept)

    with pytest.raises(DonorError, match="said_apart"):
        merge(kept, gone)
    assert (DonorMerge.objects.count(), pairs()) == (0, [(kept.pk, gone.pk)])

    done = merge(kept, gone, though_apart=True)
    assert done is not None
    assert "told_apart" not in done.moved
    assert pairs() == []


def test_whoever_a_record_was_told_apart_from_stays_another_when_it_is_merged() -> None:
    first, kept, gone, last = (register() for _n in range(4))
    apart(gone, first)
    apart(gone, last)
    apart(kept, last)

    done = merge(kept, gone)

    assert done is not None
    assert done.moved["told_apart"] == 1
    assert set(pairs()) == {(first.pk, kept.pk), (kept.pk, last.pk)}
    assert suggested(kept) == []


def test_what_was_said_of_who_is_forgotten_is_gone() -> None:
    anna, also, third = register(), register(), register()
    apart(anna, also)
    apart(also, third)
    donors.forget_donor(donor_ref=anna.ref, by=BY, reason="begäran 3")
    assert pairs() == [(also.pk, third.pk)]
