"""Files come into memory from staff alone: what a stranger sends is read past."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client

from fundraise.console import uploads
from tests.console.conftest import LogIn, make_user

TOKEN = "t" * 32
FILE = b"Namn;E-post\n" + b"Bo Ek;bo@example.se\n" * 10_000


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes of files came into memory, a number for each piece."""
    pieces: list[int] = []
    whole = uploads.MemoryUploads.receive_data_chunk

    def counted(self: uploads.MemoryUploads, raw_data: bytes, start: int) -> None:
        pieces.append(len(raw_data))
        whole(self, raw_data, start)

    monkeypatch.setattr(uploads.MemoryUploads, "receive_data_chunk", counted)
    return pieces


def send(client: Client, path: str = "/staff/imports/", token: str = "") -> int:
    """A form with a file; its token is looked for in the body before any guard of a page."""
    client.handler.enforce_csrf_checks = True
    client.cookies["csrftoken"] = TOKEN
    file = SimpleUploadedFile("lista.csv", FILE)
    answer = client.post(path, {"csrfmiddlewaretoken": token, "file": file})
    return int(answer.status_code)


def test_a_strangers_file_is_not_held(db: None, held: list[int]) -> None:
    assert send(Client()) == 403

    assert held == []


@pytest.mark.parametrize("value", ["made-up", "x" * 32, ""])
def test_a_cookie_that_is_named_like_a_session_is_not_enough(
    value: str, db: None, held: list[int]
) -> None:
    client = Client()
    client.cookies["sessionid"] = value

    assert send(client) == 403
    assert held == []


def test_a_session_that_is_nobodys_is_not_enough(db: None, held: list[int]) -> None:
    client = Client()
    client.post("/staff/login/passkey/options/")  # a challenge is kept for whoever asks
    assert client.cookies["sessionid"].value

    assert send(client) == 403
    assert held == []


@pytest.mark.parametrize("gone", [{"is_active": False}, {"is_staff": False}])
def test_who_left_sends_no_file(gone: dict[str, Any], db: None, held: list[int]) -> None:
    user = make_user("gone", "donor_care")
    client = Client()
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(**gone)

    assert send(client, token=TOKEN) == 302
    assert held == []


def test_the_file_of_staff_is_held(log_in: LogIn, held: list[int]) -> None:
    assert send(log_in("dora", "donor_care"), token=TOKEN) == 302

    assert sum(held) == len(FILE)


def test_a_file_elsewhere_is_read_past(log_in: LogIn, held: list[int]) -> None:
    send(log_in("dora", "donor_care"), "/valet/")

    assert held == []


def test_a_request_before_any_session_is_known_takes_no_file() -> None:
    request = HttpRequest()
    request.path = "/staff/imports/"
    handler = uploads.MemoryUploads(request)

    handler.handle_raw_input(None, {}, 10)

    assert handler.taken is False
