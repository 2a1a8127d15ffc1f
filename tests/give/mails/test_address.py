"""Another address: only when the old and the new mailbox have both answered."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from donors import services as donors
from fundraise import clock
from fundraise.give.mails import moving
from fundraise.give.models import AddressMove
from mailings.models import TransactionalMessage
from mailings.transactional import _opened
from tests.give.mails.conftest import KASSA, Post
from tests.give.mine.browsing import said

pytestmark = pytest.mark.django_db
NEW = "ny.kassa@hamn.example.se"


def ask(client: Client, post: Post, address: str = NEW) -> int:
    answer = client.post(f"/utskick/{post.leave(post.kassa)}/adress", {"email": address})
    return answer.status_code


def links() -> dict[str, str]:
    """The key that was mailed to each address."""
    found = {}
    for message in TransactionalMessage.objects.filter(kind=moving.KIND):
        mail = _opened(message)
        key = re.search(r"\?key=(\S+)", mail.text)
        assert key is not None
        found[mail.to] = key[1].replace("%3A", ":")
    return found


def press(client: Client, key: str) -> str:
    shown = client.get("/byt-adress/", {"key": key})
    assert shown.status_code == 200
    return said(client.post("/byt-adress/", {"key": key}))


def test_the_address_changes_when_both_mailboxes_have_answered(client: Client, post: Post) -> None:
    assert ask(client, post) == 200
    keys = links()
    assert set(keys) == {KASSA, NEW}
    for key in keys.values():
        assert client.get("/byt-adress/", {"key": key}).status_code == 200  # a scanner
    assert not AddressMove.objects.exclude(old_at=None, new_at=None).exists()
    assert "Den andra inkorgen återstår" in press(client, keys[NEW])
    assert donors.find_by_email(NEW) == []
    assert "Adressen är bytt" in press(client, keys[KASSA])
    assert (donors.find_by_email(NEW), donors.find_by_email(KASSA)) == ([post.kassa], [])
    point = post.kassa.contact_points.get()
    assert (point.state, point.is_primary) == ("confirmed", True)
    assert AddressMove.objects.get().new_sealed is None
    assert "Adressen är bytt" in press(client, keys[NEW])  # pressed again


def test_one_mailbox_alone_changes_nothing_however_often_it_answers(
    client: Client, post: Post
) -> None:
    ask(client, post)
    key = links()[NEW]
    for _press in range(3):
        press(client, key)
    assert (donors.find_by_email(NEW), donors.find_by_email(KASSA)) == ([], [post.kassa])
    forged = key.replace(".new:", ".old:")
    assert client.post("/byt-adress/", {"key": forged}).status_code == 410
    AddressMove.objects.update(until=clock.real_now())
    assert client.post("/byt-adress/", {"key": links()[KASSA]}).status_code == 410
    assert donors.find_by_email(NEW) == []
    assert moving.forget(clock.real_now()) == 1


def test_what_is_no_address_or_is_known_is_mailed_nowhere(client: Client, post: Post) -> None:
    assert ask(client, post, "nix") == 422
    assert ask(client, post, KASSA) == 200
    other_site = client.post(
        f"/utskick/{post.leave(post.kassa)}/adress", {"email": NEW},
        headers={"origin": "https://evil.example"},
    )  # fmt: skip
    assert other_site.status_code == 403
    assert not TransactionalMessage.objects.exists()
