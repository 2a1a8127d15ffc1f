"""Who must answer is asked by mail, once each, without a donor; reminded a day later."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from fundraise import clock, crypto
from fundraise.gifts import refunds
from fundraise.gifts.models import Gift, Refund
from fundraise.jobs.models import Alarm, JobRun
from fundraise.ledger.models import LegalEntity
from fundraise.staff.models import Approval
from fundraise.staff.roles import Role
from fundraise.staff.services import give_role
from mailings import second_person, tasks
from mailings.models import TransactionalMessage
from tests.console.conftest import PERSONAL, cash_gift
from tests.people import make_campaign, make_party

pytestmark = pytest.mark.django_db


def staff(name: str, role: str, entity: LegalEntity, email: str = "") -> User:
    user = User.objects.create_user(name, email or f"{name}@example.se", "long", is_staff=True)
    give_role(user, role, entity, with_districts=True, by="system:test")
    return user


@pytest.fixture
def gift() -> Gift:
    return cash_gift(make_campaign(make_party()), 2_500_00)


@pytest.fixture
def david(gift: Gift) -> User:
    return staff("david", Role.TREASURER, gift.entity)


def asked(gift: Gift, by: User) -> Approval:
    refunds.request_refund(
        gift.pk, amount_ore=1_500_00, reason="Björn har ångrat sig", by=f"staff:{by.pk}"
    )
    return Approval.objects.get(answer="")


def mails(kind: str = second_person.ASKED) -> list[dict[str, str]]:
    rows = TransactionalMessage.objects.filter(kind=kind).order_by("pk")
    return [
        json.loads(crypto.unseal(bytes(row.sealed or b""), context=f"mail:{row.message_id}"))
        for row in rows
    ]


def test_the_other_treasurer_gets_one_mail_with_the_sum_and_the_page(
    gift: Gift, david: User
) -> None:
    staff("dana", Role.TREASURER, gift.entity)
    approval = asked(gift, david)

    second_person.ask(approval.pk)
    second_person.ask(approval.pk)

    (mail,) = mails()
    assert (mail["to"], mail["subject"]) == ("dana@example.se", "En andra person behövs")
    assert "1\u202f500\u202fkr" in mail["text"]
    assert f"/staff/second/{approval.ref}/" in mail["text"]
    assert f"/staff/second/{approval.ref}/" in mail["html"]


def test_no_mail_names_the_donor_or_the_reason(gift: Gift, david: User) -> None:
    staff("dana", Role.TREASURER, gift.entity)
    second_person.ask(asked(gift, david).pk)

    (mail,) = mails()
    said = mail["subject"] + mail["text"] + mail["html"]
    assert [word for word in [*PERSONAL, "ångrat"] if word in said] == []


def test_who_is_named_later_is_asked_then(gift: Gift, david: User) -> None:
    second_person.ask(asked(gift, david).pk)
    assert mails() == []
    assert Alarm.objects.filter(code="no-second-person", resolved_at=None).count() == 1

    staff("siv", Role.SECOND, gift.entity)
    tasks.ask_second_persons()

    assert [mail["to"] for mail in mails()] == ["siv@example.se"]
    assert not Alarm.objects.filter(code="no-second-person", resolved_at=None).exists()
    assert JobRun.objects.get(name="second-person").counts == {"open": 1, "late": 0, "stuck": 0}


def test_everybody_who_may_answer_is_reminded_once_a_day_later(gift: Gift, david: User) -> None:
    staff("dana", Role.TREASURER, gift.entity)
    staff("siv", Role.SECOND, gift.entity)
    asked(gift, david)
    tasks.ask_second_persons()
    assert ([mail["to"] for mail in mails()], mails(second_person.REMINDED)) == (
        ["dana@example.se"],
        [],
    )

    Approval.objects.update(asked_at=clock.now() - timedelta(days=1))
    tasks.ask_second_persons()
    tasks.ask_second_persons()

    reminded = [mail["to"] for mail in mails(second_person.REMINDED)]
    assert sorted(reminded) == ["dana@example.se", "siv@example.se"]
    assert len(mails()) == 1


def test_what_is_answered_is_asked_about_no_more(gift: Gift, david: User) -> None:
    dana = staff("dana", Role.TREASURER, gift.entity)
    approval = asked(gift, david)
    refunds.approve_refund(Refund.objects.get().ref, by=f"staff:{dana.pk}")

    second_person.ask(approval.pk)
    tasks.ask_second_persons()

    assert TransactionalMessage.objects.count() == 0


def test_who_has_no_address_is_no_reason_to_fail(gift: Gift, david: User) -> None:
    dana = staff("dana", Role.TREASURER, gift.entity)
    User.objects.filter(pk=dana.pk).update(email="")

    second_person.ask(asked(gift, david).pk)

    assert mails() == []
    assert not Alarm.objects.filter(code="no-second-person").exists()
