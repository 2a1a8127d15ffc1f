"""Which known donor a giver is."""

from __future__ import annotations

import pytest

from donors import services as donors
from donors.matching import Candidate, Match, choose
from donors.models import ContactPoint, Donor
from fundraise.audit.models import ChangeLine
from tests.donors.givers import SHARED, Givers, register


def test_nobody_with_the_address_is_nobody() -> None:
    assert choose([]) == Match("none")


def test_one_with_the_address_is_that_one_whatever_the_name() -> None:
    assert choose([Candidate(4, same_name=False)]) == Match("one", 4, False, (4,))


def test_of_two_the_name_decides() -> None:
    both = [Candidate(4, same_name=False), Candidate(2, same_name=True)]
    assert choose(both) == Match("one", 2, True, (2, 4))


@pytest.mark.parametrize("same", [True, False])
def test_two_of_the_name_or_none_of_it_is_for_a_person_to_say(same: bool) -> None:
    both = [Candidate(4, same_name=same), Candidate(2, same_name=same)]
    assert choose(both) == Match("undecided", candidates=(2, 4))


@pytest.mark.django_db
def test_a_couple_sharing_an_address_is_told_apart_by_name(givers: Givers) -> None:
    match = donors.match_giver(email="LIND@example.se", name=" bo  LIND")
    assert match == Match("one", givers.bo.pk, True, (givers.anna.pk, givers.bo.pk))


@pytest.mark.django_db
def test_a_third_name_at_a_shared_address_is_undecided(givers: Givers) -> None:
    match = donors.match_giver(email=SHARED, name="Cilla Lind")
    assert match == Match("undecided", candidates=(givers.anna.pk, givers.bo.pk))


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["eva@example.se", "no address", ""])
def test_an_unknown_address_is_nobody_even_with_a_known_name(givers: Givers, email: str) -> None:
    assert donors.match_giver(email=email, name="Anna Lind") == Match("none")


@pytest.mark.django_db
def test_matching_changes_nothing(givers: Givers) -> None:
    before = (Donor.objects.count(), ContactPoint.objects.count(), ChangeLine.objects.count())
    donors.match_giver(email=SHARED, name="Annan Lind")
    assert before == (3, 3, 3)
    assert (
        Donor.objects.count(),
        ContactPoint.objects.count(),
        ChangeLine.objects.count(),
    ) == (3, 3, 3)


@pytest.mark.django_db
def test_a_forgotten_donor_is_never_matched(anna: Donor) -> None:
    donors.forget_donor(donor_ref=anna.ref, by="staff:7", reason="asked")
    assert donors.match_giver(email=SHARED, name="Anna Lind") == Match("none")
    again = register()
    assert donors.match_giver(email=SHARED, name="Anna Lind").donor_id == again.pk
