"""The small calls about the account: names to recall by, cancelling, lists, the key's rights."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from fundraise import clock
from mailings.senders.base import BulkError, BulkOutcome
from mailings.senders.sendgrid import SendGridSender, calls
from mailings.senders.sendgrid.accounts import for_appeals
from tests.mailings.http_stand_in import HttpStandIn, Ill, Say

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def answer(found: object, status: int = 200) -> Say:
    return Say(status, body=orjson.dumps(found))


def asked(server: HttpStandIn) -> list[tuple[str, str]]:
    return [(one.method, one.path) for one in server.asked]


def test_a_name_to_recall_by_is_asked_for_with_the_key_of_appeals(
    server: HttpStandIn, settings: Any
) -> None:
    settings.SENDGRID_APPEALS_KEY = "for-appeals"
    server.script = [answer({"batch_id": "b1"}, 201)]
    assert SendGridSender().new_recall_id() == "b1"
    assert asked(server) == [("POST", "/v3/mail/batch")]
    assert server.asked[0].headers["authorization"] == "Bearer for-appeals"


def test_a_recall_cancels_what_waits(server: HttpStandIn) -> None:
    server.script = [answer({"batch_id": "b1", "status": "cancel"}, 201)]
    SendGridSender().recall("b1")
    assert asked(server) == [("POST", "/v3/user/scheduled_sends")]
    assert server.asked[0].json == {"batch_id": "b1", "status": "cancel"}


REFUSED = answer({"errors": [{"message": "a status update already exists"}]}, 400)


def test_a_recall_asked_twice_is_done_once(server: HttpStandIn) -> None:
    server.script = [REFUSED, answer([{"batch_id": "b1", "status": "cancel"}])]
    SendGridSender().recall("b1")
    assert asked(server)[1:] == [("GET", "/v3/user/scheduled_sends/b1")]


def test_what_was_paused_is_cancelled(server: HttpStandIn) -> None:
    server.script = [REFUSED, answer([{"batch_id": "b1", "status": "pause"}]), Say(204)]
    SendGridSender().recall("b1")
    assert asked(server)[2:] == [("PATCH", "/v3/user/scheduled_sends/b1")]
    assert server.asked[2].json == {"status": "cancel"}


def test_what_can_t_be_recalled_is_told_in_sendgrids_words(server: HttpStandIn) -> None:
    server.script = [REFUSED, answer([])]
    with pytest.raises(BulkError) as failed:
        SendGridSender().recall("b1")
    assert failed.value.outcome is BulkOutcome.REFUSED
    assert str(failed.value) == "answered 400 a status update already exists"


@pytest.mark.parametrize(
    ("said", "means"),
    [
        (Say(401), BulkOutcome.KEY_REFUSED),
        (Say(403), BulkOutcome.KEY_REFUSED),
        (Say(429), BulkOutcome.WAIT),
        (Say(500), BulkOutcome.UNKNOWN),
        (Say(ill=Ill.CUTS), BulkOutcome.UNKNOWN),
        (Say(ill=Ill.SILENT), BulkOutcome.UNKNOWN),
        (Say(201, body=b"<html>"), BulkOutcome.UNKNOWN),
        (Say(201, body=b"{}"), BulkOutcome.UNKNOWN),
    ],
)
def test_a_call_that_fails_says_what_may_be_done(
    server: HttpStandIn, monkeypatch: pytest.MonkeyPatch, said: Say, means: BulkOutcome
) -> None:
    monkeypatch.setattr(calls, "SECONDS", 0.3)
    server.script = [said]
    with pytest.raises(BulkError) as failed:
        SendGridSender().new_recall_id()
    assert failed.value.outcome is means


def rows(count: int, start: int = 0) -> Say:
    made = [
        {"email": f"a{number}@exempel.se", "created": 1_700_000_000 + number, "reason": "gone"}
        for number in range(start, start + count)
    ]
    return answer(made)


def test_the_lists_are_read_page_by_page_up_to_now(
    server: HttpStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "real_now", lambda: NOW)
    server.script = [rows(500), rows(1, 500), rows(1), rows(0)]
    since = datetime(2026, 11, 25, 12, tzinfo=UTC)
    found = list(calls.listed(since=since))
    assert [one.list for one in found] == ["bounces"] * 501 + ["blocks"]
    assert (found[500].email, found[500].at.timestamp()) == ("a500@exempel.se", 1_700_000_500)
    assert "exempel" not in repr(found[0])
    paths = [urlsplit(path) for _method, path in asked(server)]
    assert [path.path.rpartition("/")[2] for path in paths] == ["bounces", *calls.LISTS]
    ends, starts = {f"{NOW.timestamp():.0f}"}, {f"{since.timestamp():.0f}"}
    queries = [parse_qs(path.query) for path in paths]
    assert {query["end_time"][0] for query in queries} == ends
    assert {query["start_time"][0] for query in queries} == starts
    assert [query["offset"][0] for query in queries] == ["0", "500", "0", "0", "0", "0"]
    assert {query["limit"][0] for query in queries} == {"500"}


def test_the_lists_of_both_keys_and_of_the_group_are_read(
    server: HttpStandIn, settings: Any
) -> None:
    settings.SENDGRID_APPEALS_KEY, settings.SENDGRID_UNSUBSCRIBE_GROUP = "for-appeals", 7
    server.script = [*[rows(0)] * 10, answer(["anna@exempel.se"])]
    assert [(one.list, one.email) for one in calls.listed()] == [("group", "anna@exempel.se")]
    assert len(server.asked) == 11
    assert server.asked[-1].path.startswith("/v3/asm/groups/7/suppressions")
    assert {one.headers["authorization"] for one in server.asked} == {
        "Bearer for-appeals",
        "Bearer key-of-a-test",
    }


def test_a_list_that_breaks_off_is_not_taken_for_a_short_one(server: HttpStandIn) -> None:
    server.script = [rows(500), Say(500)]
    with pytest.raises(BulkError):
        list(calls.listed())


def test_a_row_that_makes_no_sense_stops_the_reading(server: HttpStandIn) -> None:
    server.script = [answer([{"email": "a@exempel.se"}])]
    with pytest.raises(BulkError):
        list(calls.listed())


def test_what_a_key_may_do_is_asked(server: HttpStandIn) -> None:
    server.script = [answer({"scopes": ["mail.send", "mail.batch.create"]})]
    assert calls.scopes(for_appeals()) == {"mail.send", "mail.batch.create"}
    assert asked(server) == [("GET", "/v3/scopes")]
