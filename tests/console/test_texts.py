"""Every text of the staff pages and of what is mailed to staff has its Swedish."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import formats, translation

from tests.give.texts import texts_in

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ["fundraise/console", "fundraise/staff", "fundraise/reconciliation", "mailings"]


def in_swedish() -> set[str]:
    found = set[str]()
    for part in (ROOT / "fundraise/locale/parts").glob("*.po"):
        with part.open("rb") as file:
            catalogue = read_po(file, locale="sv")
        found |= {m.id[0] if m.pluralizable else str(m.id) for m in catalogue if m.id}
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_text_has_its_swedish(folder: str) -> None:
    assert texts_in(ROOT / folder) - in_swedish() == set()


def test_no_text_of_ours_takes_the_name_of_a_month() -> None:
    """Our words stand before Django's: a head "May" once made every day in May a day in "Får"."""
    with translation.override("sv"):
        months = [formats.date_format(date(2026, month, 1), "F") for month in range(1, 13)]

    assert [month.lower() for month in months] == [
        "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
        "oktober", "november", "december",
    ]  # fmt: skip
