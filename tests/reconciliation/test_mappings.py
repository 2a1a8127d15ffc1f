"""A treasurer says once how a bank's CSV is read; files that came before are read again by it."""

from __future__ import annotations

from typing import Any

import pytest

from fundraise.audit.models import ChangeLine
from fundraise.reconciliation import inbox, mappings
from fundraise.reconciliation.formats.mapper import MappingError
from fundraise.reconciliation.models import CsvMapping, Line
from tests.reconciliation.house import ADMIN, make_bank

pytestmark = pytest.mark.django_db
SAVED: dict[str, Any] = {
    "name": "Sparbanken",
    "bank": "Sparbanken",
    "columns": {"booked_on": "Dag", "amount": "Summa", "balance": "Kvar", "text": "Vad"},
    "dates": ["DD.MM.YYYY"],
}
TABLE = "Dag|Vad|Summa|Kvar\n03.11.2026|Gåva|100,00|1100,00\n04.11.2026|Avgift|-12,50|1087,50\n"


def test_a_file_that_no_form_fits_is_read_once_a_mapping_is_saved() -> None:
    bank, content = make_bank(), TABLE.encode()
    refused = inbox.take_in(content, by=ADMIN, account=bank.account)
    assert (refused.state, refused.reason) == ("refused", "unknown_csv")

    tried = mappings.try_on(content, SAVED)
    assert tried.problem is None
    assert (tried.count, tried.moved_ore, len(tried.lines)) == (2, 87_50, 2)
    assert tried.head is not None
    assert (tried.head.opening_ore, tried.head.closing_ore) == (1000_00, 1087_50)
    assert "Gåva" not in repr(tried)
    assert not CsvMapping.objects.exists()

    saved = mappings.save(SAVED, by=ADMIN)
    stored = inbox.read_again(refused.pk, by=ADMIN)
    read = inbox.read_stored(stored, account=bank.account)
    assert (read.state, read.importer) == ("read", "csv 1 Sparbanken")
    assert list(Line.objects.order_by("booked_on").values_list("amount_ore", flat=True)) == [
        100_00, -12_50,
    ]  # fmt: skip

    mappings.retire(saved.pk, by=ADMIN)
    mappings.retire(saved.pk, by=ADMIN)
    assert mappings.current() == []
    again = inbox.take_in(content.replace(b"100,00", b"101,00"), by=ADMIN, account=bank.account)
    assert again.reason == "unknown_csv"
    told = ChangeLine.objects.filter(subject_type="csv_mapping").order_by("pk")
    assert list(told.values_list("action", flat=True)) == [
        "csv_mapping.saved", "csv_mapping.retired",
    ]  # fmt: skip


def test_a_mapping_is_changed_by_its_next_version_and_what_was_read_stays() -> None:
    bank = make_bank()
    first = mappings.save(SAVED, by=ADMIN)
    read = inbox.take_in(TABLE.encode(), by=ADMIN, account=bank.account)
    assert read.importer == "csv 1 Sparbanken"
    other = {**SAVED, "columns": {**SAVED["columns"], "message": "Vad"}}
    second = mappings.change(first.pk, other, by=ADMIN)
    assert (second.name, second.number, second.retired_at) == ("Sparbanken", 2, None)
    later = inbox.take_in(
        TABLE.replace("100,00|1100", "200,00|1200").replace("1087", "1187").encode(),
        by=ADMIN, account=bank.account,
    )  # fmt: skip
    assert later.importer == "csv 1 Sparbanken (2)"
    for pk, saved, where in ((first.pk, other, "retired"), (second.pk, other, "same")):
        with pytest.raises(MappingError) as refused:
            mappings.change(pk, saved, by=ADMIN)
        assert refused.value.problems[0][1] == where
    assert CsvMapping.objects.filter(retired_at=None).get() == second


def test_a_wrong_mapping_is_not_saved_and_says_why() -> None:
    mappings.save(SAVED, by=ADMIN)
    with pytest.raises(MappingError) as taken:
        mappings.save(SAVED, by=ADMIN)
    assert taken.value.problems == [("name", "taken")]
    with pytest.raises(MappingError):
        mappings.save({**SAVED, "name": "Annan", "columns": {}}, by=ADMIN)
    assert CsvMapping.objects.count() == 1
    broken = mappings.try_on(TABLE.replace("-12,50", "tolv").encode(), SAVED)
    assert broken.problem is not None
    assert (broken.problem.code, broken.problem.at) == ("amount", "row 3, column Summa")


def test_a_mapping_that_an_older_version_saved_stops_no_file() -> None:
    row = mappings.save(SAVED, by=ADMIN)
    CsvMapping.objects.filter(pk=row.pk).update(mapping={"name": "Sparbanken", "forms": []})
    assert mappings.current() == []
