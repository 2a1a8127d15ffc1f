"""Data protection: the register names every table, a copy is whole, forgetting is for good."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils.translation import override
from pytest_django.fixtures import Settings

from donors import services as donors
from donors.models import Donor
from fundraise.audit.models import ChangeLine, ReadLine
from fundraise.campaigns.models import Campaign
from fundraise.console.privacy import facts
from fundraise.console.privacy.kept import NOBODY, register
from fundraise.gifts.models import Gift
from fundraise.pledges.models import Pledge
from fundraise.pledges.services import planning, starting
from fundraise.pledges.services.starting import NewAccount, NewPledge, Signed
from fundraise.providers.models import Account
from tests.console.conftest import LogIn
from tests.console.house import House, furnish
from tests.mailings.mailed import mail_to
from tests.matrix import snapshot
from tests.pledging import ACCOUNT, ANNA

ROOT = Path(__file__).resolve().parents[2]
OURS = ("fundraise", "donors", "mailings", "api")


@pytest.fixture
def house(campaign: Campaign, stripe: Account) -> House:
    return furnish(campaign, stripe)


@pytest.fixture
def care(log_in: LogIn) -> Client:
    return log_in("disa", "donor_care")


def at(house: House, act: str = "") -> str:
    return f"/staff/donors/{house.donor.ref}/{act}"


def test_every_table_is_in_the_register_or_said_to_hold_nobody() -> None:
    ours = [m._meta for m in apps.get_models() if m.__module__.split(".")[0] in OURS]
    said = {table for one in register() for table in one.tables}
    unsaid = {m.label for m in ours if not {m.label, m.app_label} & (said | NOBODY)}
    assert unsaid == set()
    assert {table for table in said if apps.get_model(table) is None} == set()
    assert all((one.days is None) != (not one.until) for one in register())


def test_the_register_in_the_docs_is_current() -> None:
    written = (ROOT / "docs/data-protection.md").read_text(encoding="utf-8")
    with override("en"):
        rows = [f"| {one.what} | {one.purpose} | {one.ground} |" for one in register()]
        rows += [f"{one.days} day" for one in register() if one.days is not None]
    rows += [f"`{table}`" for one in register() for table in one.tables]
    assert [row for row in rows if row not in written] == []


def test_the_page_shows_this_house_as_it_is(care: Client, house: House, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_x"
    settings.PROCESSORS = ["Serverhallen AB | servrar | Sverige"]
    settings.IMPORT_KEEP_DAYS = 17
    donors.forget_donor(donor_ref=house.donor.ref, by="staff:1", reason="begäran 7")
    answer = care.get("/staff/privacy/")
    shown = answer.content.decode()
    assert answer.status_code == 200
    for words in (
        "17 dagar",
        "<b>Stripe</b>",
        "<b>Serverhallen AB</b>: servrar (Sverige)",
        "Huvudnyckel t1",
        "begäran 7",
        str(house.donor.ref)[:8],
        "Glömda givare",
    ):
        assert words in shown
    rows = {one.tables: number for one, number in answer.context["kept"]}
    assert rows[("gifts.GiverDetails",)] == Gift.objects.count()
    assert rows[("donors.ContactPoint",)] == 0


def copy(client: Client, house: House) -> Any:
    answer = client.post(at(house, "export/"), {"export-reason": "begäran 3"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="givare-')
    return json.loads(answer.content)


def test_a_donors_copy_holds_everything_and_names_no_staff(care: Client, house: House) -> None:
    Gift.objects.filter(pk=house.card.pk).update(donor=house.donor)
    number = {"kind": "personal_number", "number": "811228-9874", "reason": "mandate"}
    donors.record_identity(donor_id=house.donor.pk, source="staff", by="staff:1", **number)
    donors.tag_donor(donor_id=house.donor.pk, label="kassör", source="staff", by="staff:1")
    mailed = mail_to(house.card.campaign, [(house.donor.pk, "bjorn.testgren@example.se")])
    told = copy(care, house)
    assert told["donor"]["name"] == "Björn Testgren"
    assert [point["value"] for point in told["donor"]["contact_points"]] == [
        "bjorn.testgren@example.se",
        "+46701740605",
    ]
    assert told["donor"]["identity_numbers"] == {"personal_number": "198112289874"}
    assert told["donor"]["tags"] == ["kassör"]
    (gift,) = told["gifts"]
    assert (gift["ore"], gift["to"]) == (2_500_00, "Framtidspartiet")
    assert gift["typed"]["address"] == "Provgatan 7"
    assert told["changes"][0]["action"] == "donor.registered"
    assert told["looks"][0]["purpose"] == "export.donor"
    (appeal,) = told["appeals"]
    assert (appeal["campaign"], appeal["outcome"]) == ("Två miljoner till valet", "accepted")
    assert appeal["appeal"] == str(mailed.appeal.ref)
    assert "staff:" not in json.dumps(told)


def test_taking_the_copy_out_is_written_down_with_the_reason(care: Client, house: House) -> None:
    copy(care, house)
    line = ChangeLine.objects.get(action="donor.exported")
    assert (line.subject_ref, line.reason) == (str(house.donor.ref), "begäran 3")
    assert ReadLine.objects.filter(purpose="export.donor").count() == 1


def test_without_a_reason_nothing_is_taken_out_and_nobody_forgotten(
    care: Client, house: House
) -> None:
    reasoned = {"forget-reason": "GDPR Art. 17"}
    for act, form in (("export/", {}), ("forget/", {}), ("forget/", reasoned)):
        assert care.post(at(house, act), form).status_code == 422
    assert ChangeLine.objects.filter(action__in=["donor.exported", "donor.forgotten"]).count() == 0
    house.donor.refresh_from_db()
    assert house.donor.status == "active"


def test_a_donor_is_forgotten_once_and_the_gifts_stay(care: Client, house: House) -> None:
    Gift.objects.filter(pk=house.card.pk).update(donor=house.donor)
    form = {"forget-reason": "GDPR Art. 17", "forget-sure": "on"}
    for _ in range(2):
        assert care.post(at(house, "forget/"), form).status_code == 302
    house.donor.refresh_from_db()
    assert (house.donor.status, house.donor.name_sealed) == ("erased", None)
    assert Gift.objects.get(pk=house.card.pk).donor_id == house.donor.pk
    assert ChangeLine.objects.filter(action="donor.forgotten").count() == 1
    shown = care.get(at(house)).content.decode()
    assert "Givaren var redan glömd." in shown
    assert "Glöm givaren för gott" not in shown


def test_only_who_may_takes_out_or_forgets(
    log_in: LogIn, david: Client, cecilia: Client, house: House
) -> None:
    auditor = log_in("rut", "auditor")
    before = snapshot("sessions")
    form = {"forget-reason": "x", "forget-sure": "on", "export-reason": "x"}
    for client in (david, cecilia):
        assert client.post(at(house, "export/"), form).status_code == 403
        assert client.post(at(house, "forget/"), form).status_code == 403
        assert client.get("/staff/privacy/").status_code == 403
    assert auditor.post(at(house, "forget/"), form).status_code == 403
    assert snapshot("sessions") == before
    assert auditor.get("/staff/privacy/").status_code == 200
    assert auditor.post(at(house, "export/"), form).status_code == 200
    assert Donor.objects.get(pk=house.donor.pk).status == "active"


def test_a_donors_copy_holds_monthly_gifts_with_masked_numbers(care: Client, house: House) -> None:
    pledge = starting.start_pledge(
        NewPledge(house.campaign, 200_00, 28, ANNA), NewAccount(ACCOUNT, "Swedbank …234")
    )
    starting.sign(pledge.mandates.get().pk, Signed("tick"), by="donor")
    Pledge.objects.filter(pk=pledge.pk).update(donor=house.donor)
    notice = pledge.notices.get()
    planning.notice_sent(notice.pk, text="Vi drar 200 kr …")
    donors.refuse_contact(donor_id=house.donor.pk, by="staff:1")
    told = copy(care, house)["pledges"][-1]
    assert (told["ore"], told["day"], told["to"]) == (200_00, 28, "Framtidspartiet")
    assert told["typed"]["email"] == ANNA.email
    (mandate,) = told["mandates"]
    assert (mandate["account"], mandate["identity_number"]) == ("Swedbank …234", "19811228-****")
    assert told["notices"][0]["words"] == "Vi drar 200 kr …"
    assert ACCOUNT.account16 not in json.dumps(told)


def test_who_carries_mail_is_named_with_the_place(settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY, settings.EMAIL_HOST = "", "mail.example"
    settings.MAIL_SENDER = settings.APPEAL_SENDER = "file"
    assert facts.processors() == []
    settings.MAIL_SENDER, settings.APPEAL_SENDER = "smtp", "sendgrid"
    settings.SENDGRID_REGION = "eu"
    assert [(one.name, one.where) for one in facts.processors()] == [
        ("mail.example", ""),
        ("Twilio SendGrid", "EU"),
    ]
