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

    first = CsvMapping.objects.get()
    page = reverse("console:saved_form", args=[first.ref])
    assert page in david.get(reverse("console:saved_forms")).content.decode()
    assert "Spara som ny version" in david.get(page).content.decode()
    same = david.post(page, CHOSEN)
    assert (same.status_code, CsvMapping.objects.count()) == (422, 1)
    assert "Så läses den redan" in same.content.decode()
    newer = david.post(page, {**CHOSEN, "column_1": "message", "name": "Annat"}, follow=True)
    assert "Sparad som version 2." in newer.content.decode()
    second = CsvMapping.objects.get(retired_at=None)
    assert (second.name, second.number) == ("Sparbanken", 2)
    assert second.mapping["columns"]["message"] == [["Vad"]]
    away = david.post(reverse("console:put_form_away", args=[second.ref]), follow=True)
    assert "inget läses efter den längre" in away.content.decode()
    assert not CsvMapping.objects.filter(retired_at=None).exists()


def test_a_file_that_is_no_unknown_list_has_no_such_page(david: Client, banking: Banking) -> None:
    for file in (banking.file, banking.refused):
        address = reverse("console:file_columns", args=[file.ref])
        assert david.get(address).status_code == 404
    StatementFile.objects.filter(pk=banking.table.pk).update(sealed=b"")
    address = reverse("console:file_columns", args=[banking.table.ref])
    assert david.get(address).status_code == 404, "the bytes are gone after seven years"
