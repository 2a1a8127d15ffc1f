"""What a demo begins with, made once."""

from __future__ import annotations

import io
import json
import re
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from PIL import Image

from donors.models import Donor
from donors.normalise import clean_organisation_number
from fundraise import clock
from fundraise.campaigns import queries as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.jobs import queries as jobs
from fundraise.jobs.models import EnvironmentSeal, Job
from fundraise.ledger import proving
from fundraise.ledger.models import Account as LedgerAccount
from fundraise.ledger.models import LegalEntity
from fundraise.ops.demo import bank, log_ins
from fundraise.providers import recurring
from fundraise.providers.models import Account
from fundraise.reconciliation.models import BankAccount
from fundraise.sandbox.bank.accounts import DEMO as AT_BANK
from fundraise.staff import factors, rights
from fundraise.staff.models import RoleHeld
from fundraise.staff.roles import Role
from mailings.appeals.models import Appeal, Content
from mailings.composing.models import Picture, Template, TemplateVersion
from mailings.journeys.models import Journey
from tests.mailings.appeals.house import person

pytestmark = pytest.mark.django_db


def make(*words: str) -> str:
    out = io.StringIO()
    call_command("demo_data", *words, stdout=out)
    return out.getvalue()


def without_codes(printed: str) -> str:
    """Codes change every half minute."""
    return re.sub(r" \d{6} ", " ", printed)


def test_a_demo_that_was_off_rings_for_no_job_at_its_start(settings: Any) -> None:
    make()
    old = clock.real_now() - timedelta(days=30)
    for name in settings.JOBS:
        Job.objects.create(name=name, first_seen_at=old, last_done_at=old)
    assert len(jobs.late_jobs(clock.real_now())) == len(settings.JOBS)
    make()
    assert jobs.late_jobs(clock.real_now()) == []


def test_a_party_with_open_books_and_a_live_campaign_is_made() -> None:
    make()
    entity = LegalEntity.objects.get(parent=None)
    assert clean_organisation_number(entity.org_number) == "8029999995"
    assert LedgerAccount.objects.filter(entity=entity).count() == 22
    campaign = campaigns.front_campaign()
    assert campaign is not None
    assert (campaign.slug, campaign.status, campaign.goal_ore) == ("valet", "live", 200_000_000)
    active = Account.objects.filter(entity=entity, is_active=True).values_list("provider", "slug")
    assert sorted(active) == [("autogiro", "demo"), ("manual", "demo"), ("stripe", "demo")]
    assert campaign.monthly_open
    assert recurring.ways(entity.pk)[0] == "autogiro"
    assert EnvironmentSeal.objects.get().mode == "demo"
    assert proving.prove().ok


def test_the_accounts_are_those_of_the_bank_s_stand_in() -> None:
    make()
    opened = {
        (one.name, one.opening_ore, one.is_shared, one.bank.lower()): sorted(
            one.numbers.values_list("kind", "number")
        )
        for one in BankAccount.objects.all()
    }
    wanted = {}
    for ours, theirs in zip((bank.GIFTS, bank.HOUSE, bank.SKANE), AT_BANK, strict=True):
        csv = "csv" in theirs.files  # such a file tells the account's number, no IBAN
        number = ("bban", theirs.number) if csv else ("iban", theirs.iban)
        more = (("bgnr", theirs.bankgiro), ("swish", theirs.swish))
        numbers = sorted([number, *(one for one in more if one[1])])
        wanted[ours.name, theirs.opening_ore, theirs.use == "shared", theirs.bank] = numbers
    assert opened == wanted


def test_a_second_time_changes_nothing() -> None:
    first = make()
    Campaign.objects.filter(slug="valet").update(title_sv="Ändrad")
    passwords = list(User.objects.values_list("password", flat=True))
    assert without_codes(make()) == without_codes(first)
    assert Campaign.objects.get(slug="valet").title_sv == "Ändrad"
    assert (LegalEntity.objects.count(), Account.objects.count()) == (2, 6)
    assert BankAccount.objects.count() == 3
    assert Authenticator.objects.count() == 7
    assert list(User.objects.values_list("password", flat=True)) == passwords


