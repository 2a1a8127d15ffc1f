"""The process: folders, HTTP and the levers; killed, it loses nothing and does nothing twice."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from fundraise import clock
from fundraise.sandbox import bankdays
from fundraise.sandbox.bankgirot.config import Config, Payee
from fundraise.sandbox.bankgirot.service import Service
from tests.ports import free_port
from tests.sandbox.bankgirot.orders import file_of, new_mandate, payment
from tests.sandbox.bankgirot.process import COMMAND, BankProcess
from tests.stripe_stand_in import ROOT

pytestmark = pytest.mark.xdist_group("bank")
GOOD = file_of(*(new_mandate(payer) for payer in range(1, 4)))
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
SEVEN_WEEKS = 49 * 86_400


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BankProcess]:
    with BankProcess(tmp_path_factory.mktemp("bank")) as found:
        yield found


@pytest.fixture
def bank(running: BankProcess) -> BankProcess:
    running.control("reset")
    # Now the clock has nothing left to run by itself while a test looks on.
    running.control("run-day")
    return running


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The same within the test, without threads or a port."""
    found = Service(Config(0, tmp_path, (Payee("9912346", "471117"),)))
    ahead = int((NOON - clock.real_now()).total_seconds())
    found.change(lambda bank: bank.set_knobs({"clock_offset_seconds": ahead}))
    yield found
    found.stop()
    clock.use(None)


def test_live_mode_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    data = tmp_path / "data"
    refused = subprocess.run(
        [*COMMAND, "--port", str(free_port()), "--data", str(data)], cwd=ROOT, check=False,
        env=os.environ | {"FUNDRAISE_MODE": "live"}, capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    assert refused.returncode != 0
    assert "does not start when FUNDRAISE_MODE=live" in refused.stderr
    assert not data.exists()


@pytest.mark.parametrize(
    "option",
    [("--bankgiro", "991-2345"), ("--seal-key", "12"), ("--customer", "4711171"),
     ("--payees", "/nowhere")],
)  # fmt: skip
def test_a_wrong_payee_is_refused(tmp_path: Path, option: tuple[str, str]) -> None:
    refused = subprocess.run(
        [*COMMAND, "--port", "1", "--data", str(tmp_path / "data"), *option], cwd=ROOT, check=False,
        env=os.environ | {"FUNDRAISE_MODE": "demo"}, capture_output=True, timeout=20,
    )  # fmt: skip
    assert refused.returncode == 2
    assert not (tmp_path / "data").exists()


def test_a_dropped_file_is_taken_once_and_answered_in_the_other_folder(bank: BankProcess) -> None:
    (bank.to_bank / "half.txt.part").write_bytes(b"not yet")
    (bank.to_bank / ".hidden").write_bytes(b"not yet")
    bank.drop("orders.txt", GOOD)
    bank.wait_for(lambda: bank.read("/received"))
    assert not (bank.to_bank / "orders.txt").exists()
    assert {path.name for path in bank.to_bank.iterdir() if path.is_file()} == {
        "half.txt.part", ".hidden",
    }  # fmt: skip
    (report,) = bank.run_until_told()
    assert report["kind"] == "advice"
    written = (bank.from_bank / report["name"]).read_bytes()
    assert written.count(b"4232") == 3
    assert bank.ask(f"/files/{report['name']}") == (200, written)
    assert [found["name"] for found in bank.read("/files")] == [report["name"]]
    assert bank.read("/control/mandates") == dict.fromkeys("123", "approved")
    for path in ("half.txt.part", ".hidden"):
        (bank.to_bank / path).unlink()


def test_a_file_by_post_is_answered_with_its_receipt(bank: BankProcess) -> None:
    status, body = bank.ask("/files?name=a.txt", GOOD)
    assert (status, b'"accepted": true' in body) == (200, True)
    status, body = bank.ask("/files", GOOD[:-20])
    assert (status, b"62 positions" in body or b"positions" in body) == (422, True)
    received = bank.read("/received")
    assert [found["accepted"] for found in received] == [False, True]
    assert bank.ask("/files", GOOD, Origin="http://elsewhere.example")[0] == 403
    assert bank.ask("/files/none")[0] == 404
    assert bank.ask("/nowhere")[0] == 404
    assert len(bank.read("/received")) == 2


def test_days_are_run_by_the_clock(bank: BankProcess) -> None:
    bank.ask("/files", GOOD)
    before = bank.read("/control/state")["last_day"]
    bank.control("clock", offset_seconds=SEVEN_WEEKS)
    ahead = clock.local_date(clock.real_now() + timedelta(seconds=SEVEN_WEEKS))
    least = str(bankdays.on_or_before(ahead - timedelta(days=1)))
    bank.wait_for(lambda: bank.read("/control/state")["last_day"] >= least)
    assert before < least
    assert bank.read("/control/mandates") == dict.fromkeys("123", "approved")
    assert len(list(bank.from_bank.iterdir())) == 1


def test_every_lever_can_be_pulled(bank: BankProcess) -> None:
    bank.ask("/files", GOOD)
    for _ in range(9):
        bank.control("run-day")
    bank.ask("/files", file_of(*(payment(payer, "GENAST") for payer in (1, 2, 3))))
    bank.control("run-day")
    assert len(bank.read("/control/waiting")) == 3
    bank.control("next-draw", payer="1", status="2")
    bank.control("stop-payment", payer="2")
    bank.control("emandate", payer="77")
    kinds = {report["kind"] for report in bank.control("run-day")["reports"]}
    assert kinds == {"specification", "changes", "emandates"}
    assert [draw["payer"] for draw in bank.read("/control/draws")] == [f"{3:016d}"]
    assert [found["count"] for found in bank.read("/control/deposits")] == [1]
    bank.control("refund", payer="3")
    bank.control("payer-cancels", payer="1")
    bank.control("close-account", payer="3")
    bank.control("next-answer", payer="9", pair="4203")
    bank.control("run-day")
    assert [found["amount"] for found in bank.read("/control/refunds")] == [20_000]
    (extract,) = bank.control("mandate-register")["reports"]
    assert bank.control("watch-register")["reports"] == []
    again = bank.control("again", name=extract["name"], how="cut")["name"]
    assert again != extract["name"]
    assert len(bank.ask(f"/files/{again}")[1]) < len(bank.ask(f"/files/{extract['name']}")[1])
    bank.control("close-payee", bankgiro="991-2346")
    bank.control("run-day")
    assert bank.read("/control/state")["payees"][0]["closed"] is True
    assert bank.control("knobs", shares={"draw.1": 0.5})["shares"]["draw.1"] == 0.5


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [("nothing", b"{}", 404), ("run-day", b'{"date": "2020-01-01"}', 400), ("knobs", b"[]", 400),
     ("knobs", b'{"shares": {"x": 1}}', 400), ("again", b'{"name": "x"}', 400),
     ("emandate", b"{}", 400), ("next-draw", b'{"payer": "1", "status": "9"}', 400)],
)  # fmt: skip
def test_a_wrong_lever_says_why_and_changes_nothing(
    bank: BankProcess, name: str, body: bytes, status: int
) -> None:
    before = bank.read("/control/state") | {"now": ""}
    got, said = bank.ask(f"/control/{name}", body)
    assert (got, b"error" in said) == (status, True)
    assert bank.read("/control/state") | {"now": ""} == before


