from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from fundraise.audit.models import ChangeLine
from fundraise.reporting.books import exporting, reissuing
from fundraise.reporting.books.models import BookExport, BookFetch, BookReissue
from fundraise.reporting.books.reissuing import ReissueError
from fundraise.staff.models import Approval
from tests.people import DAVID
from tests.reporting.books.posting import NOVEMBER, november

pytestmark = pytest.mark.django_db

SIGNE = "staff:signe"
BEGIN = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def export() -> BookExport:
    party, _campaign = november()
    return exporting.export_4i(party, *NOVEMBER, by=DAVID)


def code_of(call: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(ReissueError) as refused:
        call(*args, **kwargs)  # type: ignore[operator]
    return refused.value.code


def test_a_file_goes_out_once_and_again_with_a_second_persons_yes_byte_for_byte(
    export: BookExport,
) -> None:
    with time_machine.travel(BEGIN, tick=False) as clock:
        assert code_of(reissuing.ask, export.pk, by=DAVID, why="Tappad") == "first"
        first = reissuing.fetch(export.pk, by=DAVID)
        assert reissuing.fetch(export.pk, by=DAVID) == first  # the answer was lost
        assert code_of(reissuing.fetch, export.pk, by=SIGNE) == "again"
        clock.shift(timedelta(minutes=11))
        assert code_of(reissuing.fetch, export.pk, by=DAVID) == "again"
        assert code_of(reissuing.ask, export.pk, by=DAVID, why="ring 070-123 45 67") == "personal"
        reissue = reissuing.ask(export.pk, by=DAVID, why="Importen gick fel")
        assert code_of(reissuing.ask, export.pk, by=DAVID, why="igen") == "open"
        assert code_of(reissuing.agree, reissue.ref, by=DAVID) == "same_person"
        assert code_of(reissuing.fetch, export.pk, by=DAVID) == "again"
        reissuing.agree(reissue.ref, by=SIGNE, why="Sett felet")
        assert code_of(reissuing.refuse, reissue.ref, by=SIGNE, why="nej") == "not_waiting"
        assert reissuing.fetch(export.pk, by=DAVID) == first == bytes(export.content)
        clock.shift(timedelta(minutes=11))
        assert code_of(reissuing.fetch, export.pk, by=DAVID) == "again"
    assert [fetch.reissue_id for fetch in BookFetch.objects.order_by("pk")] == [None, reissue.pk]
    answered = Approval.objects.get()
    assert (answered.kind, answered.answer, answered.answered_by) == ("sie_reissue", "yes", SIGNE)
    assert list(
        ChangeLine.objects.filter(subject_type="book_export")
        .order_by("pk")
        .values_list("action", "by")
    ) == [
        ("books.exported", DAVID),
        ("books.fetched", DAVID),
        ("books.reissue.asked", DAVID),
        ("books.reissue.agreed", SIGNE),
        ("books.reissued", DAVID),
    ]


def test_a_second_persons_no_keeps_the_file_in(export: BookExport) -> None:
    reissuing.fetch(export.pk, by=DAVID)
    reissue = reissuing.ask(export.pk, by=DAVID, why="Importen gick fel")
    reissuing.refuse(reissue.ref, by=SIGNE, why="Den finns i programmet")
    assert code_of(reissuing.fetch, export.pk, by=SIGNE) == "again"
    assert BookReissue.objects.get().state == "refused"
    assert Approval.objects.get().answer == "no"
    assert reissuing.ask(export.pk, by=SIGNE, why="Ändå").state == "asked"
