"""A list that nobody knows: its columns are named on a page, tried, saved, and the file is read."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from fundraise.audit.models import ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.reconciliation.models import CsvMapping, StatementFile
from tests.console.banking import Banking, furnish_banking

pytestmark = pytest.mark.django_db
CHOSEN = {"column_0": "booked_on", "column_1": "text", "column_2": "amount", "name": "Sparbanken",
          "dates": "YYYY-MM-DD"}  # fmt: skip


@pytest.fixture
def banking(campaign: Campaign) -> Banking:
    return furnish_banking(campaign)


def test_columns_are_tried_saved_and_read_by(david: Client, banking: Banking) -> None:
    address = reverse("console:file_columns", args=[banking.table.ref])
    shown = david.get(reverse("console:statement_file", args=[banking.table.ref]))
    assert address in shown.content.decode()

    page = david.get(address).content.decode()
    for word in ("Dag", "Vad", "Summa", "2026-11-02", "Gåva", "Prova på filen"):
        assert word in page
    assert "Spara, och läs filen" not in page
    assert ReadLine.objects.filter(purpose="staff.columns").count() == 1

    wrong = david.post(address, {**CHOSEN, "column_2": "", "try": "1"})
    assert wrong.status_code == 422
    assert "Ange vilken kolumn som har beloppet" in wrong.content.decode()
    wrong = david.post(address, {**CHOSEN, "dates": "DD.MM.YYYY", "save": "1"})
    assert wrong.status_code == 422
    assert "rad 2, kolumn Dag:</b> Det här är ingen dag." in wrong.content.decode()
    assert not CsvMapping.objects.exists()

    tried = david.post(address, {**CHOSEN, "try": "1"})
    assert tried.status_code == 200
    assert "100" in tried.content.decode()
    assert "Spara, och läs filen" in tried.content.decode()
    assert not CsvMapping.objects.exists()

    saved = david.post(address, {**CHOSEN, "save": "1"})
    assert saved.status_code == 302
    assert CsvMapping.objects.get().name == "Sparbanken"
    banking.table.refresh_from_db()
    assert banking.table.reason == "account_missing", "it names none: the account is asked for next"


def test_a_file_that_is_no_unknown_list_has_no_such_page(david: Client, banking: Banking) -> None:
    for file in (banking.file, banking.refused):
        address = reverse("console:file_columns", args=[file.ref])
        assert david.get(address).status_code == 404
    StatementFile.objects.filter(pk=banking.table.pk).update(sealed=b"")
    address = reverse("console:file_columns", args=[banking.table.ref])
    assert david.get(address).status_code == 404, "the bytes are gone after seven years"