def test_the_page_has_a_button_for_the_next_day_and_is_for_itself_only(bank: BankProcess) -> None:
    bank.ask("/files", GOOD)
    form = urlencode({"act": "emandate", "args": "{}", "payer": " 4711 "}).encode()
    assert bank.ask("/", form, Origin=bank.address)[0] == 200
    before = bank.read("/control/state")["last_day"]
    status, _ = bank.ask("/", urlencode({"act": "run-day", "args": "{}"}).encode())
    assert status == 200
    assert bank.read("/control/state")["last_day"] > before
    shown = bank.ask("/")[1].decode()
    assert "frågas hos banken" in shown
    assert "Internetbanksmedgivanden utan svar: 4711." in shown
    assert bank.ask("/", form, Origin="http://elsewhere.example")[0] == 403
    assert bank.ask("/control/reset", b"{}", Origin="http://elsewhere.example")[0] == 403
    assert bank.ask("/", urlencode({"act": "none"}).encode())[0] == 400


def test_killed_and_started_again_it_goes_on_where_it_was(tmp_path: Path) -> None:
    with BankProcess(tmp_path / "bank") as bank:
        bank.control("knobs", shares={"mandate.04.32": 1.0}, answer_days=[3])
        bank.drop("orders.txt", GOOD)
        bank.wait_for(lambda: bank.read("/received"))
        for _ in range(2):
            bank.control("run-day")
        bank.stop(kill=True)
        bank.start()
        assert bank.read("/control/mandates") == dict.fromkeys("123", "enquiry")
        (report,) = bank.run_until_told()
        assert (bank.from_bank / report["name"]).read_bytes().count(b"0432") == 3
        assert len(bank.read("/received")) == 1
        assert bank.stop() == 0
    assert "0000000000000001" not in bank.log.read_text()


def test_a_file_that_was_being_taken_is_taken_by_the_next_run_once(service: Service) -> None:
    taking = service.config.taking
    (taking / "1-new.txt").write_bytes(GOOD)
    service.take(GOOD, "old.txt", "0-old.txt")
    # The process died between keeping what it had taken and moving the file away.
    (taking / "0-old.txt").write_bytes(GOOD)
    service.sweep()
    assert [found["name"] for found in service.store.receipts(9)] == ["new.txt", "old.txt"]
    assert {path.name for path in service.config.taken.iterdir()} == {"0-old.txt", "1-new.txt"}
    assert list(taking.iterdir()) == []


def test_a_report_that_was_not_put_out_is_put_out_by_the_next_run(service: Service) -> None:
    service.take(GOOD, "orders.txt")
    service.run_day()
    (report,) = service.run_day()
    path = service.config.from_bank / report.name
    path.unlink()
    service.store.run("UPDATE reports SET placed = 0")
    service.place()
    assert path.read_bytes() == report.data


def test_an_act_that_fails_leaves_the_bank_as_it_was(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.take(GOOD, "orders.txt")
    service.run_day()
    before = service.bank.last_day

    def fall(_reports: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(service, "hand_out", fall)
    with pytest.raises(OSError, match="disk full"):
        service.run_day()
    assert service.bank.last_day == before
    assert service.bank.mandates("9912346") == dict.fromkeys("123", "enquiry")
    monkeypatch.undo()
    (report,) = service.run_day()
    assert report.data.count(b"4232") == 3


def test_what_the_payee_has_agreed_may_change_between_two_runs(service: Service) -> None:
    service.take(GOOD, "orders.txt")
    service.run_day()
    service.stop()
    changed = Payee("9912346", "471117", retries=0)
    again = Service(Config(0, service.config.data, (changed, Payee("50501055", "471117"))))
    assert list(again.bank.registers) == ["0009912346", "0050501055"]
    assert again.bank.registers["0009912346"].payee.retries == 0
    assert again.bank.mandates("9912346") == dict.fromkeys("123", "enquiry")
    again.stop()
