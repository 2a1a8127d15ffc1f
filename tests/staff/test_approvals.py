"""A question is asked once, of the right people, and answered once, by another person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from fundraise import clock
from fundraise.jobs.models import Alarm
from fundraise.ledger.models import LegalEntity
from fundraise.outbox.models import OutboxEvent
from fundraise.staff import approvals, services
from fundraise.staff.models import Approval
from fundraise.staff.roles import Role
from tests.people import make_party

pytestmark = pytest.mark.django_db
BY = "system:test"


@pytest.fixture
def party() -> LegalEntity:
    return make_party()


@pytest.fixture
def district(party: LegalEntity) -> LegalEntity:
    made = make_party("skane")
    made.parent, made.name = party, "Framtidspartiet Skåne"
    made.save(update_fields=["parent", "name"])
    return made


def staff(name: str, role: str = "", *entities: LegalEntity, districts: bool = False) -> User:
    user = User.objects.create_user(name, f"{name}@example.se", "long enough", is_staff=True)
    for entity in entities:
        services.give_role(user, role, entity, with_districts=districts, by=BY)
    return user


def question(entity: LegalEntity, by: User) -> Approval:
    return approvals.ask("refund", uuid4(), entity, by=f"staff:{by.pk}")


def test_no_key_asks_or_answers(party: LegalEntity) -> None:
    with pytest.raises(IntegrityError, match="approval_between_people"), transaction.atomic():
        approvals.ask("refund", uuid4(), party, by="key:abcd2345")
    asked = question(party, staff("maja", Role.TREASURER, party))
    with pytest.raises(IntegrityError, match="approval_between_people"), transaction.atomic():
        approvals.close("refund", asked.subject_ref, yes=True, by="key:abcd2345")
    asked.refresh_from_db()
    assert asked.is_open


def names(users: list[User]) -> set[str]:
    return {user.username for user in users}


def test_another_treasurer_of_the_entity_is_asked_and_not_the_centre(
    party: LegalEntity, district: LegalEntity
) -> None:
    maja = staff("maja", Role.TREASURER, district)
    staff("nils", Role.TREASURER, district)
    staff("siv", Role.SECOND, party, districts=True)
    asked = question(district, maja)

    assert names(approvals.asked(asked)) == {"nils"}
    assert names(approvals.who_may(asked)) == {"nils", "siv"}


def test_where_there_is_one_treasurer_the_second_person_at_the_centre_is_asked(
    party: LegalEntity, district: LegalEntity
) -> None:
    maja = staff("maja", Role.TREASURER, district)
    staff("david", Role.TREASURER, party)
    staff("siv", Role.SECOND, party, districts=True)
    staff("eva", Role.SECOND, party)

    assert names(approvals.asked(question(district, maja))) == {"siv"}


def test_donor_care_asks_and_the_only_treasurer_answers(district: LegalEntity) -> None:
    dora = staff("dora", Role.DONOR_CARE, district)
    staff("maja", Role.TREASURER, district)

    assert names(approvals.asked(question(district, dora))) == {"maja"}


def test_who_left_or_lost_the_role_is_not_asked(party: LegalEntity) -> None:
    david = staff("david", Role.TREASURER, party)
    gone, ended = staff("gone", Role.TREASURER, party), staff("ended", Role.TREASURER, party)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    services.end_role(ended.roles_held.get().pk, by=BY)

    assert approvals.asked(question(party, david)) == []


def test_it_rings_while_nobody_may_answer_and_stops_when_somebody_is_named(
    party: LegalEntity, district: LegalEntity
) -> None:
    question(district, staff("maja", Role.TREASURER, district))

    assert approvals.watch() == 1
    alarm = Alarm.objects.get(code="no-second-person", resolved_at=None)
    assert (alarm.subject, alarm.text) == (
        "skane",
        "No second person exists for Framtidspartiet Skåne: name one",
    )
    staff("siv", Role.SECOND, party, districts=True)
    assert approvals.watch() == 0
    assert not Alarm.objects.filter(resolved_at=None).exists()


def test_many_questions_are_looked_through_in_three_reads(
    party: LegalEntity, district: LegalEntity, django_assert_num_queries: Any
) -> None:
    david, maja = staff("david", Role.TREASURER, party), staff("maja", Role.TREASURER, district)
    staff("nils", Role.TREASURER, party)
    for _ in range(4):
        question(district, maja)
        question(party, david)

    with django_assert_num_queries(3):
        stuck = approvals.without_anybody()

    assert [one.entity for one in stuck] == [district] * 4
    each = approvals.who_may_each(approvals.unanswered())
    assert [names(people) for _one, people in each] == [set(), {"nils"}] * 4
    assert [people for _one, people in each] == [approvals.who_may(one) for one, _people in each]


def test_nothing_that_is_asked_costs_one_read(
    party: LegalEntity, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert approvals.without_anybody() == []


def test_the_centre_with_its_districts_answers_for_one_two_steps_below(
    party: LegalEntity, district: LegalEntity
) -> None:
    lund = make_party("lund")
    lund.parent = district
    lund.save(update_fields=["parent"])
    staff("siv", Role.SECOND, party, districts=True)
    staff("eva", Role.SECOND, party)
    asked = question(lund, staff("maja", Role.TREASURER, lund))

    assert [names(people) for _one, people in approvals.who_may_each([asked])] == [{"siv"}]


def test_the_same_question_is_open_once_and_told_once(party: LegalEntity) -> None:
    david, ref = staff("david", Role.TREASURER, party), uuid4()
    first = approvals.ask("refund", ref, party, by=f"staff:{david.pk}")
    again = approvals.ask("refund", ref, party, by=f"staff:{david.pk}")

    assert first == again
    assert OutboxEvent.objects.filter(kind="SecondPersonAsked").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            kind="refund", subject_ref=ref, entity=party, asked_by="staff:1", asked_at=clock.now()
        )


def test_the_database_refuses_an_answer_of_the_one_who_asked(party: LegalEntity) -> None:
    david = staff("david", Role.TREASURER, party)
    asked = question(party, david)

    with pytest.raises(IntegrityError), transaction.atomic():
        approvals.close("refund", asked.subject_ref, yes=True, by=asked.asked_by)
    assert Approval.objects.get().is_open


def test_the_first_answer_stands(party: LegalEntity) -> None:
    asked = question(party, staff("david", Role.TREASURER, party))

    assert approvals.close("refund", asked.subject_ref, yes=False, by="staff:801", why="fel gåva")
    assert not approvals.close("refund", asked.subject_ref, yes=True, by="staff:802")

    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by, asked.why) == ("no", "staff:801", "fel gåva")


def test_it_is_late_after_a_day(party: LegalEntity) -> None:
    asked = question(party, staff("david", Role.TREASURER, party))
    assert not approvals.is_late(asked)

    asked.asked_at = clock.now() - timedelta(days=1)
    assert approvals.is_late(asked)
