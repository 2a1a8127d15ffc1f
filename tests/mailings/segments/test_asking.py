"""A question that takes too long or was replaced is stopped; trees have ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from mailings.segments import asking
from mailings.segments.errors import TooSlow
from mailings.segments.tree import TreeError, expanded, parse

GAVE: dict[str, Any] = {"is": "gave", "measure": "gifts", "at_least": 1}


def test_a_question_that_takes_too_long_is_stopped_and_the_transaction_goes_on(
    db: None, settings: Any
) -> None:
    settings.SEGMENT_SECONDS = 1
    with transaction.atomic():
        with pytest.raises(TooSlow):
            asking.rows("SELECT pg_sleep(60)", ())
        assert asking.rows("SELECT 7", ()) == [(7,)]


def test_a_newer_question_of_the_same_page_stops_the_one_before(
    transactional_db: None, settings: Any
) -> None:
    settings.SEGMENT_SECONDS = 600

    def first() -> str:
        try:
            asking.rows("SELECT pg_sleep(600)", (), key="page1")
        except TooSlow:
            return "stopped"
        finally:
            connection.close()
        return "answered"

    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(first)
        while not _is_asking("page1"):  # until it has begun
            assert not asked.done()
        assert asking.rows("SELECT 1", (), key="page2") == [(1,)]
        assert _is_asking("page1")
        assert asking.rows("SELECT 2", (), key="page1") == [(2,)]
        assert asked.result() == "stopped"


def _is_asking(key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active'"
            " AND starts_with(query, %s)",
            [f"/* segments {key} */ "],
        )
        return bool(cursor.fetchone()[0])


def codes(raw: object) -> list[str]:
    with pytest.raises(TreeError) as told:
        parse(raw)
    return [one.code for one in told.value.problems]


def nested(depth: int) -> dict[str, Any]:
    tree: dict[str, Any] = {"not": GAVE}
    for _ in range(depth):
        tree = {"all": [tree]}
    return tree


def test_groups_go_six_deep_and_no_further() -> None:
    assert parse(nested(6))
    assert codes(nested(7)) == ["too_deep"]
    assert codes({"any": [GAVE] * 101}) == ["too_many"]
    assert codes({"all": [GAVE], "any": []}) == ["no_node"]
    assert codes({**GAVE, "at_least": True}) == ["bad_value"]
    assert codes({**GAVE, "at_least": 5, "at_most": 2}) == ["range_turned"]
    assert codes({**GAVE, "surname": "x"}) == ["unknown_field"]


def test_segments_inside_are_written_out_and_a_ring_or_a_flood_is_refused() -> None:
    a, b = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
    named = {ref: {"is": "segment", "ref": ref} for ref in (a, b)}
    assert expanded(parse({"not": named[a]}), {a: parse(GAVE)}) == parse({"not": GAVE})
    for trees, code in (
        ({a: parse(named[b]), b: parse({"all": [named[a]]})}, "ring"),
        ({}, "no_segment"),
        ({a: parse({"all": [named[b]] * 50}), b: parse({"all": [GAVE] * 50})}, "too_many"),
    ):
        with pytest.raises(TreeError) as told:
            expanded(parse(named[a]), trees)
        assert [one.code for one in told.value.problems] == [code]
