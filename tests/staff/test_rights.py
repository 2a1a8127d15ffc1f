"""Roles, the entities they are held for, and what follows."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import IntegrityError, transaction

from fundraise import clock
from fundraise.audit.models import ChangeLine
from fundraise.ledger.models import LegalEntity
from fundraise.staff import accounts, queries, rights, services
from fundraise.staff.models import RoleHeld
from fundraise.staff.roles import PERMISSIONS, Role
from tests.people import make_party

pytestmark = pytest.mark.django_db
BY = "system:test"


@pytest.fixture
def party() -> LegalEntity:
    return make_party()


@pytest.fixture
def district(party: LegalEntity) -> LegalEntity:
    made = make_party("skane")
    made.parent = party
    made.save(update_fields=["parent"])
    return made


def staff(name: str) -> User:
    return User.objects.create_user(name, password="a long enough password", is_staff=True)


def fresh(user: User) -> User:
    """As the next request reads it."""
    return User.objects.get(pk=user.pk)


def test_a_districts_treasurer_has_the_district_only(
    party: LegalEntity, district: LegalEntity
) -> None:
    david = staff("david")
    services.give_role(david, Role.TREASURER, district, by=BY)
    assert rights.entities(fresh(david), "refunds.ask") == {district.pk}
    assert not rights.may(fresh(david), "refunds.ask", party.pk)
    assert not rights.may_somewhere(fresh(david), "jobs.view")
    assert not rights.of(fresh(david)).whole("donors.view")


def test_a_role_with_districts_reaches_those_made_later(party: LegalEntity) -> None:
    david = staff("david")
    services.give_role(david, Role.TREASURER, party, with_districts=True, by=BY)
    later = make_party("blekinge")
    later.parent = party
    later.save(update_fields=["parent"])
    assert rights.entities(fresh(david), "journals.view") == {party.pk, later.pk}
    assert rights.may_somewhere(fresh(david), "jobs.view")
    assert rights.of(fresh(david)).whole("donors.view")


def test_an_ended_role_and_an_inactive_account_may_nothing(party: LegalEntity) -> None:
    david, eva = staff("david"), staff("eva")
    held = services.give_role(david, Role.TREASURER, party, by=BY)
    services.give_role(eva, Role.TREASURER, party, by=BY)
    assert services.end_role(held.pk, by=BY)
    User.objects.filter(pk=eva.pk).update(is_active=False)
    for user in (fresh(david), fresh(eva)):
        assert [name for name in PERMISSIONS if rights.may_somewhere(user, name)] == []
    assert not services.end_role(held.pk, by=BY)


def test_a_superuser_administers_and_moves_no_money(party: LegalEntity) -> None:
    boss = User.objects.create_superuser("boss", password="a long enough password")
    assert rights.may_somewhere(boss, "staff.manage")
    assert not rights.may_somewhere(boss, "refunds.ask")
    assert not rights.may_somewhere(boss, "refunds.decide")


def test_somebody_not_logged_in_may_nothing(party: LegalEntity) -> None:
    assert [n for n in PERMISSIONS if rights.may_somewhere(AnonymousUser(), n)] == []


def test_nobody_gives_or_ends_a_role_of_their_own(party: LegalEntity) -> None:
    boss = staff("boss")
    services.give_role(boss, Role.ADMIN, party, by=BY)
    with pytest.raises(services.StaffError, match="own_role"):
        services.give_role(boss, Role.TREASURER, party, by=f"staff:{boss.pk}")
    held = RoleHeld.objects.get(user=boss)
    with pytest.raises(services.StaffError, match="own_role"):
        services.end_role(held.pk, by=f"staff:{boss.pk}")
    assert [(row.role, row.ended_at) for row in RoleHeld.objects.all()] == [("admin", None)]


def test_the_last_administrator_stays(party: LegalEntity) -> None:
    boss, other = staff("boss"), staff("other")
    held = services.give_role(boss, Role.ADMIN, party, by=BY)
    with pytest.raises(services.StaffError, match="last_admin"):
        services.end_role(held.pk, by=BY)
    services.give_role(other, Role.ADMIN, party, by=BY)
    assert services.end_role(held.pk, by=BY)


def test_a_districts_administrator_is_not_another_one(
    party: LegalEntity, district: LegalEntity
) -> None:
    boss, maja = staff("boss"), staff("maja")
    held = services.give_role(boss, Role.ADMIN, party, by=BY)
    of_district = services.give_role(maja, Role.ADMIN, district, by=BY)
    assert not rights.may_somewhere(fresh(maja), "staff.manage")

    with pytest.raises(services.StaffError, match="last_admin"):
        services.end_role(held.pk, by=f"staff:{maja.pk}")
    with pytest.raises(services.StaffError, match="last_admin"):
        accounts.end(boss.pk, by=f"staff:{maja.pk}", reason="left")

    assert fresh(boss).is_active
    assert rights.may_somewhere(fresh(boss), "staff.manage")
    assert services.end_role(of_district.pk, by=f"staff:{boss.pk}")


def test_two_administrators_who_end_each_other_leave_one(
    party: LegalEntity, district: LegalEntity
) -> None:
    anna, bo, maja = staff("anna"), staff("bo"), staff("maja")
    for_anna = services.give_role(anna, Role.ADMIN, party, by=BY)
    for_bo = services.give_role(bo, Role.ADMIN, party, by=BY)
    services.give_role(maja, Role.ADMIN, district, by=BY)

    assert services.end_role(for_bo.pk, by=f"staff:{anna.pk}")
    with pytest.raises(services.StaffError, match="last_admin"):
        services.end_role(for_anna.pk, by=f"staff:{bo.pk}")

    assert rights.may_somewhere(fresh(anna), "staff.manage")


def test_who_can_not_log_in_to_the_staff_pages_is_not_another_administrator(
    party: LegalEntity,
) -> None:
    boss, gone = staff("boss"), staff("gone")
    held = services.give_role(boss, Role.ADMIN, party, by=BY)
    services.give_role(gone, Role.ADMIN, party, by=BY)
    User.objects.filter(pk=gone.pk).update(is_staff=False)

    with pytest.raises(services.StaffError, match="last_admin"):
        services.end_role(held.pk, by=BY)


def test_a_narrower_role_ends_the_wider_and_the_log_has_both(party: LegalEntity) -> None:
    david = staff("david")
    services.give_role(david, Role.TREASURER, party, with_districts=True, by=BY)
    services.give_role(david, Role.TREASURER, party, by=BY)

    lines = ChangeLine.objects.filter(subject_ref=str(david.pk)).order_by("pk")
    assert [(line.action, line.after["with_districts"]) for line in lines] == [
        ("staff.role.given", True),
        ("staff.role.ended", True),
        ("staff.role.given", False),
    ]


def test_a_role_given_twice_is_one_and_a_wider_one_replaces_it(party: LegalEntity) -> None:
    david = staff("david")
    first = services.give_role(david, Role.TREASURER, party, by=BY)
    assert services.give_role(david, Role.TREASURER, party, by=BY) == first
    wider = services.give_role(david, Role.TREASURER, party, with_districts=True, by=BY)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert list(RoleHeld.objects.filter(ended_at=None)) == [wider]
    lines = ChangeLine.objects.filter(action="staff.role.given", subject_ref=str(david.pk))
    assert lines.count() == 2


def test_the_database_holds_one_role_per_person_and_entity(party: LegalEntity) -> None:
    david = staff("david")
    held = services.give_role(david, Role.TREASURER, party, by=BY)
    with pytest.raises(IntegrityError, match="role_held_once_per_entity"), transaction.atomic():
        RoleHeld.objects.create(
            user=david, role=held.role, entity=party, given_at=clock.now(), given_by=BY
        )
    with pytest.raises(IntegrityError, match="role_known"), transaction.atomic():
        RoleHeld.objects.filter(pk=held.pk).update(role="king")


def test_who_may_decide_for_a_district(party: LegalEntity, district: LegalEntity) -> None:
    anna, bo, eva = staff("anna"), staff("bo"), staff("eva")
    services.give_role(anna, Role.TREASURER, district, by=BY)
    services.give_role(bo, Role.SECOND, party, with_districts=True, by=BY)
    services.give_role(eva, Role.TREASURER, party, by=BY)
    assert list(queries.holders("refunds.decide", district)) == [anna, bo]


def test_a_key_is_limited_to_its_permissions_and_entities(
    party: LegalEntity, district: LegalEntity
) -> None:
    held = rights.limited(["gifts.view"], [district.pk, 10**9])
    assert held.entities("gifts.view") == {district.pk}
    assert not held.somewhere("refunds.ask")
    with pytest.raises(KeyError):
        held.may("gifts.steal", district.pk)
