"""Mails to many over one SMTP connection: each by itself, and what its answers mean."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from mailings.senders import smtp
from mailings.senders.base import BulkError, BulkOutcome, BulkPerson
from mailings.senders.smtp import SmtpSender
from tests.mailings import smtp_stand_in
from tests.mailings.senders.asking import ANNA, BJORN, CONTENT, request
from tests.mailings.smtp_stand_in import SmtpStandIn


@pytest.fixture
def mailer(settings: Any) -> Iterator[SmtpStandIn]:
    with smtp_stand_in.running() as made:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        settings.EMAIL_USE_TLS = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 1
        yield made
        smtp._kept.leave()


def post(*people: BulkPerson) -> None:
    for person in people:
        SmtpSender().post(request(people=(person,)))


def refused() -> BulkError:
    with pytest.raises(BulkError) as failed:
        post(ANNA)
    said = repr(failed.value) + repr(failed.value.__cause__)
    assert "exempel.se" not in said
    return failed.value


@pytest.mark.parametrize(
    ("command", "answer", "means"),
    [
        ("MAIL", "530 log in first", BulkOutcome.KEY_REFUSED),
        ("MAIL", "550 not a sender of ours", BulkOutcome.KEY_REFUSED),
        ("MAIL", "552 too big", BulkOutcome.REFUSED),
        ("MAIL", "451 later", BulkOutcome.WAIT),
        ("MAIL", "hello", BulkOutcome.WAIT),
        ("RCPT", "550 no such mailbox", BulkOutcome.REFUSED),
        ("RCPT", "450 grey", BulkOutcome.WAIT),
        ("DATA", "554 spam", BulkOutcome.REFUSED),
        ("DATA", "451 later", BulkOutcome.WAIT),
        ("DATA", "hello", BulkOutcome.UNKNOWN),
    ],
)
def test_an_answer_says_whether_the_mail_left(
    mailer: SmtpStandIn, command: str, answer: str, means: BulkOutcome
) -> None:
    mailer.answers[command] = answer
    assert refused().outcome is means
    assert mailer.mails == []


def test_an_answer_lost_after_the_mail_was_taken_leaves_a_doubt(mailer: SmtpStandIn) -> None:
    mailer.lose_answer = True
    assert refused().outcome is BulkOutcome.UNKNOWN
    assert len(mailer.mails) == 1


def test_mails_share_a_connection_also_after_a_no(mailer: SmtpStandIn) -> None:
    post(ANNA, BJORN)
    mailer.answers["RCPT"] = "550 no such mailbox"
    assert refused().outcome is BulkOutcome.REFUSED
    del mailer.answers["RCPT"]
    post(ANNA)
    assert (len(mailer.mails), mailer.connections) == (3, 1)


def test_a_connection_that_the_server_has_left_is_seen_before_the_next_mail(
    mailer: SmtpStandIn,
) -> None:
    mailer.leaves_after_mail = True
    post(ANNA)
    while not smtp._kept._is_stale():
        time.sleep(0.001)
    post(BJORN)
    assert (len(mailer.mails), mailer.connections) == (2, 2)


def test_no_server_and_a_silent_one_mean_that_nothing_left(settings: Any) -> None:
    with socket.socket() as quiet:
        quiet.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", quiet.getsockname()[1]
        settings.EMAIL_TIMEOUT = 0.3
        assert refused().outcome is BulkOutcome.WAIT
        quiet.listen()
        assert refused().outcome is BulkOutcome.WAIT


@pytest.mark.parametrize("address", ["", " ", "a@exempel.se\nBcc: eva@exempel.se"])
def test_an_address_that_can_never_work_is_refused(mailer: SmtpStandIn, address: str) -> None:
    with pytest.raises(BulkError) as failed:
        post(replace(ANNA, to=address))
    assert failed.value.outcome is BulkOutcome.REFUSED
    assert mailer.mails == []


def test_a_value_can_t_break_out_of_its_header(mailer: SmtpStandIn) -> None:
    content = replace(CONTENT, headers=(("X-Name", "-fr_first_name-"),))
    person = BulkPerson("anna@exempel.se", ("t1", "Anna\r\nBcc: eva@exempel.se"))
    with pytest.raises(BulkError) as failed:
        SmtpSender().post(request(content=content, people=(person,)))
    assert failed.value.outcome is BulkOutcome.REFUSED
    assert mailer.mails == []
