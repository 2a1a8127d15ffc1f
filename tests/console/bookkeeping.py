"""What the pages of the books show in a house: a SIE file, a closed month, a question."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from fundraise import clock
from fundraise.ledger.models import Journal, LegalEntity, Period
from fundraise.ledger.services import set_period
from fundraise.reporting.books import exporting
from fundraise.reporting.books.closing import reopening
from fundraise.reporting.books.earlier import services as earlier
from fundraise.reporting.books.models import BookExport, Closing, EarlierList, PackFile, Reopening
from fundraise.staff.models import Approval
from tests.console.house import House
from tests.people import CECILIA, DAVID

MONTH = date(2026, 1, 1)


def export_of(house: House) -> BookExport:
    """A file of the first day in the books of the house's entity; later days are left to make."""
    entity = house.campaign.entity
    made = BookExport.objects.filter(entity=entity).first()
    if made is not None:
        return made
    day = Journal.objects.filter(entity=entity).earliest("accounting_date").accounting_date
    return exporting.export_4i(entity, day, day, by=DAVID)


def closing_of(entity: LegalEntity) -> Closing:
    """A month that was closed, with a pack of one file."""
    made = Closing.objects.filter(entity=entity, first_day=MONTH).first()
    if made is not None:
        return made
    set_period(entity, month=MONTH, state=Period.State.CLOSED, by=DAVID)
    line = {"key": "queue", "expected": 0, "actual": 2, "status": "differs", "money": False}
    signed = {"day": "", "comment": "Känt", "by": DAVID, "at": clock.now().isoformat()}
    closing = Closing.objects.create(
        entity=entity, first_day=MONTH, number=1, lines=[line | signed], closed_at=clock.now(),
        closed_by=DAVID, packed_at=clock.now(),
    )  # fmt: skip
    PackFile.objects.create(
        closing=closing, name="avstamning.pdf", media_type="application/pdf", content=b"%PDF-1",
        size=6, sha256="0" * 64, made_at=clock.now(),
    )  # fmt: skip
    return closing


def at_export(house: House) -> dict[str, Any]:
    return {"ref": export_of(house).ref}


def at_month(house: House) -> dict[str, Any]:
    closing_of(house.campaign.entity)
    return {"ref": house.campaign.entity.ref, "year": MONTH.year, "number": MONTH.month}


def at_entity(house: House) -> dict[str, Any]:
    return {"ref": house.campaign.entity.ref}


def at_pack(house: House) -> dict[str, Any]:
    return {"ref": closing_of(house.campaign.entity).pack.get().ref}


def at_question(house: House) -> dict[str, Any]:
    closing = closing_of(house.campaign.entity)
    asked = Reopening.objects.filter(closing=closing).first()
    asked = asked or reopening.ask(closing.pk, by=CECILIA, why="Fel konto")
    return {"ref": Approval.objects.get(subject_ref=asked.ref).ref}


def days(house: House) -> dict[str, Any]:
    """Days without a journal: the form is right, and there is nothing to make."""
    entity = house.campaign.entity_id
    return {"entity": entity, "from_day": "2026-01-01", "to_day": "2026-01-31"}


def no_year(house: House) -> dict[str, Any]:
    """A year without a journal."""
    return {"entity": house.campaign.entity_id, "year": "1999"}


def opening(_house: House) -> dict[str, Any]:
    return {"day": "2026-06-30", "debit_1930": "1 000"}


EARLIER = "Datum;Belopp;Verifikat\n2026-01-02;100;A 1\n"


def at_earlier(house: House) -> dict[str, Any]:
    """A list of one gift from before the start."""
    entity = house.campaign.entity
    row = EarlierList.objects.filter(entity=entity).first()
    row = row or earlier.bring_in(entity, EARLIER.encode(), campaign=None, channel="bank", by=DAVID)
    return {"ref": row.ref}


def earlier_file(_house: House) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("gåvor.csv", EARLIER.encode()), "channel": "bank"}


def why(_house: House) -> dict[str, Any]:
    return {"reason": "Importen gick fel"}


def looked_at(house: House) -> str:
    """The days of a file that could still be made, as the address of the page has them."""
    journals = Journal.objects.filter(entity=house.campaign.entity)
    day = journals.latest("accounting_date").accounting_date
    return f"entity={house.campaign.entity_id}&from_day={day.year}-01-01&to_day={day.year}-12-31"


def month_page(house: House, first: date | None = None) -> str:
    """The address of a month: the newest that has journals, or one that is closed."""
    entity = house.campaign.entity
    closing_of(entity)
    day = first or Journal.objects.filter(entity=entity).latest("pk").accounting_date
    return f"months/{entity.ref}/{day.year}/{day.month}/"
