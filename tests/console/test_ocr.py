"""A donor's and a monthly gift's OCR number: seen, issued once, told by the API."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from fundraise.audit.models import ChangeLine
from fundraise.campaigns.models import Campaign
from fundraise.reconciliation import accounts, references
from fundraise.reconciliation.models import Reference
from tests.console import giving
from tests.console.conftest import LogIn
from tests.console.house import make_donor
from tests.reconciliation.house import ADMIN, OPENED

pytestmark = pytest.mark.django_db
ISSUE = "Utfärda OCR-nummer"


def shown(staff: Client, name: str, ref: object) -> str:
    return str(staff.get(reverse(f"console:{name}", args=[ref])).content.decode())


def post(staff: Client, name: str, ref: object, **form: object) -> str:
    answer = staff.post(reverse(f"console:{name}", args=[ref]), form, follow=True)
    return str(answer.content.decode())


def test_a_number_is_issued_on_the_page_of_a_donor_and_of_a_monthly_gift_once_each(
    log_in: LogIn, campaign: Campaign
) -> None:
    numbers = [("bgnr", "9912346")]
    accounts.open_account(accounts.NewAccount(campaign.entity, "Giro", numbers, OPENED), by=ADMIN)
    pledge = giving.furnish_giving(campaign).pledge
    donor = make_donor()
    pledge.donor = donor
    pledge.save(update_fields=["donor"])
    staff = log_in("karin", "comms")
    assert ISSUE in shown(staff, "donor", donor.ref)
    for _twice in range(2):
        page = post(staff, "issue_to_donor", donor.ref, entity=campaign.entity_id)
        assert f"OCR-numret är {Reference.objects.get().number}" in page
    own = Reference.objects.get()
    assert references.is_valid(own.number)
    assert f"<code>{own.number}</code>" in page
    assert "till bankgiro 991-2346" in page
    assert ISSUE not in page

    assert ISSUE in shown(staff, "pledge", pledge.ref)
    for _twice in range(2):
        page = post(staff, "issue_to_pledge", pledge.ref)
    of_pledge = Reference.objects.get(pledge=pledge)
    assert (of_pledge.donor_id, of_pledge.origin) == (donor.pk, "pledge")
    assert f"<code>{of_pledge.number}</code>" in page
    said = ChangeLine.objects.filter(action="reference.issued").order_by("pk")
    assert [line.subject_ref for line in said] == [str(donor.ref), str(pledge.ref)]
    assert own.number not in str([line.after for line in said]), "no number in the log"
    pledge.donor = None
    pledge.save(update_fields=["donor"])
    references.standing(pledge=pledge).update(ended_at=of_pledge.issued_at)
    assert "knuten till månadsgåvan" in post(staff, "issue_to_pledge", pledge.ref)
    assert Reference.objects.count() == 2
