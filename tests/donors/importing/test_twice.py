"""Whatever the list holds: twice is once, and what the dry run says is what happens."""

from __future__ import annotations

import os
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.donors.importing.lists import MEMBERS, counts, imported, whole_database

CELL = st.text(max_size=8).map(lambda text: text.replace("\x00", ""))
NAME = st.sampled_from(["Anna Lind", "Bo Lind", "ANNA  LIND", "Lind, Anna", ""]) | CELL
EMAIL = st.sampled_from(["a@example.se", "A@Example.se", "b@example.se", ""]) | CELL
PHONE = st.sampled_from(["070-174 06 05", "0701740605", "08-123 45 67", ""]) | CELL
TAGS = st.sampled_from(["x", "X,y", ""]) | CELL
ROWS = st.lists(st.tuples(NAME, EMAIL, PHONE, TAGS), min_size=1, max_size=8)


def written(rows: list[tuple[str, ...]]) -> bytes:
    import csv

    into = StringIO(newline="")
    writer = csv.writer(into, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Namn", "E-post", "Telefon", "Taggar"])
    writer.writerows(rows)
    writer.writerow(["Sist Isten", "sist@example.se", "", ""])
    return into.getvalue().encode("utf-8", "surrogatepass")


@pytest.mark.django_db
@settings(
    max_examples=100 if os.environ.get("SCALE") == "full" else 8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(first=ROWS, second=ROWS)
def test_any_two_lists_twice_are_once(
    first: list[tuple[str, ...]], second: list[tuple[str, ...]]
) -> None:
    from donors.importing.table import FileRefused

    for rows in (first, second):
        try:
            imported(written(rows), MEMBERS)
        except FileRefused:
            continue
        before = whole_database()
        again = imported(written(rows), MEMBERS)
        assert set(counts(again)) <= {"unchanged", "person", "error"}
        assert whole_database() == before
