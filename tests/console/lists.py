"""Member lists as they stand on the staff pages, one in each state that is asked for."""

from __future__ import annotations

from donors.importing import running, services
from donors.models import ImportRun
from tests.donors.importing.lists import ANNA, MEMBERS, csv_of

BY = "system:test"
LIST = csv_of(ANNA, "Cia Ek;cia at example;;;;;;", "Eva Ek;eva@example.se;;;;;;")
COLUMNS = ["name", "email", "phone", "address", "postcode", "city", "language", "tags"]
TERMS = {
    "basis": "membership",
    "basis_on": "2026-01-15",
    "basis_source": "Medlemsregistret",
    "language": "sv",
}
CHOSEN = {**{f"column_{at}": field for at, field in enumerate(COLUMNS)}, **TERMS}


def at(state: str) -> ImportRun:
    """The list in a state; made when there is none."""
    found = ImportRun.objects.filter(state=state).order_by("pk").first()
    return found or made(state)


def made(state: str) -> ImportRun:
    """A list that has come so far: uploaded, checking, checked, importing, done."""
    run = services.upload(LIST, by=BY)
    if state != "uploaded":
        services.check(run=run, columns=run.columns, terms=MEMBERS, by=BY)
    if state in {"checked", "importing", "done"}:
        running.work(run.pk)
    if state in {"importing", "done"}:
        run.refresh_from_db()
        services.begin(run=run, by=BY)
    if state == "done":
        running.work(run.pk)
    run.refresh_from_db()
    return run
