"""One connection for many requests, and no doubt that could have been known."""

from __future__ import annotations

import time

import pytest

from mailings.senders import line
from mailings.senders.line import AnswerLost, Line, NotSent, Times
from mailings.senders.sendgrid import SendGridSender
from tests.mailings.http_stand_in import TAKEN, HttpStandIn, Ill, Say
from tests.mailings.senders.asking import REQUEST

TIMES = Times(connect=1.0, read=0.5, total=1.0)


def post(made: Line, body: bytes = b"{}") -> int:
    return made.post("/", body, {}).status


def test_requests_share_one_connection(server: HttpStandIn) -> None:
    for _number in range(5):
        SendGridSender().post(REQUEST)
    assert (len(server.asked), server.connections) == (5, 1)


def test_a_body_of_many_pieces_comes_whole(server: HttpStandIn) -> None:
    body = b"x" * (3 * line.PIECE + 17)
    assert post(Line(server.url, TIMES), body) == 202
    assert server.asked[0].body == body


def test_a_connection_that_the_server_has_closed_is_seen_before_the_next_request(
    server: HttpStandIn,
) -> None:
    server.script = [Say(ill=Ill.CLOSES), TAKEN]
    made = Line(server.url, TIMES)
    assert post(made) == 202
    assert made.sock is not None
    while not line._readable(made.sock):
        time.sleep(0.001)
    assert post(made) == 202
    assert (len(server.asked), server.connections) == (2, 2)


def test_a_connection_that_was_idle_for_long_is_left(
    server: HttpStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Line(server.url, TIMES)
    post(made)
    monkeypatch.setattr(line, "IDLE_SECONDS", 0.0)
    post(made)
    assert server.connections == 2


def test_after_a_lost_answer_the_next_request_has_a_connection_of_its_own(
    server: HttpStandIn,
) -> None:
    server.script = [Say(ill=Ill.SILENT), TAKEN]
    made = Line(server.url, TIMES)
    with pytest.raises(AnswerLost):
        post(made)
    assert post(made) == 202
    assert server.connections == 2


def test_a_line_from_before_a_fork_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = line.line_to("http://127.0.0.1:9", TIMES)
    assert line.line_to("http://127.0.0.1:9", TIMES) is mine
    monkeypatch.setattr("mailings.senders.line.os.getpid", lambda: -1)
    assert line.line_to("http://127.0.0.1:9", TIMES) is not mine


def test_a_server_that_is_not_who_it_should_be_gets_nothing(server: HttpStandIn) -> None:
    with pytest.raises(NotSent):
        post(Line(server.url.replace("http:", "https:"), TIMES))
    assert server.asked == []


def test_a_header_with_a_line_break_is_not_written(server: HttpStandIn) -> None:
    with pytest.raises(ValueError, match="line break"):
        Line(server.url, TIMES).post("/", b"{}", {"Authorization": "Bearer a\r\nX: y"})
    assert server.connections == 0
