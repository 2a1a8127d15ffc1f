"""Rows that go in through COPY come out as they were given."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from fundraise import copying
from fundraise.campaigns.models import Giver
from fundraise.pledges.models import MandateWording, Notice
from tests.people import make_campaign, make_party

pytestmark = pytest.mark.django_db
NAMES = ("variant", "language", "version", "text", "source", "valid_from")
DAY = date(2026, 11, 25)


def wordings(source: str) -> list[str]:
    found = MandateWording.objects.filter(source=source).order_by("version")
    return list(found.values_list("text", flat=True))


def test_every_sign_of_a_text_stays_what_it_is() -> None:
    texts = [
        "a\tb",
        "a\nb",
        "a\r\nb",
        "\\N",
        "\\",
        "\\t",
        "åäö €",
        "",
        "x" * 9000,
        '"',
        "\\.",
        "\v",
    ]
    rows = [("person", "sv", 100 + nth, text, "s", DAY) for nth, text in enumerate(texts)]
    copying.copy(MandateWording, NAMES, rows)
    assert wordings("s") == texts
    assert set(MandateWording.objects.filter(source="s").values_list("valid_from")) == {(DAY,)}


def test_bytes_times_and_nothing_stay_what_they_are() -> None:
    campaign = make_campaign(make_party())
    keys = [bytes(range(256))[at : at + 64] for at in range(0, 256, 64)]
    rows = [(campaign.pk, key, nth) for nth, key in enumerate([*keys, b"\\x"])]
    copying.copy(Giver, ("campaign", "key", "gifts"), rows)
    found = Giver.objects.order_by("gifts").values_list("key", flat=True)
    assert [bytes(key) for key in found] == [*keys, b"\\x"]
    at = datetime(2026, 11, 25, 23, 59, 59, 123456, tzinfo=UTC)
    texts = [copying._text(value) for value in (at, None, True, 7, b"\x00\xff")]
    assert texts == ["2026-11-25 23:59:59.123456+00:00", r"\N", "True", "7", r"\\x00ff"]


def test_more_rows_than_one_message_holds_all_arrive() -> None:
    number = 2 * copying.AT_ONCE + 1
    rows = (("person", "sv", 100 + nth, str(nth), "s", DAY) for nth in range(number))
    copying.copy(MandateWording, NAMES, rows)
    assert wordings("s") == [str(nth) for nth in range(number)]


def test_a_row_that_breaks_a_rule_takes_the_others_with_it() -> None:
    row = ("person", "sv", 100, "text", "s", DAY)
    with pytest.raises(IntegrityError, match="mandate_wording_version_once"), transaction.atomic():
        copying.copy(MandateWording, NAMES, [row, row])
    assert wordings("s") == []


def test_keys_are_the_sequences_own_and_given_once() -> None:
    first, second = copying.next_ids(Notice, 3), copying.next_ids(Notice, 2)
    assert len({*first, *second}) == 5
    assert copying.next_ids(Notice, 0) == []
