"""POST /v3/mail/send: what is taken, what is refused and in which words."""

from __future__ import annotations

import gzip
import http.client
from typing import Any

import orjson
import pytest

from tests.sandbox.sendgrid.conftest import call, mail, now, person, request_to
from tests.sandbox.sendgrid.refusals import LONG, REFUSED
from tests.sendgrid_stand_in import API_KEY, LeverError, SendGridStandIn

HELP = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#message."


def test_a_thousand_people_are_taken_in_one_request(sendgrid: SendGridStandIn) -> None:
    people = [person(f"p{n}@example.org", custom_args={"m": str(n)}) for n in range(1000)]
    answer = mail(sendgrid, *people, custom_args={"appeal": "a1"}, categories=["upprop"])
    assert (answer.status, answer.raw) == (202, b"")
    assert len(answer.headers["X-Message-Id"]) == 22
    counts = sendgrid.state()["counts"]
    assert (counts["requests"], counts["recipients"]) == (1, 1000)
    assert sendgrid.tally("m")["accepted"] == {str(n): 1 for n in range(1000)}
    assert sendgrid.tally("appeal")["accepted"] == {"a1": 1000}


def test_what_is_wrong_refuses_all_of_the_request_and_says_where(
    sendgrid: SendGridStandIn,
) -> None:
    for change, field, words in REFUSED:
        answer = mail(sendgrid, "a@x.se", **change)
        assert (answer.status, answer.error["field"]) == (400, field), (change, answer.raw)
        assert answer.error["message"] == words
        assert (answer.error["help"] or HELP).startswith(HELP)
    state = sendgrid.state()
    assert (state["counts"]["refused"], state["counts"]["recipients"]) == (len(REFUSED), 0)
    assert sendgrid.mails() == []


def test_an_address_may_be_there_once_whatever_its_case(sendgrid: SendGridStandIn) -> None:
    twice = [{"email": "Anna@example.org"}, {"email": "anna@EXAMPLE.org"}]
    answer = mail(sendgrid, "b@example.org", {"to": twice})
    assert answer.status == 400
    assert answer.error == {
        "message": "Each unique email address in the personalizations array should only be"
        " included once. You have included [anna@example.org] more than once.",
        "field": "personalizations.1.to",
        "help": f"{HELP}recipient-errors",
    }
    assert mail(sendgrid, "b@x.se", person("c@x.se", cc=[{"email": "B@x.se"}])).status == 400
    assert mail(sendgrid, "b@x.se", "B@x.se").status == 400
    sendgrid.knobs(unique_across=False)
    assert mail(sendgrid, "b@x.se", "B@x.se").status == 202
    assert mail(sendgrid, person("c@x.se", bcc=[{"email": "C@x.se"}])).status == 400


def test_the_limits_themselves_are_taken(sendgrid: SendGridStandIn) -> None:
    far = now() + 72 * 3600
    taken: list[dict[str, Any]] = [
        {"send_at": far - 60},
        {"categories": [str(n) for n in range(10)]},
        {"personalizations": [person("a@x.se", substitutions={"-a-": LONG + "1234567"})]},
        {"subject": None, "personalizations": [person("a@x.se", subject="Hej")]},
        {"subject": None, "content": None, "template_id": "d-1",
         "personalizations": [person("a@x.se", dynamic_template_data={"n": 1})]},
        {"headers": {"List-Unsubscribe": "<https://x.se/u>", "X-Mailer": "f"}},
    ]  # fmt: skip
    assert [mail(sendgrid, "a@x.se", **change).status for change in taken] == [202] * len(taken)
    assert mail(sendgrid, "a@x.se", send_at=far + 8 * 3600).error["field"] == "send_at"


def test_a_request_that_is_too_large_or_no_json_is_refused(sendgrid: SendGridStandIn) -> None:
    four, too_much = "x" * 4_000_000, "x" * 31_000_000
    assert mail(sendgrid, "a@x.se", content=[{"type": "text/html", "value": four}]).status == 202
    answer = mail(sendgrid, "a@x.se", content=[{"type": "text/html", "value": too_much}])
    assert (answer.status, answer.error["message"]) == (413, "content too large")
    bomb = gzip.compress(orjson.dumps(request_to("a@x.se", subject=too_much)), 1)
    packed = {"Content-Encoding": "gzip"}
    assert call(sendgrid, "POST", "/v3/mail/send", bomb, **packed).status == 413
    for raw in (b"{", b"", b"[]", b'"text"'):
        answer = call(sendgrid, "POST", "/v3/mail/send", raw)
        assert (answer.status, answer.error["message"]) == (400, "Bad Request")
        assert answer.headers["Connection"] == "close"


