"""The process: folder, levers and page; what it hears it hears once; killed, it goes on."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from fundraise import clock
from fundraise.sandbox.bank import sources
from fundraise.sandbox.bank.accounts import DEMO
from fundraise.sandbox.bank.app import StandIn
from fundraise.sandbox.bank.config import Config
from fundraise.sandbox.bank.service import Service
from tests.ports import free_port
from tests.stripe_stand_in import ROOT

pytestmark = pytest.mark.xdist_group("bank")
COMMAND = [sys.executable, "-m", "fundraise.sandbox.bank"]
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
NUMBER = DEMO[0].number


class Asked:
    """The app asked within the test, without a port."""

    def __init__(self, service: Service) -> None:
        self.service, self.app = service, StandIn(service)

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        target, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET" if body is None else "POST", "PATH_INFO": target,
            "QUERY_STRING": query, "CONTENT_LENGTH": len(body or b""), "HTTP_HOST": "bank",
            "wsgi.input": io.BytesIO(body or b""),
        }  # fmt: skip
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        said: list[int] = []
        found = self.app(environ, lambda status, _headers: said.append(int(status[:3])))
        return said[0], b"".join(found)

    def read(self, path: str) -> Any:
        status, body = self.ask(path)
        assert status == 200, body
        return json.loads(body)

    def control(self, act: str, **given: Any) -> Any:
        status, body = self.ask(f"/control/{act}", json.dumps(given).encode())
        assert status == 200, body
        return json.loads(body)


def opened(folder: Path) -> Service:
    service = Service(Config(0, folder, DEMO))
    ahead = int((NOON - clock.real_now()).total_seconds())
    service.change(lambda bank: bank.knobs.set({"clock_offset_seconds": ahead}))
    return service


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Asked]:
    service = opened(tmp_path)
    no = dict.fromkeys(service.bank.knobs.noise, 0.0)
    service.change(lambda found: found.knobs.set({"noise": no}))
    yield Asked(service)
    service.stop()
    clock.use(None)


def test_a_day_puts_its_files_into_the_folder_and_tells_what_they_hold(bank: Asked) -> None:
    bank.control(
        "pay", account=NUMBER, amount_ore="25000", name="Nils Ek", channel="giro", ocr="18"
    )
    bank.control("fault", name="payout.split", account=NUMBER)
    payout = {"id": "po_1", "amount": 900_00, "status": "paid", "arrival_date": 1_803_902_400}
    assert bank.control("hear", payouts=[payout]) == {"news": 1}
    assert bank.control("hear", payouts=[payout]) == {"news": 0}
    done = bank.control("run-day")
    assert done["last_day"] == "2027-03-01"
    folder = bank.service.config.from_bank
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f["name"] for f in done["files"]
    )
    name = f"camt.053_{NUMBER}_20270301.xml"
    assert bank.ask(f"/files/{name}") == (200, (folder / name).read_bytes())
    told = bank.read(f"/control/truth?account={NUMBER}&day=2027-03-01")
    assert [(row["kind"], row["amount_ore"]) for row in told] == [
        ("payout", 450_00), ("payout", 450_00), ("gift", 250_00),
    ]  # fmt: skip
    whole = bank.read("/truth")
    assert whole["payments"] == told
    assert [(f["name"], f["subject"]) for f in whole["faults"]] == [("payout.split", "po_1")]
    assert bank.read("/files")[0]["kind"] in ("camt.053", "csv")


def test_a_file_comes_again_whole_cut_or_anew_and_days_as_an_extract(bank: Asked) -> None:
    for _ in range(3):
        bank.control("pay", account=NUMBER, amount_ore=1_00, channel="giro")
        bank.control("run-day")
    name = f"camt.053_{NUMBER}_20270301.xml"
    first = bank.ask(f"/files/{name}")[1]
    again = bank.control("again", name=name)["name"]
    assert bank.ask(f"/files/{again}")[1] == first
    anew = bank.ask(f"/files/{bank.control('again', name=name, how='reissued')['name']}")[1]
    assert anew != first
    assert len(bank.ask(f"/files/{bank.control('again', name=name, how='cut')['name']}")[1]) < len(
        first
    )
    names = bank.control("extract", account=NUMBER, **{"from": "2027-03-01", "to": "2027-03-03"})
    assert bank.ask(f"/files/{names['names'][0]}")[1].count(b"Bankgiroinbetalning") == 3
    found = bank.control("extract", account=NUMBER, kind="camt.053",
                         **{"from": "2027-03-02", "to": "2027-03-03"})  # fmt: skip
    assert len(found["names"]) == 2


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [("nothing", b"{}", 404), ("run-day", b'{"date": "2020-01-01"}', 400), ("knobs", b"[]", 400),
     ("knobs", b'{"shares": {"x": 1}}', 400), ("again", b'{"name": "x"}', 400),
     ("pay", b'{"account": "1", "amount_ore": 1}', 400), ("pay", b'{"amount_ore": "x"}', 400),
     ("fault", b'{"name": "x"}', 400), ("givers", b'{"givers": [{"id": 1}]}', 400),
     ("extract", b'{"account": "1", "from": "2027-01-01", "to": "2027-01-02"}', 400)],
)  # fmt: skip
def test_a_wrong_lever_says_why_and_changes_nothing(
    bank: Asked, name: str, body: bytes, status: int
) -> None:
    before = bank.read("/control/state") | {"now": ""}
    got, said = bank.ask(f"/control/{name}", body)
    assert (got, b"error" in said) == (status, True)
    assert bank.read("/control/state") | {"now": ""} == before


def test_the_page_shows_it_all_and_is_for_itself_only(bank: Asked) -> None:
    bank.control("givers", givers=[{"key": "g1", "name": "Anna Ek", "ocr": "18", "sums": [500]}])
    bank.control("fault", name="file.cut", account=NUMBER)
    form = urlencode({"act": "pay", "args": "{}", "account": NUMBER, "channel": "giro",
                      "amount_ore": " 12300 ", "name": "", "ocr": "18"}).encode()  # fmt: skip
    assert bank.ask("/", form, origin="http://bank")[0] == 303
    assert "Avklippt fil (1)" in bank.ask("/")[1].decode()
    assert bank.ask("/", urlencode({"act": "run-day", "args": "{}"}).encode())[0] == 303
    shown = bank.ask("/")[1].decode()
    assert "125\u00a0123,00" in shown
    assert f"<td>Avklippt fil</td><td><code>camt.053_{NUMBER}_20270301.xml</code></td>" in shown
    assert "Givare: 1." in shown
    assert bank.read("/control/givers")[0]["name"] == "Anna Ek"
    assert bank.ask("/", form, origin="http://elsewhere.example")[0] == 403
    assert bank.ask("/control/reset", b"{}", origin="http://elsewhere.example")[0] == 403
    assert bank.ask("/", urlencode({"act": "none"}).encode())[0] == 400
    assert (bank.ask("/files/none")[0], bank.ask("/nowhere")[0]) == (404, 404)
    bank.control("reset")
    assert bank.read("/files") == []


def test_an_act_that_fails_leaves_the_bank_as_it_was(
    bank: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank.control("pay", account=NUMBER, amount_ore=1_00)

    def fall(_day: object) -> None:
        raise OSError("disk full")

    service = bank.service
    monkeypatch.setattr(service.store, "remember", fall)
    with pytest.raises(OSError, match="disk full"):
        service.run_day()
    assert (service.bank.last_day, bank.read("/files"), len(service.bank.waiting)) == (None, [], 1)
    monkeypatch.undo()
    service.run_day()
    assert service.bank.books[NUMBER].balance_ore == DEMO[0].opening_ore + 1_00


def test_what_is_not_put_out_and_asked_faults_outlive_the_process(tmp_path: Path) -> None:
    service = opened(tmp_path)
    service.change(lambda bank: bank.dice.ask("file.again"))
    (first, *_) = service.run_day()
    balance = service.bank.books[NUMBER].balance_ore
    (tmp_path / "from-bank" / first.name).unlink()
    service.store.run("UPDATE files SET placed = 0 WHERE name = ?", first.name)
    service.stop()
    again = Service(Config(0, tmp_path, DEMO[:2]))
    again.place()
    assert (tmp_path / "from-bank" / first.name).read_bytes() == first.data
    assert (again.bank.books[NUMBER].balance_ore, len(again.bank.books)) == (balance, 3)
    assert "file.again" in {file.note for file in again.run_day()}
    again.stop()
    clock.use(None)


def test_a_stand_in_that_is_away_is_told_of_and_the_day_goes_on(
    bank: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = bank.service
    monkeypatch.setattr(service, "config", Config(0, service.config.data, DEMO,
                        stripe="http://127.0.0.1:1", bankgirot="http://127.0.0.1:1"))  # fmt: skip
    assert bank.control("listen")["news"] == 0
    assert len(bank.read("/control/state")["away"]) == 2
    assert len(bank.control("run-day")["files"]) > 0
    pages = {"": ["po_3", "po_2"], "po_2": ["po_1"]}

    def answer(url: str, headers: dict[str, str]) -> Any:
        if "deposits" in url:
            return []
        assert headers == {"Authorization": "Bearer "}
        after = url.partition("starting_after=")[2]
        found = [{"id": ident, "amount": 1_00, "status": "paid", "arrival_date": 0}
                 for ident in pages[after]]  # fmt: skip
        return {"data": found, "has_more": not after}

    monkeypatch.setattr(sources, "_ask", answer)
    assert bank.control("listen") == {"news": 3, "away": []}


def test_as_a_process_it_refuses_live_mode_and_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    port = free_port()
    command = [*COMMAND, "--port", str(port), "--data", str(tmp_path / "data"), "--poll", "0.1"]
    refused = subprocess.run(
        command, cwd=ROOT, check=False, env=os.environ | {"FUNDRAISE_MODE": "live"},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "does not start when FUNDRAISE_MODE=live" in refused.stderr
    assert not (tmp_path / "data").exists()
    told = _lived(command, port, "run-day", kill=True)
    assert len(told["files"]) > 3
    state = _lived(command, port, "listen", kill=False)
    assert state == {"news": 0, "away": []}
    assert len(list((tmp_path / "data" / "from-bank").iterdir())) == len(told["files"])


def _lived(command: list[str], port: int, act: str, *, kill: bool) -> Any:
    """One life of the process, with one act in it."""
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"FUNDRAISE_MODE": "demo"}
    ) as running:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        url = f"http://127.0.0.1:{port}/control/{act}"
        with urllib.request.urlopen(url, b"{}", timeout=60) as reply:
            said = json.load(reply)
        running.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        assert running.wait(timeout=60) == (-signal.SIGKILL if kill else 0)
    return said
