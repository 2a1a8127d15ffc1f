"""Mails that wait for their moment, and what stops them."""

from __future__ import annotations

from tests.sandbox.sendgrid.conftest import Taker, call, mail, now, person
from tests.sendgrid_stand_in import SendGridStandIn

STOPS = "/v3/user/scheduled_sends"
HOUR = 3600


def _batch(sendgrid: SendGridStandIn) -> str:
    answer = call(sendgrid, "POST", "/v3/mail/batch")
    assert answer.status == 201
    batch: str = answer.json["batch_id"]
    assert call(sendgrid, "GET", f"/v3/mail/batch/{batch}").json == {"batch_id": batch}
    return batch


def _stop(sendgrid: SendGridStandIn, batch: str, status: str = "cancel") -> int:
    return call(sendgrid, "POST", STOPS, {"batch_id": batch, "status": status}).status


def _states(sendgrid: SendGridStandIn) -> dict[str, str]:
    return {one["email"]: one["state"] for one in sendgrid.mails()}


def test_a_mail_waits_for_its_moment(sendgrid: SendGridStandIn, taker: Taker) -> None:
    soon = now() + HOUR
    early = person("tidig@x.se", send_at=soon - 1800)
    mail(sendgrid, "anna@x.se", early, send_at=soon)
    sendgrid.wait(hurry_seconds=0)
    assert _states(sendgrid) == {"anna@x.se": "held", "tidig@x.se": "held"}
    sendgrid.clock(HOUR - 900)
    sendgrid.wait()
    assert _states(sendgrid) == {"anna@x.se": "held", "tidig@x.se": "gone"}
    sendgrid.clock(HOUR + 10)
    sendgrid.wait()
    assert taker.told("anna@x.se") == ["processed", "delivered"]
    assert {e["send_at"] for e in taker.events if e["event"] == "processed"} == {soon, soon - 1800}


def test_what_is_cancelled_in_time_is_thrown_away(sendgrid: SendGridStandIn, taker: Taker) -> None:
    batch, other = _batch(sendgrid), _batch(sendgrid)
    soon = now() + 20 * 60
    mail(sendgrid, "a@x.se", send_at=soon, batch_id=batch)
    mail(sendgrid, "b@x.se", send_at=soon, batch_id=other)
    assert _stop(sendgrid, batch) == 201
    # A stop catches what comes after it, too.
    mail(sendgrid, "sen@x.se", send_at=soon, batch_id=batch)
    sendgrid.clock(21 * 60)
    sendgrid.wait()
    assert _states(sendgrid) == {"a@x.se": "cancelled", "b@x.se": "gone", "sen@x.se": "cancelled"}
    assert {event["email"] for event in taker.events} == {"b@x.se"}


def test_a_cancellation_taken_back_in_time_lets_the_mail_go(sendgrid: SendGridStandIn) -> None:
    batch = _batch(sendgrid)
    mail(sendgrid, "a@x.se", send_at=now() + HOUR, batch_id=batch)
    _stop(sendgrid, batch)
    assert call(sendgrid, "DELETE", f"{STOPS}/{batch}").status == 204
    sendgrid.clock(2 * HOUR)
    assert _states(sendgrid) == {"a@x.se": "gone"}
    # A mail without a moment to wait for is gone at once; there is nothing left to stop.
    mail(sendgrid, "b@x.se", batch_id=batch)
    sendgrid.wait()
    assert _stop(sendgrid, batch) == 201
    assert _states(sendgrid) == {"a@x.se": "gone", "b@x.se": "gone"}


def test_a_stop_less_than_ten_minutes_ahead_has_no_effect(sendgrid: SendGridStandIn) -> None:
    batch = _batch(sendgrid)
    mail(sendgrid, "a@x.se", send_at=now() + 9 * 60, batch_id=batch)
    assert _stop(sendgrid, batch) == 201
    sendgrid.clock(10 * 60)
    assert _states(sendgrid) == {"a@x.se": "gone"}


def test_what_is_paused_is_kept_let_go_or_too_old_after_72_hours(
    sendgrid: SendGridStandIn,
) -> None:
    first, second = _batch(sendgrid), _batch(sendgrid)
    soon = now() + HOUR
    mail(sendgrid, "a@x.se", send_at=soon, batch_id=first)
    mail(sendgrid, "b@x.se", send_at=soon, batch_id=second)
    assert [_stop(sendgrid, batch, "pause") for batch in (first, second)] == [201, 201]
    sendgrid.clock(2 * HOUR)
    assert _states(sendgrid) == {"a@x.se": "paused", "b@x.se": "paused"}
    assert call(sendgrid, "DELETE", f"{STOPS}/{first}").status == 204
    sendgrid.clock(3 * HOUR)
    assert _states(sendgrid) == {"a@x.se": "gone", "b@x.se": "paused"}
    sendgrid.clock(74 * HOUR)
    assert _states(sendgrid) == {"a@x.se": "gone", "b@x.se": "expired"}


def test_a_pause_becomes_a_cancellation(sendgrid: SendGridStandIn) -> None:
    batch = _batch(sendgrid)
    mail(sendgrid, "a@x.se", send_at=now() + HOUR, batch_id=batch)
    _stop(sendgrid, batch, "pause")
    assert call(sendgrid, "PATCH", f"{STOPS}/{batch}", {"status": "cancel"}).status == 204
    assert call(sendgrid, "GET", f"{STOPS}/{batch}").json == [
        {"batch_id": batch, "status": "cancel"}
    ]
    sendgrid.clock(2 * HOUR)
    assert _states(sendgrid) == {"a@x.se": "cancelled"}


def test_ten_batches_may_be_stopped_at_a_time_each_once(sendgrid: SendGridStandIn) -> None:
    batches = [_batch(sendgrid) for _ in range(11)]
    assert [_stop(sendgrid, batch) for batch in batches] == [201] * 10 + [400]
    again = call(sendgrid, "POST", STOPS, {"batch_id": batches[0], "status": "pause"})
    assert (again.status, again.error["field"]) == (400, "batch_id")
    assert call(sendgrid, "DELETE", f"{STOPS}/{batches[0]}").status == 204
    assert _stop(sendgrid, batches[10]) == 201
    assert len(call(sendgrid, "GET", STOPS).json) == 10
    sendgrid.clock(73 * HOUR)
    assert _stop(sendgrid, batches[0]) == 201
    assert len(call(sendgrid, "GET", STOPS).json) == 1


def test_what_is_no_batch_or_no_status_is_refused(sendgrid: SendGridStandIn) -> None:
    batch = _batch(sendgrid)
    assert _stop(sendgrid, "unheard-of") == 400
    assert _stop(sendgrid, batch, "stop") == 400
    assert call(sendgrid, "GET", "/v3/mail/batch/unheard-of").status == 400
    assert call(sendgrid, "PATCH", f"{STOPS}/{batch}", {"status": "cancel"}).status == 404
    assert call(sendgrid, "DELETE", f"{STOPS}/{batch}").status == 404
    assert call(sendgrid, "GET", STOPS).json == []
