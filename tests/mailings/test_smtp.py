"""What an SMTP server's answers mean for a mail."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from mailings.senders.base import Mail, Outcome, SendError
from mailings.senders.smtp import SmtpSender
from tests.mailings import smtp_stand_in
from tests.mailings.smtp_stand_in import SmtpStandIn

MAIL = Mail("1@ge.example", "anna@exempel.se", "Tack", "<p>Tack</p>", "Tack")


@pytest.fixture
def server(settings: Any) -> Iterator[SmtpStandIn]:
    with smtp_stand_in.running() as stand_in:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", stand_in.port
        settings.EMAIL_USE_TLS = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 1
        yield stand_in


def outcome() -> Outcome:
    with pytest.raises(SendError) as failed:
        SmtpSender().send(MAIL)
    assert "anna@exempel.se" not in str(failed.value)
    return failed.value.outcome


@pytest.mark.parametrize(
    ("command", "answer", "means"),
    [
        ("RCPT", "550 no such mailbox", Outcome.REFUSED),
        ("RCPT", "450 mailbox busy", Outcome.TRY_LATER),
        ("MAIL", "552 too big", Outcome.REFUSED),
        ("DATA", "554 spam", Outcome.REFUSED),
        ("DATA", "451 try later", Outcome.TRY_LATER),
    ],
)
def test_a_code_says_whether_to_try_again(
    server: SmtpStandIn, command: str, answer: str, means: Outcome
) -> None:
    server.answers[command] = answer
    assert outcome() is means
    assert server.mails == []


def test_an_answer_lost_after_the_mail_was_taken_leaves_a_doubt(server: SmtpStandIn) -> None:
    server.lose_answer = True
    assert outcome() is Outcome.UNKNOWN
    assert len(server.mails) == 1


def test_no_server_means_try_later(settings: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed.getsockname()[1]
        settings.EMAIL_TIMEOUT = 1
        assert outcome() is Outcome.TRY_LATER


def test_a_silent_server_is_left_after_the_time_out(settings: Any) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", silent.getsockname()[1]
        settings.EMAIL_TIMEOUT = 0.3
        assert outcome() is Outcome.TRY_LATER
