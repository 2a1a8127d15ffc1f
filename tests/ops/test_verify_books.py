"""The command, its exit code and its words; the nightly proof and its alarms."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from fundraise.campaigns.models import Thermometer
from fundraise.jobs.models import Alarm, JobRun
from fundraise.ledger.checks import NOT_APPLICABLE, WAITING, Check
from fundraise.ops import proof, tasks
from tests.ops.books import make_books

HERE = "tests.ops.test_verify_books."


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
    assert (code, said["ok"], list(said)) == (0, True, ["ok", "at", "checks"])
    assert said["checks"][1] == {
        "name": "the line is on its way",
        "expected": 0,
        "actual": 1,
        "difference": 1,
        "status": "waiting",
        "note": "tomorrow",
        "letter": "",
        "source": "",
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
    assert "read-only transaction" in proof.prove().checks[0].note
    settings.PROOFS = [HERE + "of_the_transaction"]
    assert proof.prove().checks[0].actual == "repeatable read"


def of_the_transaction() -> Iterator[Check]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        yield Check("isolation", "repeatable read", cursor.fetchone()[0])


@pytest.mark.django_db
def test_the_nightly_proof_rings_once_and_falls_silent_when_mended(settings: Any) -> None:
    settings.PROOFS = [HERE + "differs", HERE + "holds"]
    tasks.nightly_proof()
    tasks.nightly_proof()
    alarm = Alarm.objects.get()
    assert (alarm.code, alarm.subject) == ("books-differ", "one is two")
    assert (alarm.text, alarm.resolved_at) == ("expected 1, found 2", None)
    settings.PROOFS = [HERE + "holds"]
    tasks.nightly_proof()
    alarm.refresh_from_db()
    assert alarm.resolved_at is not None
    runs = JobRun.objects.filter(name="nightly-proof", state="done").order_by("pk")
    assert [run.counts["differ"] for run in runs] == [1, 1, 0]


@pytest.mark.django_db
def test_the_apps_own_role_may_prove_the_books() -> None:
    make_books()
    code, printed = asked("--json")
    assert (code, json.loads(printed)["ok"]) == (0, True)
    with pytest.raises(DatabaseError, match="permission denied"):
        connection.cursor().execute("UPDATE ledger_entry SET amount_ore = 1")
