from __future__ import annotations

import pytest
from django.test import RequestFactory

from fundraise.give.origin import is_own


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://testserver"}, False),
        ({"Origin": "http://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
        ({"Referer": "http://testserver/valet/"}, True),
        ({"Referer": "http://elsewhere.example/testserver"}, False),
        ({}, True),
    ],
)
def test_a_browser_says_where_a_post_comes_from(headers: dict[str, str], own: bool) -> None:
    assert is_own(RequestFactory().post("/valet/", headers=headers)) is own
