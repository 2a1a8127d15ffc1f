"""What a demo begins with, made once."""

from __future__ import annotations

import io
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image

from donors.models import Donor
from donors.normalise import clean_organisation_number
from fundraise.campaigns import queries as campaigns
from fundraise.campaigns.models import Campaign
from fundraise.gifts.models import Gift
from fundraise.jobs.models import EnvironmentSeal
from fundraise.ledger.models import Account as LedgerAccount
from fundraise.ledger.models import LegalEntity
from fundraise.ops import proof
from fundraise.ops.demo import log_ins
from fundraise.providers.models import Account

pytestmark = pytest.mark.django_db


def make(*words: str) -> str:
    out = io.StringIO()
    call_command("demo_data", *words, stdout=out)
    return out.getvalue()


def test_a_party_with_open_books_and_a_live_campaign_is_made() -> None:
    make()
    entity = LegalEntity.objects.get()
    assert clean_organisation_number(entity.org_number) == "8029999995"
    assert LedgerAccount.objects.filter(entity=entity).count() == 9
    campaign = campaigns.front_campaign()
    assert campaign is not None
    assert (campaign.slug, campaign.status, campaign.goal_ore) == ("valet", "live", 200_000_000)
    active = Account.objects.filter(entity=entity, is_active=True).values_list("provider", "slug")
    assert sorted(active) == [("manual", "demo"), ("stripe", "demo")]
    assert EnvironmentSeal.objects.get().mode == "demo"
    assert proof.prove().ok


def test_a_second_time_changes_nothing() -> None:
    first = make()
    Campaign.objects.update(title_sv="Ändrad")
    passwords = list(User.objects.values_list("password", flat=True))
    assert make() == first
    assert Campaign.objects.get().title_sv == "Ändrad"
    assert (LegalEntity.objects.count(), Account.objects.count()) == (1, 3)
    assert list(User.objects.values_list("password", flat=True)) == passwords


def test_the_log_ins_work_and_can_be_asked_for_again() -> None:
    printed = make()
    for name, password in log_ins.read().items():
        assert f"{name:<9}{password}" in printed
        user = authenticate(username=name, password=password)
        assert user is not None
        assert user.is_staff
    assert sorted(log_ins.read()) == ["cecilia", "david"]
    out = io.StringIO()
    call_command("demo_logins", stdout=out)
    assert out.getvalue() == printed


def test_only_the_owner_of_the_folder_can_read_the_passwords(settings: Any) -> None:
    make()
    mode = (Path(settings.DATA_DIR) / "demo-logins.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_lost_password_is_made_anew(settings: Any) -> None:
    make()
    old = log_ins.read()
    (Path(settings.DATA_DIR) / "demo-logins.json").unlink()
    make()
    assert log_ins.read()["david"] != old["david"]
    assert authenticate(username="david", password=log_ins.read()["david"]) is not None


def test_there_are_no_log_ins_before_there_is_a_demo() -> None:
    with pytest.raises(CommandError, match="demo_data"):
        call_command("demo_logins")


def test_the_picture_is_drawn_small() -> None:
    make()
    name = str(Campaign.objects.get().picture)
    with default_storage.open(name) as file, Image.open(file) as picture:
        assert (picture.format, picture.size) == ("WEBP", (1600, 1000))
    assert default_storage.size(name) < 40_000


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
    campaign = Campaign.objects.get()
    assert Gift.objects.filter(received_at__date__lt=campaign.starts_on).count() == 0
    assert proof.prove().ok


def test_the_page_shows_the_picture_at_an_address_that_answers() -> None:
    make()
    page = Client().get("/").content.decode()
    address = re.search(r'<img src="([^"]+)"', page)
    assert address is not None
    answer = Client().get(address[1])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
