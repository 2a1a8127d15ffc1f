from __future__ import annotations

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError

from fundraise.jobs.one_by_one import RowsFailed, each


def test_every_row_is_tried_and_the_fault_is_told_when_the_others_are_done() -> None:
    seen = []

    def work(row: int) -> bool:
        if row % 2:
            raise ValueError(f"anna{row}@example.se")
        seen.append(row)
        return row != 4

    tried = each([1, 2, 3, 4, 6], work)
    assert (seen, tried.done, tried.failed) == ([2, 4, 6], 2, 2)
    with pytest.raises(RowsFailed) as told:
        tried.whole()
    assert str(told.value).startswith("2 failed beside 2 done: ValueError: ")
    assert "anna" not in str(told.value)
    assert each([2, 6], work).whole() == 2


@pytest.mark.parametrize("fault", [InterfaceError(), SoftTimeLimitExceeded()])
def test_what_is_no_rows_fault_stops_at_once(fault: Exception) -> None:
    seen = []

    def work(row: int) -> None:
        seen.append(row)
        raise fault

    with pytest.raises(type(fault)):
        each([1, 2], work)
    assert seen == [1]


def test_whose_time_is_up_leaves_the_rest_for_the_next_run() -> None:
    assert each(range(9), lambda _row: None, seconds=-1).done == 0
