from __future__ import annotations

import io
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from PIL import Image

from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.give import kept, reading

KEPT_SECONDS = kept.SECONDS  # as it is before a test changes it

AT = datetime(2026, 11, 2, 13, 32, 41, tzinfo=UTC)
JSON = "/valet/thermometer.json"


def away(*args: object) -> None:
    raise OperationalError("gone")


@pytest.fixture(autouse=True)
def _raised(campaign: Campaign) -> None:
    Thermometer.objects.update(received_ore=1_243_500_50, donors=3112, gifts=3400)


def test_the_numbers_are_exact(client: Client) -> None:
    with time_machine.travel(AT, tick=False):
        answer = client.get(JSON)
    assert answer.json() == {
        "campaign": "valet",
        "received_ore": 124_350_050,
        "received_kronor": 1_243_500.5,
        "promised_ore": 0,
        "forecast_ore": 0,
        "goal_ore": 200_000_000,
        "goal_kronor": 2_000_000,
        "percent": 62,
        "donors": 3112,
        "days_left": 302,
        "open": True,
        "monthly": False,
        "at": "2026-11-02T13:32Z",
        "stale": False,
        "poll_after": 30,
        "brand": {"light": ["#0b5d4e", "#ffffff"], "dark": ["#74bba9", "#14110e"]},
    }
    assert b'"received_kronor":1243500.50,' in answer.content
    assert answer["Content-Type"] == "application/json"


def test_the_answer_may_be_kept_a_short_while_by_anyone(client: Client) -> None:
    answer = client.get(JSON)
    assert answer["Cache-Control"] == (
        "public, max-age=15, stale-while-revalidate=60, stale-if-error=86400"
    )
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer.cookies == {}


@pytest.mark.parametrize("path", [JSON, "/valet/thermometer.svg", "/en/valet/thermometer.svg"])
def test_an_unchanged_sum_is_not_sent_again(client: Client, path: str) -> None:
    with time_machine.travel(AT, tick=False):
        tag = client.get(path)["ETag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        Thermometer.objects.update(received_ore=1_243_700_50)
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_fewer_than_ten_donors_are_not_counted_out(client: Client) -> None:
    Thermometer.objects.update(donors=9)
    assert client.get(JSON).json()["donors"] is None
    assert "9 givare" not in client.get("/valet/thermometer.svg").content.decode()
    Thermometer.objects.update(donors=10)
    assert client.get(JSON).json()["donors"] == 10


def test_the_last_proven_sum_stands_while_the_database_is_away(client: Client) -> None:
    with time_machine.travel(AT, tick=False) as traveller:
        client.get(JSON)
        traveller.shift(600)
        with connection.execute_wrapper(away):
            numbers = client.get(JSON).json()
            picture = client.get("/valet/thermometer.svg").content.decode()
    assert numbers["received_ore"] == 124_350_050
    assert (numbers["stale"], numbers["at"]) == (True, "2026-11-02T13:32Z")
    assert "så som det stod 14.32" in picture


def test_nothing_proven_is_no_sum(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_proven", {})
    with connection.execute_wrapper(away):
        assert client.get(JSON).status_code == 503


def test_the_numbers_cost_one_query(client: Client, django_assert_num_queries: object) -> None:
    for path in (JSON, "/valet/thermometer.svg"):
        client.get(path)
        with django_assert_num_queries(1):  # type: ignore[operator]
            client.get(path)


def test_a_second_long_the_numbers_cost_none(
    client: Client, django_assert_num_queries: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "SECONDS", 60)
    first = client.get(JSON)
    with django_assert_num_queries(0):  # type: ignore[operator]
        again = client.get(JSON)
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])


def test_what_is_kept_is_kept_for_a_second() -> None:
    assert KEPT_SECONDS == 1.0


def test_the_picture_says_its_sum_in_both_languages(client: Client) -> None:
    for path, words in (
        (
            "/valet/thermometer.svg",
            "av 2\u202f000\u202f000\u202fkr · 62\u00a0% · 3\u202f112 givare",
        ),
        (
            "/en/valet/thermometer.svg",
            "of 2\u202f000\u202f000\u202fkr · 62\u00a0% · 3\u202f112 donors",
        ),
    ):
        answer = client.get(path)
        assert answer["Content-Type"] == "image/svg+xml"
        picture = ElementTree.fromstring(answer.content)  # noqa: S314 - our own picture
        texts = [node.text for node in picture.iter() if node.tag.endswith("text")]
        assert texts == ["1\u202f243\u202f500,50\u202fkr", words]
        assert b"style" not in answer.content


def test_the_picture_has_the_campaigns_colour(client: Client) -> None:
    Campaign.objects.update(theme_colour="#aa0000")
    assert b'fill="#aa0000"' in client.get("/valet/thermometer.svg").content


def test_the_page_shows_donors_and_gifts_as_different_words(client: Client) -> None:
    page = client.get("/valet/termometer/").content.decode().replace("\u202f", " ")
    assert "3 112 givare · 3 400 gåvor" in page
    assert "3 112 donors · 3 400 gifts" in client.get(
        "/en/valet/thermometer/"
    ).content.decode().replace("\u202f", " ")


def test_no_campaign_is_no_thermometer(client: Client) -> None:
    for path in ("/nix/thermometer.json", "/nix/thermometer.svg", "/nix/termometer/"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("ore", "text"), [(0, "0.00"), (5, "0.05"), (123_456, "1234.56"), (-150, "-1.50")]
)
def test_kronor_in_json_are_never_rounded(ore: int, text: str) -> None:
    from fundraise.give.gauge import kronor_number

    assert kronor_number(ore) == text


def test_mails_get_the_bar_as_a_picture_of_the_very_share(client: Client) -> None:
    answer = client.get("/valet/thermometer.png")

    assert (answer["Content-Type"], answer["Access-Control-Allow-Origin"]) == ("image/png", "*")
    with Image.open(io.BytesIO(answer.content)) as bar:
        assert (bar.size, bar.mode) == ((1104, 40), "RGBA")
        row = [bar.getpixel((x, 20)) for x in range(1104)]
    filled = max(x for x, pixel in enumerate(row) if pixel == row[40])
    share = Thermometer.objects.get().received_ore * 1104 // 2_000_000_00
    assert abs(filled - share) <= 5  # the round end fades
    assert client.get("/nix/thermometer.png").status_code == 404
