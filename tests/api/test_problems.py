"""Every error under /api/ is a problem, and none says what was sent."""

from __future__ import annotations

from typing import Any

import pytest

from fundraise.gifts.models import Gift
from fundraise.keys import services as keys
from tests.api.conftest import Api
from tests.console.house import House

PROBLEM = "application/problem+json"


def kind_of(response: Any) -> str:
    """The kind of problem that was answered, once it is one through and through."""
    assert response["Content-Type"] == PROBLEM
    told = response.json()
    assert told["status"] == response.status_code
    return str(told["type"].split("#")[1])


def test_without_a_key_nothing_is_shown(nobody: Api, house: House) -> None:
    refused = nobody.get("gifts")
    assert (refused.status_code, kind_of(refused)) == (401, "key-missing")
    assert refused["WWW-Authenticate"] == 'Bearer realm="fundraise"'


@pytest.mark.parametrize("text", ["fr_demo_x", "Ö", "", "fr_demo_" + "a" * 90])
def test_a_key_that_is_none_is_refused(text: str, db: None) -> None:
    sent = Api().client.get("/api/v1/me", headers={"Authorization": f"Bearer {text}"})
    assert (sent.status_code, kind_of(sent)) == (401, "key-refused")
    assert sent.json()["code"] == "unreadable"


def test_an_ended_key_says_so(treasurer: Api) -> None:
    assert treasurer.get("me").status_code == 200
    assert treasurer.key is not None
    keys.end_key(treasurer.key.pk, by="staff:1")
    refused = treasurer.get("me")
    assert (refused.status_code, refused.json()["code"]) == (401, "ended")


def test_a_key_without_the_right_is_told_so(comms: Api, house: House) -> None:
    refused = comms.get("journals")
    assert (refused.status_code, kind_of(refused)) == (403, "forbidden")


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nothing", "/api/v2/gifts",
                                  "/api/v1/gifts/", "/api/v1/gifts/1"])  # fmt: skip
def test_where_nothing_is_there_is_a_problem(path: str, treasurer: Api) -> None:
    missing = treasurer.get(path)
    assert (missing.status_code, kind_of(missing)) == (404, "not-found")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE"])
def test_a_method_that_does_nothing_is_refused(method: str, treasurer: Api, house: House) -> None:
    path = f"/api/v1/gifts/{house.card.ref}"
    refused = treasurer.client.generic(method, path, headers=treasurer.headers())
    assert (refused.status_code, kind_of(refused)) == (405, "method")


def test_another_form_than_json_is_refused(treasurer: Api, house: House) -> None:
    refused = treasurer.client.post(
        "/api/v1/gifts", "a=1", content_type="application/x-www-form-urlencoded",
        headers=treasurer.headers({"Idempotency-Key": "1"}),
    )  # fmt: skip
    assert (refused.status_code, kind_of(refused)) == (415, "media-type")


@pytest.mark.parametrize("body", ["{", "[" * 100_000, "\xff", '{"a": NaN}'])
def test_what_is_no_json_is_refused(body: str, treasurer: Api) -> None:
    refused = treasurer.client.post(
        "/api/v1/gifts", body, content_type="application/json",
        headers=treasurer.headers({"Idempotency-Key": "1"}),
    )  # fmt: skip
    assert (refused.status_code, kind_of(refused)) == (400, "malformed")


def test_a_body_that_is_too_large_is_refused(treasurer: Api) -> None:
    refused = treasurer.post("gifts", {"proof": "x" * 1_100_000})
    assert (refused.status_code, kind_of(refused)) == (413, "too-large")


def test_a_refusal_names_the_fields_and_repeats_nothing(treasurer: Api, house: House) -> None:
    before = Gift.objects.count()
    refused = treasurer.post(
        "gifts",
        {
            "campaign": str(house.campaign.ref),
            "amount_ore": "Anna Testgren",
            "channel": "Anna Testgren",
            "received_on": "2026-11-02",
            "proof": "slip 9",
            "giver": {"email": "anna@example.se", "shoe": 1},
            "anna@example.se": True,
        },
    )
    assert (refused.status_code, kind_of(refused)) == (422, "invalid")
    assert {(one["pointer"], one["code"]) for one in refused.json()["errors"]} == {
        ("/?", "unknown")
    }
    assert "nna" not in refused.content.decode().replace("annot", "")
    assert Gift.objects.count() == before


def test_each_field_has_its_pointer(treasurer: Api, house: House) -> None:
    refused = treasurer.post(
        "gifts",
        {
            "amount_ore": True,
            "channel": "pigeon",
            "received_on": "yesterday",
            "proof": "slip 9",
            "giver": {"organisation": "yes"},
        },
    )
    assert {(one["pointer"], one["code"]) for one in refused.json()["errors"]} == {
        ("/campaign", "required"),
        ("/amount_ore", "invalid"),
        ("/channel", "invalid_choice"),
        ("/received_on", "invalid"),
        ("/giver/organisation", "invalid"),
    }
    assert "pigeon" not in refused.content.decode()


def test_what_breaks_is_a_problem_without_its_words(
    treasurer: Api, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("anna@example.se")

    monkeypatch.setattr("api.hand.enter", broken)
    treasurer.client.raise_request_exception = False
    body = {"campaign": str(house.campaign.ref), "amount_ore": 100, "channel": "cash",
            "received_on": "2026-11-02", "proof": "slip 9"}  # fmt: skip
    failed = treasurer.post("gifts", body)
    assert (failed.status_code, kind_of(failed)) == (500, "failed")
    assert "anna" not in failed.content.decode()


def test_too_many_requests_are_told_to_wait(treasurer: Api, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "api_key": (2, 60)}
    assert [treasurer.get("me").status_code for _ in range(3)] == [200, 200, 429]
    refused = treasurer.get("me")
    assert kind_of(refused) == "too-many"
    assert int(refused["Retry-After"]) >= 30


def test_guessing_keys_is_counted_by_address_block(db: None, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "api_public": (2, 60)}
    codes = [Api("fr_demo_x").get("me").status_code for _ in range(3)]
    assert codes == [401, 401, 429]
    assert Api().get("public/campaigns").status_code == 429


QUERIES: list[dict[str, Any]] = [
    {"shoe": "1"},
    {"state": "sold"},
    {"limit": "0"},
    {"limit": "201"},
    {"state": ""},
    {"campaign": "7"},
    {"received_from": "soon"},
    {"state": ["pending", "received"]},
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_that_is_not_known_is_refused(
    query: dict[str, Any], treasurer: Api, house: House
) -> None:
    refused = treasurer.get("gifts", **query)
    assert (refused.status_code, kind_of(refused)) == (400, "invalid-query")
    assert refused.json()["errors"][0]["pointer"] == f"/{next(iter(query))}"