def test_a_packed_body_is_unpacked(sendgrid: SendGridStandIn) -> None:
    packed = {"Content-Encoding": "gzip"}
    whole = gzip.compress(orjson.dumps(request_to("a@x.se")))
    assert call(sendgrid, "POST", "/v3/mail/send", whole, **packed).status == 202
    assert call(sendgrid, "POST", "/v3/mail/send", whole[:-9], **packed).status == 400
    assert call(sendgrid, "POST", "/v3/mail/send", b"no gzip", **packed).status == 400
    assert len(sendgrid.mails()) == 1


def test_sandbox_mode_checks_and_sends_nothing(sendgrid: SendGridStandIn) -> None:
    on = {"mail_settings": {"sandbox_mode": {"enable": True}}}
    answer = mail(sendgrid, "a@x.se", **on)
    assert (answer.status, answer.raw, answer.headers["X-Message-Id"]) == (200, b"", None)
    assert mail(sendgrid, "ingen", **on).status == 400
    assert sendgrid.mails() == []


def test_a_key_is_needed_and_its_scope_and_a_known_sender(sendgrid: SendGridStandIn) -> None:
    path, body = "/v3/mail/send", request_to("a@x.se")
    none = call(sendgrid, "POST", path, body, key="")
    assert (none.status, none.error["message"]) == (401, "authorization required")
    wrong = call(sendgrid, "POST", path, body, key="SG.stand-in.wrong")
    assert wrong.status == 401
    assert wrong.error["message"] == (
        "The provided authorization grant is invalid, expired, or revoked"
    )
    sendgrid.control("keys", key="SG.stand-in.reader", scopes=["suppression"])
    reader = call(sendgrid, "POST", path, body, key="SG.stand-in.reader")
    assert (reader.status, reader.error["message"]) == (403, "access forbidden")
    lists = call(sendgrid, "GET", "/v3/suppression/bounces", key="SG.stand-in.reader")
    assert lists.status == 200
    assert call(sendgrid, "GET", "/v3/scopes").json["scopes"][0] == "mail.send"
    sendgrid.knobs(verified_senders=["annan@example.org"])
    unknown = mail(sendgrid, "a@x.se")
    assert (unknown.status, unknown.error["field"]) == (403, "from")
    sendgrid.knobs(verified_senders=["example.org"])
    assert mail(sendgrid, "a@x.se").status == 202
    assert len(sendgrid.mails()) == 1


def test_what_is_not_there_is_said(sendgrid: SendGridStandIn) -> None:
    assert call(sendgrid, "GET", "/v3/mail/send").status == 405
    assert call(sendgrid, "POST", "/v3/suppression/bounces").status == 405
    assert call(sendgrid, "GET", "/v3/unheard/of").status == 404
    assert call(sendgrid, "GET", "/v3/messages?limit=10").status == 403


def test_a_connection_is_kept_from_one_request_to_the_next(sendgrid: SendGridStandIn) -> None:
    line = http.client.HTTPConnection("127.0.0.1", sendgrid.port, timeout=30)
    head = {"Authorization": f"Bearer {API_KEY}"}
    kept = []
    for number in range(3):
        body = orjson.dumps(request_to(f"p{number}@x.se"))
        line.request("POST", "/v3/mail/send", body, head)
        reply = line.getresponse()
        kept.append((reply.status, reply.read(), line.sock))
    assert {status for status, _, _ in kept} == {202}
    assert kept[0][2] is kept[1][2] is kept[2][2] is not None
    line.close()


@pytest.mark.parametrize("mode", ["sink", "bare"])
def test_a_sink_counts_and_keeps_nothing(sendgrid: SendGridStandIn, mode: str) -> None:
    sendgrid.knobs(mode=mode)
    assert mail(sendgrid, "a@x.se", "b@x.se").status == 202
    assert mail(sendgrid, "ingen").status == (400 if mode == "sink" else 202)
    assert sendgrid.state()["counts"]["recipients"] == (2 if mode == "sink" else 3)
    assert sendgrid.mails() == []
    with pytest.raises(LeverError, match="mode must be one of"):
        sendgrid.knobs(mode="other")
