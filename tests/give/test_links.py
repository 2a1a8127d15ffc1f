from __future__ import annotations

import re

from django.urls import get_resolver

from fundraise.give import urls
from fundraise.give.links import RESERVED


def first_word(pattern: object) -> str:
    found = re.match(r"[\w-]*", str(pattern))
    return found[0] if found else ""


def test_no_campaign_can_stand_where_another_page_does() -> None:
    whole = {first_word(entry.pattern) for entry in get_resolver().url_patterns}
    public = {first_word(entry.pattern) for entry in urls.urlpatterns}
    assert (whole | public) - RESERVED == {""}
