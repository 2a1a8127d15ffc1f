"""The demo's bank days: files go to the bank's stand-in by folder, and money comes back."""

from __future__ import annotations

import io
import json
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fundraise import clock
from fundraise.gifts.models import Gift
from fundraise.jobs import offset
from fundraise.jobs import services as jobs
from fundraise.ledger import proving
from fundraise.pledges.models import Mandate, Pledge
from fundraise.providers.giro.models import InFile, OutFile
from tests.ports import free_port
from tests.sandbox.bankgirot.process import BankProcess
from tests.sendgrid_stand_in import SendGridStandIn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.serial]
TEST_KEY, CUSTOMER = "1234567890ABCDEF1234567890ABCDEF", "471117"


@pytest.fixture
def bank(tmp_path: Path, settings: Any) -> Iterator[BankProcess]:
    """A stand-in that runs, its folders named in the settings."""
    with BankProcess(tmp_path / "bank") as running:
        settings.AUTOGIRO_TRANSPORT, settings.AUTOGIRO_SETTLE_SECONDS = "directory", 0
        settings.AUTOGIRO_OUT_DIR = str(running.to_bank)
        settings.AUTOGIRO_IN_DIR = str(running.from_bank)
        settings.AUTOGIRO_SEAL_KEY, settings.AUTOGIRO_CUSTOMER_NUMBER = TEST_KEY, CUSTOMER
        clock.use(offset.stored)
        yield running
        jobs.set_clock_offset(timedelta(0))
        clock.use(None)


@pytest.fixture
def mail_service(settings: Any) -> Iterator[SendGridStandIn]:
    with SendGridStandIn() as running:
        settings.APPEAL_SENDER, settings.SENDGRID_HOST = "sendgrid", running.address
        yield running


def run(command: str, *words: str) -> str:
    out = io.StringIO()
    call_command(command, *words, stdout=out)
    return out.getvalue()


def known(bank: BankProcess) -> set[str]:
    """The payer numbers whose mandates the stand-in has."""
    with urllib.request.urlopen(f"{bank.address}/control/mandates", timeout=20) as answer:  # noqa: S310
        return {payer.lstrip("0") for payer in json.load(answer)}


def test_the_demos_past_is_known_to_the_bank_and_goes_on_in_files(
    bank: BankProcess, mail_service: SendGridStandIn
) -> None:
    run("demo_data", "--pledges", "12", "--bank", bank.address)
    run("demo_data", "--pledges", "12", "--bank", bank.address)
    assert Pledge.objects.count() == 12
    drawn_on = Mandate.objects.filter(state="active").values_list("payer_number", flat=True)
    assert known(bank) == set(drawn_on)
    begun, gifts, played = clock.today(), Gift.objects.count(), 0

    while Gift.objects.count() == gifts and played < 24:
        told = run("demo_days", "2", "--bank", bank.address).splitlines()
        played += len(told)

    assert (clock.today() - begun).days >= played
    moved = mail_service.state()["knobs"]["clock_offset_seconds"]
    assert moved == int(offset.stored().total_seconds())
    assert set(OutFile.objects.values_list("state", flat=True)) == {"delivered"}
    assert set(InFile.objects.values_list("state", flat=True)) == {"applied"}
    assert Gift.objects.filter(origin="pledge").count() > gifts
    assert proving.prove().ok


def test_without_the_stand_in_nothing_is_played() -> None:
    run("demo_data")
    with pytest.raises(CommandError, match="does not answer"):
        run("demo_days", "--bank", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(CommandError, match="1 to 300"):
        run("demo_days", "0")
    assert OutFile.objects.count() == 0
    assert clock.now() - clock.real_now() < timedelta(seconds=1)