def test_the_log_ins_work_are_the_owners_alone_and_can_be_asked_for_again(settings: Any) -> None:
    printed = make()
    mode = (Path(settings.DATA_DIR) / "demo-logins.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    for name, one in log_ins.read().items():
        assert f"{name:<9}{one.password}" in printed
        user = authenticate(RequestFactory().get("/"), username=name, password=one.password)
        assert isinstance(user, User)
        assert user.is_staff
        assert factors.check_code(user, factors.code_now(one.secret)).type == "totp"
    assert sorted(log_ins.read()) == ["adam", "cecilia", "david", "dora", "maja", "rut", "siv"]
    out = io.StringIO()
    call_command("demo_logins", stdout=out)
    assert without_codes(out.getvalue()) == without_codes(printed)


def test_the_printed_code_lets_its_owner_in() -> None:
    line = next(line for line in make().splitlines() if " david " in line)
    name, password, code = line.split()[:3]
    client = Client()
    client.post("/staff/login/", {"username": name, "password": password})

    client.post("/staff/login/code/", {"code": code})

    assert client.get("/staff/").status_code == 200


def test_every_role_has_somebody_and_the_districts_treasurer_sees_the_district_only() -> None:
    make()
    held = RoleHeld.objects.values_list("role", flat=True)
    assert set(held) == set(Role.values)
    district = LegalEntity.objects.get(slug="framtidspartiet-skane")
    maja = User.objects.get(username="maja")
    assert rights.entities(maja, "gifts.view") == {district.pk}
    assert clean_organisation_number(district.org_number) == "8029999987"
    assert Client().get("/skane/").status_code == 200


def test_a_log_in_of_before_apps_gets_one(settings: Any) -> None:
    make()
    path = Path(settings.DATA_DIR) / "demo-logins.json"
    old = {name: one.password for name, one in log_ins.read().items()}
    path.write_text(json.dumps(old), encoding="utf-8")
    make()
    david = log_ins.read()["david"]
    assert (david.password, len(david.secret)) == (old["david"], 32)


def test_a_lost_password_is_made_anew(settings: Any) -> None:
    make()
    old = log_ins.read()
    (Path(settings.DATA_DIR) / "demo-logins.json").unlink()
    make()
    new = log_ins.read()["david"]
    assert new.password != old["david"].password
    assert new.secret != old["david"].secret
    asked = RequestFactory().get("/")
    assert authenticate(asked, username="david", password=new.password) is not None


def test_there_are_no_log_ins_before_there_is_a_demo() -> None:
    with pytest.raises(CommandError, match="demo_data"):
        call_command("demo_logins")


@pytest.mark.parametrize("mode", ["live", "test"])
def test_other_modes_get_no_demo(settings: Any, mode: str) -> None:
    settings.MODE = mode
    with pytest.raises(CommandError, match="no demo data"):
        make()
    assert LegalEntity.objects.count() == 0


def test_test_mode_gets_it_when_asked_for(settings: Any) -> None:
    settings.MODE = "test"
    make("--in-test-mode")
    assert Account.objects.get(provider="stripe").external_id == ""
    assert EnvironmentSeal.objects.get().mode == "test"


@pytest.mark.django_db(transaction=True)
def test_a_past_can_be_made_too_and_only_once() -> None:
    make("--gifts", "200")
    make("--gifts", "200")
    assert (Gift.objects.count(), Donor.objects.count()) == (200, 66)
    campaign = Campaign.objects.get(slug="valet")
    assert Gift.objects.filter(received_at__date__lt=campaign.starts_on).count() == 0
    assert proving.prove().ok


def test_the_picture_is_small_and_the_page_shows_it_at_an_address_that_answers() -> None:
    make()
    name = str(Campaign.objects.get(slug="valet").picture)
    with default_storage.open(name) as file, Image.open(file) as picture:
        assert (picture.format, picture.size) == ("WEBP", (1600, 1000))
    assert default_storage.size(name) < 40_000
    page = Client().get("/").content.decode()
    address = re.search(r'<img src="([^"]+)"', page)
    assert address is not None
    answer = Client().get(address[1])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")


def test_templates_of_mails_are_ready_to_be_sent_and_made_once() -> None:
    make()
    template = Template.objects.get(name__startswith="Tack")
    template.name = "Eget namn"
    template.save()
    make()

    assert Template.objects.count() == 3
    assert TemplateVersion.objects.filter(number=1).count() == 3
    assert Picture.objects.get().alt("en") == "Soft green hills under a light sky."
    assert Template.objects.filter(name="Eget namn").exists()


def test_an_appeal_is_scheduled_and_a_journey_runs_and_both_are_made_once() -> None:
    person(1)
    for _twice in range(2):
        make()

    assert sorted(Appeal.objects.values_list("title", "kind", "state")) == [
        ("Bli månadsgivare", "mail", "draft"),
        ("Vi har chansen nu", "mail", "scheduled"),
        ("Välkommen 1", "journey", "draft"),
        ("Välkommen 2", "journey", "draft"),
    ]
    assert Journey.objects.get().state == "on"
    assert not Content.objects.exclude(problems=[]).exists()
