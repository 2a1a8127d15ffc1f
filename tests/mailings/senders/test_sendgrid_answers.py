"""What SendGrid's answers mean for the people of a request, and what is told of them."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from fundraise import clock
from mailings.senders.base import BulkOutcome, Mail, Outcome, SendError
from mailings.senders.sendgrid import SendGridSender, answers
from tests.mailings.http_stand_in import TAKEN, HttpStandIn, Ill, Say
from tests.mailings.senders.asking import REQUEST, refused

MAIL = Mail("1@ge.example", "anna@exempel.se", "Tack", "<p>Tack</p>", "Tack")


def test_202_is_the_only_yes_and_brings_a_name(server: HttpStandIn) -> None:
    assert SendGridSender().post(REQUEST).reference == "x1"
    assert SendGridSender().send(MAIL).reference == "x1"


@pytest.mark.parametrize(
    ("status", "means"),
    [
        (400, BulkOutcome.REFUSED),
        (413, BulkOutcome.REFUSED),
        (401, BulkOutcome.KEY_REFUSED),
        (403, BulkOutcome.KEY_REFUSED),
        (404, BulkOutcome.KEY_REFUSED),
        (405, BulkOutcome.KEY_REFUSED),
        (429, BulkOutcome.WAIT),
        (200, BulkOutcome.UNKNOWN),
        (302, BulkOutcome.UNKNOWN),
        (408, BulkOutcome.UNKNOWN),
        (500, BulkOutcome.UNKNOWN),
        (502, BulkOutcome.UNKNOWN),
        (503, BulkOutcome.UNKNOWN),
    ],
)
def test_an_answer_says_whether_anything_left(
    server: HttpStandIn, status: int, means: BulkOutcome
) -> None:
    server.script = [Say(status)]
    error = refused()
    assert (error.outcome, error.status) == (means, status)
    assert len(server.asked) == 1
    with pytest.raises(SendError) as failed:
        SendGridSender().send(MAIL)
    assert (
        failed.value.outcome
        is {
            BulkOutcome.REFUSED: Outcome.REFUSED,
            BulkOutcome.KEY_REFUSED: Outcome.TRY_LATER,
            BulkOutcome.WAIT: Outcome.TRY_LATER,
            BulkOutcome.UNKNOWN: Outcome.UNKNOWN,
        }[means]
    )
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("ill", "asked"), [(Ill.SILENT, 1), (Ill.CUTS, 1), (Ill.DRIPS, 1)], ids=lambda ill: str(ill)
)
def test_an_answer_that_does_not_come_leaves_a_doubt(
    server: HttpStandIn, ill: Ill, asked: int
) -> None:
    server.script = [Say(ill=ill)]
    assert refused().outcome is BulkOutcome.UNKNOWN
    assert len(server.asked) == asked


def test_no_server_means_that_nothing_left(settings: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.SENDGRID_HOST = f"http://127.0.0.1:{closed.getsockname()[1]}"
        error = refused()
    assert (error.outcome, error.status) == (BulkOutcome.WAIT, None)


def test_a_yes_that_breaks_off_after_its_first_lines_is_a_yes(server: HttpStandIn) -> None:
    server.script = [Say(202, {"X-Message-Id": "x9"}, b"{", Ill.HALF), TAKEN]
    assert SendGridSender().post(REQUEST).reference == "x9"
    assert SendGridSender().post(REQUEST).reference == "x1"
    assert (len(server.asked), server.connections) == (2, 2)


def test_a_no_before_the_body_was_read_is_a_no(server: HttpStandIn) -> None:
    server.script = [Say(413, ill=Ill.UNREAD)]
    assert refused().outcome is BulkOutcome.REFUSED
    assert server.asked == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Reset": "1795687245"}, 45.0),
        ({"X-RateLimit-Reset": "1795687100"}, 1.0),
        ({"X-RateLimit-Reset": "1799999999"}, 3600.0),
        ({"X-RateLimit-Reset": "30"}, 30.0),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Thu, 26 Nov 2026 10:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_too_many_says_how_long_to_wait(
    server: HttpStandIn,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    seconds: float | None,
) -> None:
    now = datetime.fromtimestamp(1_795_687_200, UTC)
    monkeypatch.setattr(clock, "real_now", lambda: now)
    server.script = [Say(429, headers)]
    assert refused().retry_after == seconds


def faults(*errors: dict[str, object]) -> Say:
    return Say(400, body=orjson.dumps({"errors": errors}))


def test_a_refusal_tells_the_field_and_the_fault_and_no_person(server: HttpStandIn) -> None:
    server.script = [
        faults(
            {
                "message": "Each email address <anna@exempel.se> or Annasdotter should be unique.",
                "field": "personalizations.1.to",
            },
            {"message": 'Does not contain a valid address: "a b".', "field": "from.email"},
            {"message": "a third one", "field": None},
        )
    ]
    assert str(refused()) == (
        "answered 400 personalizations.1.to: Each email address … or … should be unique.; "
        "from.email: Does not contain a valid address: …."
    )


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"errors": 3}', b'{"errors": ["x"]}'])
def test_a_refusal_without_words_is_told_by_its_number(server: HttpStandIn, body: bytes) -> None:
    server.script = [Say(400, body=body)]
    assert str(refused()) == "answered 400"


def test_the_words_are_kept_short(server: HttpStandIn) -> None:
    server.script = [faults({"message": "word " * 500, "field": "content"})]
    assert len(str(refused())) <= len("answered 400 ") + answers.MOST_WORDS
