"""The webhook: checked on raw bytes, kept sealed, answered at once."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from fundraise import clock
from mailings.mail_events.models import EventPost, MailEvent
from tests.mailings import posts
from tests.mailings.posts import bytes_of, event, post, signed

pytestmark = pytest.mark.django_db
BODY = bytes_of([event("delivered", email="anna@example.org")])


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    settings.SENDGRID_WEBHOOK_PUBLIC_KEY = [posts.KEY]


def test_a_signed_post_is_kept_sealed_and_nothing_is_read_yet(client: Client) -> None:
    assert post(client, BODY) == 204

    kept = EventPost.objects.get()
    assert (kept.state, kept.account) == ("stored", "demo")
    assert kept.keep_until == (clock.real_now() + timedelta(days=30)).date()
    assert b"anna" not in bytes(kept.sealed)
    assert not MailEvent.objects.exists()


def test_the_same_bytes_are_kept_once_however_often_they_come(client: Client) -> None:
    assert [post(client, BODY) for _ in range(3)] == [204, 204, 204]
    assert EventPost.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Email-Event-Webhook-Timestamp": "1764000000"},
        signed(BODY.rstrip()),
        {**signed(BODY), "X-Twilio-Email-Event-Webhook-Signature": "bm90IGl0"},
        {**signed(BODY), "X-Twilio-Email-Event-Webhook-Timestamp": "soon"},
        signed(BODY, clock.real_now() - timedelta(days=4)),
        signed(BODY, clock.real_now() + timedelta(hours=1)),
    ],
)
def test_what_is_not_signed_is_refused_and_not_kept(
    client: Client, headers: dict[str, str]
) -> None:
    assert post(client, BODY, headers) == 400
    assert not EventPost.objects.exists()


def test_a_post_that_was_tried_for_a_day_is_still_taken(client: Client) -> None:
    assert post(client, BODY, signed(BODY, clock.real_now() - timedelta(hours=30))) == 204


def test_two_keys_hold_while_one_is_changed_and_none_means_no_such_address(
    client: Client, settings: Settings
) -> None:
    other = posts.public(ec.generate_private_key(ec.SECP256R1()))
    settings.SENDGRID_WEBHOOK_PUBLIC_KEY = [other, posts.KEY]
    assert post(client, BODY) == 204
    settings.SENDGRID_WEBHOOK_PUBLIC_KEY = []
    assert post(client, BODY) == 404
    settings.SENDGRID_WEBHOOK_PUBLIC_KEY, settings.SENDGRID_ACCOUNT = [posts.KEY], "other"
    assert post(client, BODY) == 404


def test_a_gzipped_post_is_taken_and_a_bomb_is_not(client: Client) -> None:
    small = gzip.compress(BODY)
    assert post(client, small, {**signed(BODY), "Content-Encoding": "gzip"}) == 204
    assert post(client, BODY) == 204
    assert EventPost.objects.count() == 1

    bomb = gzip.compress(b"[" + b" " * 40_000_000)
    assert post(client, bomb, {**signed(bomb), "Content-Encoding": "gzip"}) == 413
    assert post(client, BODY[:40], {**signed(BODY), "Content-Encoding": "gzip"}) == 400
    assert post(client, b"x" * 1_000_001) == 413
    assert EventPost.objects.count() == 1


def test_only_a_post_changes_anything(client: Client) -> None:
    assert client.get(posts.ADDRESS).status_code == 405
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM mail_events_eventpost")
        assert cursor.fetchone() == (0,)
