"""The go-live line of SendGrid asks for real, and says which key lacks what."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fundraise.ops.golive.lines import sendgrid
from tests.mailings import http_stand_in
from tests.mailings.http_stand_in import HttpStandIn, Say

PUBLIC = base64.b64encode(
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()
ALL = ("mail.send", "mail.batch.create", "user.scheduled_sends.create", "suppression.read")


@pytest.fixture
def server(settings: Any) -> Iterator[HttpStandIn]:
    with http_stand_in.running() as made:
        settings.SENDGRID_HOST = made.url
        settings.SENDGRID_API_KEY, settings.SENDGRID_APPEALS_KEY = "for-receipts", "for-appeals"
        settings.SENDGRID_WEBHOOK_PUBLIC_KEY = [PUBLIC]
        settings.MAIL_SENDER = settings.APPEAL_SENDER = "sendgrid"
        yield made


def holds(*scopes: str) -> Say:
    return Say(200, body=orjson.dumps({"scopes": scopes}))


def said() -> tuple[str, str, str]:
    found = sendgrid.ask()
    return found.state, found.code, str(sendgrid.LINE.words[found.code].answer) % found.facts


def test_a_house_without_sendgrid_is_asked_nothing(server: HttpStandIn, settings: Any) -> None:
    settings.MAIL_SENDER = settings.APPEAL_SENDER = "smtp"
    assert said() == ("green", "not_used", "SendGrid carries none of our mail.")
    assert server.asked == []


def test_both_keys_are_asked_what_they_may_do(server: HttpStandIn) -> None:
    server.script = [holds("mail.send"), holds(*ALL)]
    assert said()[:2] == ("green", "answers")
    assert [asked.headers["authorization"] for asked in server.asked] == [
        "Bearer for-receipts",
        "Bearer for-appeals",
    ]
    assert {(asked.method, asked.path) for asked in server.asked} == {("GET", "/v3/scopes")}


def test_a_key_that_lacks_a_right_is_named_with_it(server: HttpStandIn) -> None:
    server.script = [holds("mail.send"), holds("mail.send", "suppression.read")]
    assert said() == (
        "red",
        "lacks",
        "The key of SENDGRID_APPEALS_KEY may not do: mail.batch, user.scheduled_sends.",
    )


@pytest.mark.parametrize(
    ("answer", "code"), [(Say(401), "refused"), (Say(500), "no_answer"), (Say(200), "no_answer")]
)
def test_a_key_that_is_not_known_and_a_host_that_is_ill_are_told_apart(
    server: HttpStandIn, answer: Say, code: str
) -> None:
    server.script = [answer]
    assert said()[:2] == ("red", code)


@pytest.mark.parametrize(
    "keys", [[], ["no key"], ["QUJD"], [PUBLIC, ""]], ids=["none", "word", "bytes", "half"]
)
def test_without_a_key_for_events_the_line_is_red(
    server: HttpStandIn, settings: Any, keys: list[str]
) -> None:
    server.script = [holds(*ALL)]
    settings.SENDGRID_WEBHOOK_PUBLIC_KEY = keys
    assert said()[:2] == ("red", "no_events")
    settings.APPEAL_SENDER = "smtp"
    assert said()[:2] == ("green", "answers")


def test_another_key_makes_an_old_answer_stale(settings: Any) -> None:
    settings.SENDGRID_API_KEY = "one"
    before = sendgrid.LINE.fingerprint()
    settings.SENDGRID_API_KEY = "two"
    assert sendgrid.LINE.fingerprint() != before
