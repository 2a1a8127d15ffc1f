"""Log-ins outlive a change of the master key."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.contrib.auth.models import User

from fundraise.staff import accounts, factors, rotation

pytestmark = pytest.mark.django_db
NEW = "t2:" + base64.b64encode(b"n" * 32).decode()


@pytest.fixture
def adam() -> User:
    return accounts.invite("Adam", "adam@parti.example", by="system:test")


def test_codes_are_good_after_the_old_key_is_gone(adam: User, settings: Any) -> None:
    secret = factors.new_secret()
    codes = factors.add_app(adam, secret, factors.code_now(secret), by="system:test")
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = [NEW, *old]

    assert rotation.rotate() == (2, [])
    assert rotation.rotate() == (0, [])

    settings.FIELD_KEYS = [NEW]
    assert factors.check_code(adam, codes[0]).type == "recovery_codes"
    with pytest.raises(factors.FactorError, match="used"):
        factors.check_code(adam, factors.code_now(secret))


def test_an_account_that_can_not_be_read_is_named_and_stays(adam: User, settings: Any) -> None:
    factors.put_app(adam, factors.new_secret(), by="system:test")
    settings.FIELD_KEYS = [NEW]

    assert rotation.rotate() == (0, [adam.pk])
