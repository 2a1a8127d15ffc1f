"""The command, its exit code and its words, and the one instant that it reads."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from fundraise import clock
from fundraise.campaigns.models import Campaign, Thermometer
from fundraise.gifts.models import Channel, Gift
from fundraise.ledger import proving
from fundraise.ledger.checks import NOT_APPLICABLE, WAITING, Check
from fundraise.providers import by_hand
from tests.ops.books import BEGAN, make_books
from tests.people import DAVID

HERE = "tests.ops.test_verify_books."
LEDGER = "fundraise.ledger.proofs.checks"


def holds() -> Iterator[Check]:
    yield Check("one is one", 1, 1)
    yield Check("the line is on its way", 0, 1, WAITING, "tomorrow")
    yield Check("nothing to compare", "-", "-", NOT_APPLICABLE)


def differs() -> Iterator[Check]:
    yield Check("one is two", 1, 2)


def breaks() -> Iterator[Check]:
    yield Check("before it broke", 0, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column")


def writes() -> Iterator[Check]:
    Thermometer.objects.update(gifts=0)
    yield Check("never", 0, 0)


def asked(*words: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("verify_books", *words, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db
def test_one_object_says_what_holds(settings: Any) -> None:
    settings.PROOFS = [HERE + "holds"]
    code, printed = asked("--json")
    said = json.loads(printed)
    assert (code, said["ok"], list(said)) == (
        0,
        True,
        ["ok", "at", "reach", "checkpoint", "checks"],
    )
    assert said["checks"][1] == {
        "name": "the line is on its way",
        "expected": 0,
        "actual": 1,
        "difference": 1,
        "status": "waiting",
        "note": "tomorrow",
        "letter": "",
        "source": "",
        "reach": "whole",
    }
    assert [check["status"] for check in said["checks"]] == ["ok", "waiting", "not_applicable"]


@pytest.mark.django_db
def test_what_differs_ends_with_exit_code_one(settings: Any) -> None:
    settings.PROOFS = [HERE + "holds", HERE + "differs"]
    code, printed = asked("--json")
    said = json.loads(printed)
    assert (code, said["ok"], said["checks"][-1]["difference"]) == (1, False, 1)


@pytest.mark.django_db
def test_a_proof_that_breaks_differs_and_the_others_go_on(settings: Any) -> None:
    settings.PROOFS = [HERE + "breaks", "no.such.proof", HERE + "holds"]
    code, printed = asked("--json")
    checks = {check["name"]: check["status"] for check in json.loads(printed)["checks"]}
    assert code == 1
    assert checks == {
        "before it broke": "ok",
        f"{HERE}breaks runs to its end": "differs",
        "no.such.proof runs to its end": "differs",
        "one is one": "ok",
        "the line is on its way": "waiting",
        "nothing to compare": "not_applicable",
    }


@pytest.mark.django_db
def test_people_read_a_table(settings: Any) -> None:
    settings.PROOFS = [HERE + "differs", HERE + "holds"]
    code, printed = asked()
    lines = printed.splitlines()
    assert code == 1
    assert lines[0] == "■ differs        one is two: expected 1, found 2"
    assert lines[1] == "● ok             one is one"
    assert lines[-1].startswith("1 of 4 checks differ. (")


@pytest.mark.django_db(transaction=True)
def test_a_proof_reads_one_instant_and_can_write_nothing(settings: Any) -> None:
    make_books()
    settings.PROOFS = [HERE + "writes"]
    assert "read-only transaction" in proving.prove().checks[0].note
    settings.PROOFS = [HERE + "of_the_transaction"]
    assert proving.prove().checks[0].actual == "repeatable read"
    gifts, warm = "fundraise.gifts.proofs.checks", "fundraise.campaigns.proofs.checks"
    settings.PROOFS = [LEDGER, gifts, HERE + "money_comes_meanwhile", warm]
    found = proving.prove()
    assert (found.ok, Gift.objects.count()) == (True, 7)
    thermometer = Thermometer.objects.get().received_ore
    said = [check for check in found.checks if check.name == "thermometer valet: received = ledger"]
    assert said[0].actual == thermometer - 40_00, "the gift is in none of the numbers"
    settings.PROOFS = [LEDGER, gifts, warm]
    assert proving.prove_and_keep().ok
    assert proving.prove_since().ok


def money_comes_meanwhile() -> Iterator[Check]:
    """Booked and committed on a connection of its own while the proof goes on."""
    with ThreadPoolExecutor(1) as one:
        one.submit(_give).result()
    yield Check("meanwhile", 0, 0)


def _give() -> None:
    gift = by_hand.ManualGift(
        Campaign.objects.get(), 40_00, Channel.CASH, BEGAN, proof="slip-9", by=DAVID
    )
    by_hand.record_manual_gift(gift)
    connection.close()


def of_the_transaction() -> Iterator[Check]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        yield Check("isolation", "repeatable read", cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_limited_proof_says_so_and_a_day_without_checkpoint_is_proved_whole(
    settings: Any,
) -> None:
    settings.PROOFS = [LEDGER, HERE + "holds"]
    settings.PROOFS_SINCE = {LEDGER: f"{LEDGER}_since", HERE + "holds": ""}
    code, printed = asked("--day")
    lines = printed.splitlines()
    assert lines[-2] == f"No checkpoint from before {clock.today()}: all was proved."
    assert asked()[0] == 0, "it leaves a checkpoint"
    code, printed = asked("--since", f"{clock.today() + timedelta(days=1)}")
    lines = printed.splitlines()
    assert code == 0
    assert f"–  not_applicable {HERE}holds" in printed.replace("– ", "–  ")
    assert "was looked at; 2 checks are left to the whole proof." in lines[-2]
    with pytest.raises(CommandError):
        asked("--day", "--since", "2026-11-25")


@pytest.mark.django_db
def test_the_apps_own_role_may_prove_the_books() -> None:
    make_books()
    code, printed = asked("--json")
    assert (code, json.loads(printed)["ok"]) == (0, True)
    with pytest.raises(DatabaseError, match="permission denied"):
        connection.cursor().execute("UPDATE ledger_entry SET amount_ore = 1")
