"""The bank of a clearing number, and an account that is looked at while it is typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from fundraise.limits import services as limits
from fundraise.limits.models import Bucket

pytestmark = pytest.mark.django_db


def test_a_clearing_number_names_its_bank_and_may_be_kept(client: Client) -> None:
    answer = client.get("/konto/bank/", {"clearing": "5102"})

    assert answer.json() == {
        "state": "ok",
        "code": "",
        "bank": "SEB",
        "said": "",
        "digits": [7, 7],
        "check": "1/1",
        "help": "Elva siffror under kontots namn i appen. De fyra första, med 5 eller 91 först, är"
        " clearingnumret.",
    }
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert answer.cookies == {}


def test_it_answers_in_english_and_warns_of_what_nobody_knows(client: Client) -> None:
    said = client.get("/en/account/bank/", {"clearing": "9991"}).json()

    assert (said["state"], said["code"], said["bank"]) == ("warn", "unknown_bank", "")
    assert said["said"].startswith("We know no bank with that clearing number.")


@pytest.mark.parametrize(
    "query", ["", "clearing=510", "clearing=51020158751", "clearing=5102&account=0158751"]
)
def test_no_more_than_a_clearing_number_is_taken_from_an_address(
    client: Client, query: str
) -> None:
    answer = client.get(f"/konto/bank/?{query}")

    assert (answer.status_code, answer.json()) == (400, {})
    assert answer["Cache-Control"] == "no-store"
    assert not Bucket.objects.exists()


@pytest.mark.parametrize(
    ("sent", "state", "bank"),
    [
        ({"account": "SEB 5102-015 87 51"}, "ok", "SEB"),
        ({"clearing": "5102", "account": "0158751"}, "ok", "SEB"),
        ({"account": "5102 0158752"}, "error", "SEB"),
        ({"account": "8105 12345678"}, "warn", "Swedbank"),
        ({}, "error", ""),
    ],
)
def test_an_account_is_looked_at_and_not_repeated(
    client: Client, sent: dict[str, str], state: str, bank: str
) -> None:
    answer = client.post("/konto/kontrollera/", sent)

    said = answer.json()
    assert (said["state"], said["bank"]) == (state, bank)
    assert answer["Cache-Control"] == "no-store"
    assert answer.cookies == {}
    assert "01587" not in answer.content.decode()


def test_an_account_is_looked_at_for_our_own_pages_alone(client: Client) -> None:
    url, other = "/konto/kontrollera/", {"Sec-Fetch-Site": "cross-site"}
    assert client.post(url, {"account": "1"}, headers=other).status_code == 403
    assert client.get("/konto/kontrollera/").status_code == 405
    assert client.post("/konto/kontrollera/", {"account": "1" * 81}).status_code == 400


def test_who_asks_too_often_waits_and_a_database_that_is_away_stops_nobody(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIMITS = {**settings.LIMITS, "account": (1, 600)}
    url = "/konto/bank/?clearing=5102"
    assert [client.get(url).status_code for _twice in range(2)] == [200, 429]
    assert client.post("/konto/kontrollera/", {"account": "1"}).status_code == 429

    def away(*_args: object) -> bool:
        raise OperationalError

    monkeypatch.setattr(limits, "allow", away)
    assert client.get(url).json()["bank"] == "SEB"
