"""Member lists for the tests, and an import from the file to the last row."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from donors.importing import columns, running, services
from donors.importing.terms import Terms
from donors.models import ImportRow, ImportRun

DAVID = "staff:7"
MEMBERS = Terms(basis="membership", basis_on=date(2026, 1, 15), basis_source="Medlemsregistret")
HEADER = "Namn;E-post;Mobil;Adress;Postnr;Ort;Språk;Taggar"
ANNA = "Anna Lind;anna@example.se;070-174 06 05;Storgatan 1;111 22;Ort;svenska;valarbetare"
BO = "Bo Ek;bo@example.se;;;;;en;"
OF_AN_IMPORT = ("donors_importrun", "donors_importrow")


def csv_of(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows]).encode()


def checked(body: bytes, terms: Terms = MEMBERS, chosen: list[str] | None = None) -> ImportRun:
    """A list after its dry run."""
    run = services.upload(body, by=DAVID)
    assert columns.faults(chosen or run.columns) == []
    services.check(run=run, columns=chosen or run.columns, terms=terms, by=DAVID)
    assert running.work(run.pk) is True
    run.refresh_from_db()
    return run


def imported(body: bytes, terms: Terms = MEMBERS, chosen: list[str] | None = None) -> ImportRun:
    """A list that was checked and written; the dry run had said the same."""
    run = checked(body, terms, chosen)
    said = run.counts
    assert services.begin(run=run, by=DAVID) is True
    assert running.work(run.pk) is True
    run.refresh_from_db()
    assert (run.state, run.counts) == ("done", said)
    return run


def outcomes(run: ImportRun) -> list[tuple[int, str, str, str]]:
    rows = ImportRow.objects.filter(run=run).order_by("line")
    return list(rows.values_list("line", "outcome", "code", "field"))


def counts(run: ImportRun) -> dict[str, int]:
    """The outcomes that any row came to."""
    return {outcome: number for outcome, number in run.counts.items() if number}


def whole_database() -> dict[str, list[Any]]:
    """Every row of every table of ours, but what an import notes of itself."""
    kept = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in OF_AN_IMPORT:
                continue
            own = " WHERE subject_type <> 'donor_import'" if table == "audit_changeline" else ""
            cursor.execute(f"SELECT t::text FROM {table} t{own} ORDER BY 1")
            kept[table] = cursor.fetchall()
    return kept
