"""SIE files and months through the API: read, made, fetched once, closed."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from fundraise import clock
from fundraise.ledger.models import Period
from fundraise.ledger.sie_strict.judge import faults
from fundraise.reporting.books.models import BookExport, Closing
from tests.api.conftest import Api
from tests.console.house import House

pytestmark = pytest.mark.django_db


def test_a_file_is_made_read_and_fetched_once_for_a_key(treasurer: Api, house: House) -> None:
    entity, today = str(house.campaign.entity.ref), clock.today()
    days = {"entity": entity, "from_day": f"{today.year}-01-01", "to_day": f"{today.year}-12-31"}
    made = treasurer.post("book-exports", days, once="make-1")
    assert made.status_code == 201
    told = made.json()
    assert treasurer.post("book-exports", days, once="make-1").json() == told
    row = BookExport.objects.get()
    assert (told["sha256"], told["journals"], told["sum_ore"]) == (
        row.sha256, row.journals, row.sum_ore,
    )  # fmt: skip
    assert set(told["numbers"][0]) == {"series", "year", "first", "last", "count"}
    assert treasurer.get(f"book-exports/{row.ref}").json() == told
    assert [one["ref"] for one in treasurer.get("book-exports").json()["items"]] == [told["ref"]]
    again = treasurer.post("book-exports", days, once="make-2")
    assert (again.status_code, again.json()["code"]) == (409, "exported")
    fetched = treasurer.post(f"book-exports/{row.ref}/fetch", {}, once="fetch-1").json()
    content = base64.b64decode(fetched["content"])
    assert (content, faults(content)) == (bytes(row.content), [])
    assert fetched["name"].endswith(f"{today.year}0101-{today.year}1231-1.si")
    assert row.fetches.count() == 1
    half = days | {"kind": "sie4e", "to_day": f"{today.year}-06-30"}
    assert treasurer.post("book-exports", half, once="half").status_code == 422
    books = treasurer.post("book-exports", days | {"kind": "sie4e"}, once="year").json()
    fetched = treasurer.post(f"book-exports/{books['ref']}/fetch", {}, once="fetch-2").json()
    assert fetched["name"].endswith(f"{today.year}0101-{today.year}1231-2.se")
    assert faults(base64.b64decode(fetched["content"]), "4E") == []


def test_a_month_is_not_closed_before_it_is_settled(treasurer: Api, house: House) -> None:
    entity = house.campaign.entity
    last = clock.today().replace(day=1) - timedelta(days=1)
    month = {"entity": str(entity.ref), "first_day": str(last.replace(day=1))}
    refused = treasurer.post("closings", month, once="close-1")
    assert (refused.status_code, refused.json()["code"]) == (409, "unsettled")
    now = {"entity": str(entity.ref), "first_day": str(clock.today())}
    assert treasurer.post("closings", now, once="close-2").json()["code"] == "not_over"
    assert treasurer.get("periods").json()["items"] == []
    assert not Closing.objects.exists()
    assert not Period.objects.exists()
