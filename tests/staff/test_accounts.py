"""Rules about accounts that hold whoever asks."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from fundraise.audit.models import ChangeLine
from fundraise.staff import accounts, links
from fundraise.staff.services import StaffError, give_role
from tests.people import make_party

BY = "system:test"


@pytest.fixture
def adam(db: None) -> User:
    user = accounts.invite("Adam", "adam@parti.example", by=BY)
    give_role(user, "admin", make_party(), by=BY)
    return user


def test_the_last_administrator_is_not_ended(adam: User) -> None:
    with pytest.raises(StaffError, match="last_admin"):
        accounts.end(adam.pk, by=BY, reason="left")

    adam.refresh_from_db()
    assert adam.is_active
    assert not ChangeLine.objects.filter(action="staff.account.ended").exists()


def test_one_of_two_administrators_is_ended_once(adam: User) -> None:
    accounts.invite("Eva", "eva@parti.example", by=BY)
    User.objects.filter(username="eva@parti.example").update(is_superuser=True)

    assert accounts.end(adam.pk, by=BY, reason="left") is True
    assert accounts.end(adam.pk, by=BY, reason="left") is False
    assert ChangeLine.objects.filter(action="staff.account.ended").count() == 1


def test_a_link_dies_with_another_address_and_with_the_account(adam: User) -> None:
    key = links.key(adam, links.SETUP)
    assert links.opened(key) == (adam, links.SETUP)

    User.objects.filter(pk=adam.pk).update(email="other@parti.example")
    with pytest.raises(links.LinkError):
        links.opened(key)

    User.objects.filter(pk=adam.pk).update(email="adam@parti.example", is_active=False)
    with pytest.raises(links.LinkError):
        links.opened(key)


def test_of_two_who_use_a_link_one_sets_the_password(adam: User) -> None:
    key = links.key(adam, links.SETUP)
    accounts.use_link(key, "the first long password")

    with pytest.raises(links.LinkError):
        accounts.use_link(key, "the second long password")

    adam.refresh_from_db()
    assert adam.check_password("the first long password")


def test_the_log_names_no_person(adam: User) -> None:
    said = [str(line.__dict__) for line in ChangeLine.objects.all()]

    assert not [line for line in said if "adam@" in line or "Adam" in line]
