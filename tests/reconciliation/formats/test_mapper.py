"""A treasurer says which column is which; it is checked, saved as JSON, and goes before ours."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import jsonschema_rs
import pytest

from fundraise.reconciliation.formats import mapper, profiles
from fundraise.reconciliation.formats.base import FormatError
from fundraise.reconciliation.formats.look import look
from fundraise.reconciliation.formats.recognise import recognise
from fundraise.reconciliation.formats.table import TableReader
from tests.reconciliation.formats.reading import golden, read_one, refusal

SAVED: dict[str, Any] = {
    "name": "Sparbanken",
    "bank": "Sparbanken",
    "columns": {
        "booked_on": "Dag",
        "paid_in": "Insatt",
        "paid_out": "Uttaget",
        "balance": "Kvar",
        "text": ["Vad", "Mer"],
    },
    "dates": ["DD.MM.YYYY"],
    "account": "1234567890",
}
TABLE = (
    "Kontoutdrag\nDag|Vad|Mer|Insatt|Uttaget|Kvar\n"
    "24.11.2026|Gåva|Anna|100,00||100,00\n25.11.2026|Avgift|||12,50|87,50\n"
)


def test_a_saved_mapping_reads_a_table_that_we_do_not_know() -> None:
    content = TABLE.encode()
    assert refusal(content)[0] == "unknown_csv"
    mapping = mapper.of_json(json.loads(json.dumps(SAVED)))
    head, [gift, fee] = read_one(content, [mapping])
    assert (head.account, head.account_kind, head.servicer) == ("1234567890", "bban", "Sparbanken")
    assert (head.opening_ore, head.closing_ore) == (0, 87_50)
    assert (gift.amount_ore, gift.text, gift.booked_on) == (100_00, "Gåva Anna", date(2026, 11, 24))
    assert fee.amount_ore == -12_50
    assert refusal(TABLE.replace("||12,50|", "|||").encode(), [mapping]) == (
        "amount", "row 4, column Insatt", {},
    )  # fmt: skip


def test_a_table_without_header_is_read_by_numbers() -> None:
    mapping = mapper.of_json(
        {
            "name": "Utan rubrik", "has_header": False, "delimiter": ";", "dates": ["YYYYMMDD"],
            "columns": {"booked_on": "1", "amount": "3", "text": "2", "direction": "4"},
        }
    )  # fmt: skip
    content = b"20261125;Hyra;1 000,00;Debet\n20261125;G\xc3\xa5va;200;Kredit\n"
    lines = read_one(content, [mapping])[1]
    assert [line.amount_ore for line in lines] == [-1000_00, 200_00]
    assert refusal(b"20261125;Hyra;1 000,00;Debet\nsumma;;x;\n", [mapping])[0] == "unknown_csv"
    with pytest.raises(FormatError, match="day at row 3, column 1"):
        list(next(TableReader(mapping).statements(io.BytesIO(content + b"sen;;1;\n"))).lines())


def test_a_saved_mapping_goes_before_a_profile_that_fits_as_well() -> None:
    own = mapper.of_json({**mapper.to_json(profiles.SEB), "name": "Vår SEB", "account": "5000123"})
    reader = recognise(io.BytesIO(golden("seb.csv")), [own])
    assert reader.version == "csv 1 Vår SEB"
    assert read_one(golden("seb.csv"), [own])[0].account == "5000123"


@pytest.mark.parametrize("profile", [*profiles.BANKS, profiles.SWISH, profiles.SWISH_RECORDS])
def test_our_own_profiles_are_such_mappings(profile: mapper.Mapping) -> None:
    saved = json.loads(json.dumps(mapper.to_json(profile)))
    assert mapper.of_json(saved) == profile
    jsonschema_rs.validate(mapper.SCHEMA, saved)


def test_a_wrong_mapping_says_what_is_wrong_with_it() -> None:
    def problems(**changes: object) -> list[tuple[str, str]]:
        with pytest.raises(mapper.MappingError) as refused:
            mapper.of_json({**SAVED, **changes})
        return refused.value.problems

    columns = SAVED["columns"]
    assert problems(name=" ") == [("name", "length")]
    assert problems(columns={"booked_on": "Dag"}) == [("columns.amount", "one_of")]
    assert problems(columns={**columns, "amount": "Sum"}) == [("columns.amount", "one_of")]
    assert problems(columns={"amount": "Sum"}) == [("columns.booked_on", "missing")]
    assert problems(columns={**columns, "text": [" "]}) == [("columns.text", "empty")]
    assert problems(has_header=False)[0] == ("columns.booked_on", "number")
    assert problems(skip_rows=1000) == [("skip_rows", "range")]
    assert problems(dates=[]) == [("dates", "missing")]
    assert problems(dates=["ÅÅÅÅ"])[0][0] == "dates.0"
    assert problems(colour="red") == [("colour", "unexpected_keyword_argument")]
    assert problems(columns={**columns, "shoe_size": "44"})[0][0].startswith("columns.shoe_size")
    with pytest.raises(mapper.MappingError):
        mapper.of_json(["no", "object"])


def test_an_unknown_table_is_shown_with_what_its_header_makes_likely() -> None:
    seen = look(io.BytesIO(b"Titel\nDatum;Belopp;Text;Saldo\n2026-11-25;1;x;1\n"))
    assert (seen.delimiter, seen.header_at) == (";", 1)
    assert seen.likely["amount"] == "Belopp"
    assert (seen.likely["balance"], seen.likely["booked_on"]) == ("Saldo", "Datum")
    assert seen.rows[2] == ("2026-11-25", "1", "x", "1")
    assert repr(seen) == "Look(…)"
    strange = look(io.BytesIO(b"Dag|Vad|Hur mycket\n2026-11-25|x|1\n"))
    assert (strange.delimiter, strange.header_at, strange.likely) == ("|", 0, {})
    assert look(io.BytesIO(b"2026-11-25|x|1\n2026-11-26|y|2\n")).header_at is None
    with pytest.raises(FormatError):
        look(io.BytesIO(b"no table\n"))
