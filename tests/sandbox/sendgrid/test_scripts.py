"""What can be made to go wrong with calls: refusals, lost answers, late ones."""

from __future__ import annotations

import http.client
import time

import pytest

from tests.sandbox.sendgrid.conftest import call, mail, now
from tests.sendgrid_stand_in import LeverError, SendGridStandIn


def _taken(sendgrid: SendGridStandIn) -> list[str]:
    return sorted(one["email"] for one in sendgrid.mails())


@pytest.mark.parametrize("status", [400, 401, 403, 413, 429, 500, 503])
def test_refused_at_the_door_nothing_is_taken(sendgrid: SendGridStandIn, status: int) -> None:
    sendgrid.fault("error", status=status, seconds=30, skip=1, count=2)
    statuses = [mail(sendgrid, f"p{n}@x.se").status for n in range(4)]
    assert statuses == [202, status, status, 202]
    assert _taken(sendgrid) == ["p0@x.se", "p3@x.se"]


def test_a_429_says_when_it_is_over(sendgrid: SendGridStandIn) -> None:
    begun = now()
    sendgrid.fault("error", status=429, seconds=30)
    answer = mail(sendgrid, "a@x.se")
    assert answer.error["message"] == "too many requests"
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert int(answer.headers["X-RateLimit-Reset"]) >= begun + 30


def test_taken_and_yet_an_error_is_answered(sendgrid: SendGridStandIn) -> None:
    sendgrid.fault("error_after", status=503)
    assert mail(sendgrid, "a@x.se").status == 503
    assert _taken(sendgrid) == ["a@x.se"]


def test_an_answer_is_lost_after_the_mail_was_taken_or_before(sendgrid: SendGridStandIn) -> None:
    sendgrid.fault("lose")
    with pytest.raises(http.client.RemoteDisconnected):
        mail(sendgrid, "taken@x.se")
    sendgrid.fault("lose_before")
    with pytest.raises(http.client.RemoteDisconnected):
        mail(sendgrid, "not@x.se")
    assert _taken(sendgrid) == ["taken@x.se"]
    assert [call["lost"] for call in sendgrid.calls()] == [True, True]
    assert sendgrid.state()["counts"]["lost"] == 1


def test_an_answer_comes_late(sendgrid: SendGridStandIn) -> None:
    sendgrid.fault("delay", seconds=0.3)
    begun = time.monotonic()
    assert mail(sendgrid, "a@x.se").status == 202
    assert time.monotonic() - begun >= 0.3


def test_one_bad_address_refuses_every_request_that_holds_it(sendgrid: SendGridStandIn) -> None:
    sendgrid.fault("refuse", address="Bad@x.se")
    assert mail(sendgrid, "a@x.se", "bad@x.se").status == 400
    assert mail(sendgrid, "bad@x.se").error["message"].endswith("[bad@x.se].")
    assert mail(sendgrid, "a@x.se").status == 202
    sendgrid.control("faults/clear")
    assert mail(sendgrid, "bad@x.se").status == 202
    assert _taken(sendgrid) == ["a@x.se", "bad@x.se"]


def test_a_share_of_answers_is_lost_the_same_for_the_same_seed(sendgrid: SendGridStandIn) -> None:
    def lost() -> list[int]:
        sendgrid.reset()
        sendgrid.knobs(seed=7, fault_shares={"lose": 0.2})
        found = []
        for number in range(40):
            try:
                mail(sendgrid, f"p{number}@x.se")
            except http.client.RemoteDisconnected:
                found.append(number)
        return found

    first = lost()
    assert 2 <= len(first) <= 16
    assert lost() == first
    assert len(_taken(sendgrid)) == 40


def test_other_calls_go_wrong_too(sendgrid: SendGridStandIn) -> None:
    path = "/v3/user/scheduled_sends"
    batch = call(sendgrid, "POST", "/v3/mail/batch").json["batch_id"]
    sendgrid.fault("lose", path=path)
    with pytest.raises(http.client.RemoteDisconnected):
        call(sendgrid, "POST", path, {"batch_id": batch, "status": "cancel"})
    assert call(sendgrid, "GET", path).json == [{"batch_id": batch, "status": "cancel"}]


def test_a_lever_that_is_not_there_is_named(sendgrid: SendGridStandIn) -> None:
    for act in ("error_", ""):
        with pytest.raises(LeverError, match="act must be one of error, error_after, lose"):
            sendgrid.fault(act)
    with pytest.raises(LeverError, match="refuse needs an address"):
        sendgrid.fault("refuse")
    with pytest.raises(LeverError, match="fault_shares: together they are more than 1"):
        sendgrid.knobs(fault_shares={"lose": 0.6, "error": 0.6})
    with pytest.raises(LeverError, match="shares: unknown juggler"):
        sendgrid.knobs(shares={"juggler": 0.5})
    assert call(sendgrid, "POST", "/control/reset", b"{}", Origin="http://evil.test").status == 403
