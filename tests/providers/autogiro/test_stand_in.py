"""The product's reader against the bank's stand-in, which was written without sight of it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fundraise import clock
from fundraise.providers.autogiro import files, seal, shown
from fundraise.providers.autogiro.errors import FormatError
from fundraise.providers.transport.base import Delivery
from fundraise.providers.transport.directory import DirectoryTransport
from fundraise.sandbox.bankgirot.config import Config, Payee
from fundraise.sandbox.bankgirot.files import ReportFile
from fundraise.sandbox.bankgirot.knobs import everything
from fundraise.sandbox.bankgirot.service import Service
from tests.providers.autogiro import written
from tests.sandbox.bankgirot.conftest import Town, pairs, town_of
from tests.sandbox.bankgirot.orders import cancel_mandate, file_of, new_mandate, renumber
from tests.sandbox.bankgirot.play import play

WEEKS = 12
# Of mandates, and of a payment that was rejected as its mandate is missing.
ENDED = {"0333", "0304", "0533", "0504", "4307", "4498", "4602", "01"}
KEY = seal.key_of(seal.TEST_KEY)
KINDS = {"specification", "advice", "rejected", "changes", "emandates", "mandate_register",
         "watch_register"}  # fmt: skip


def played(layout: str) -> tuple[Town, list[ReportFile]]:
    """Every file of a quarter with every failure share switched on, and both extracts."""
    faults = {name: 0.1 for name in everything() if name.startswith("file.")}
    town = town_of({"layout": layout, "outgoing": True}, shares=everything(5) | faults,
                   answer_days=[1, 2, 3], other_mandates=50, other_draws=5, emandates_per_day=2,
                   refund_days=[1, 9])  # fmt: skip
    reports = play(town, WEEKS)
    # What is late still comes, and nothing more goes wrong.
    town.bank.set_knobs({"shares": dict.fromkeys(everything(), 0.0), "other_draws": 0})
    reports += town.run(10)
    extracts = (town.bank.mandate_register("9912346"), town.bank.watch_register("9912346"))
    return town, [*reports, *(found for found in extracts if found is not None)]


@pytest.mark.parametrize("layout", ["new", "old", "bgmax"])
def test_every_report_of_the_stand_in_is_read_with_its_totals(layout: str) -> None:
    """A total that does not agree refuses the file; what is only odd is remarked on."""
    kinds: Counter[str] = Counter()
    for report in played(layout)[1]:
        if report.note in ("cut", "total"):
            with pytest.raises(FormatError):
                files.read(report.data)
            continue
        file = files.read(report.data)
        kinds[report.kind] += 1
        assert bool(file.remarks) is (report.note == "sign"), (report.name, file.remarks[:1])
    assert set(kinds) == KINDS


def test_the_product_reads_the_money_that_the_bank_moved() -> None:
    town, reports = played("new")
    moved: Counter[str] = Counter()
    serials = []
    for report in reports:
        if report.kind == "specification" and report.note == "":
            for record in records(report):
                if record["record"] == "Deposit" and record["amount_ore"]:
                    serials.append(int(record["serial"]))
                elif record["record"] == "RefundLine":
                    moved["77"] += record["amount_ore"]
                elif record.get("status") == "0":
                    moved[record["direction"]] += record["amount_ore"]
    expected: Counter[str] = Counter()
    for executed in [*town.bank.draws, *town.bank.refunds]:
        expected[executed.code] += executed.amount
    assert moved == expected
    assert set(moved) == {"82", "32", "77"}
    assert sorted(serials) == list(range(1, len(town.bank.deposits) + 1))


def test_the_product_reads_the_states_that_the_bank_keeps() -> None:
    town, reports = played("new")
    approved: set[str] = set()
    for report in (found for found in reports if found.note == ""):
        for record in records(report):
            pair = record.get("information", "") + record.get("comment", "")
            if pair in ("0432", "4232", "0532"):
                approved.add(record["payer"])
            elif pair in ENDED and record["record"] in ("MandateAdvice", "RejectedLine"):
                approved.discard(record["payer"])
    kept = {payer for payer, state in town.bank.mandates("9912346").items() if state == "approved"}
    others = {str(number) for number in range(1_000_001, 1_000_051)}
    assert approved - others == kept - others
    (extract,) = [report for report in reports if report.kind == "mandate_register"]
    listed = {row["payer"] for row in records(extract) if row["status"] == "1"}
    assert listed == kept


def records(report: ReportFile) -> list[dict[str, Any]]:
    read = shown.as_json(files.read(report.data))
    return [record for section in read["sections"] for record in section["records"]]


def test_what_the_product_writes_and_seals_is_taken_order_by_order() -> None:
    town = town_of({"outgoing": True})
    receipt = town.bank.receive(seal.seal(written.content("orders"), KEY, date(2026, 11, 30)))
    assert (receipt.reason, receipt.orders) == ("", 14)
    town.today = date(2026, 11, 30)
    advised = pairs(town.run(2))
    # 1000002: no e-mandate to reject; 1000003: no mandate to end; 1000001: none to renumber yet.
    assert advised == [
        ("1000002", "0421"), ("1000003", "0304"), ("1000001", "0504"), ("1000001", "4232"),
    ]  # fmt: skip


def test_a_file_for_another_payee_or_changed_on_the_way_is_not_taken() -> None:
    town = town_of()
    sealed = seal.seal(written.content("orders"), KEY, date(2026, 11, 30))
    changed = town.bank.receive(sealed.replace(b"000000020000", b"000000020001", 1))
    assert "MAC" in changed.reason
    other_key = seal.seal(written.content("orders"), seal.key_of("00" * 16), date(2026, 11, 30))
    assert "KVV" in town.bank.receive(other_key).reason


def test_orders_written_for_the_stand_ins_tests_are_read_by_the_product() -> None:
    orders = file_of(new_mandate(1), cancel_mandate(2), renumber(3, 4))
    assert files.read(orders).remarks == []
    assert seal.verify(orders, KEY).kvv == seal.kvv(KEY)


def test_files_travel_to_the_stand_in_and_back_by_folder(tmp_path: Path) -> None:
    service = Service(Config(0, tmp_path, (Payee(written.BANKGIRO, written.CUSTOMER),)))
    folders = DirectoryTransport(service.config.to_bank, service.config.from_bank, settle=0)
    sealed = seal.seal(written.content("orders"), KEY, date(2026, 11, 30))
    assert folders.deliver("BFEP.IAGAG.K0471117.D261130.T170000", sealed) is Delivery.DELIVERED
    assert (service.sweep(), service.sweep()) == (1, 0)
    for _ in range(3):
        service.run_day()
    names = folders.incoming()
    assert names[0].startswith("BFEP.UAG")
    for name in names:
        content = folders.fetch(name)
        assert files.read(content).remarks == []
        folders.taken(name, content)
    assert folders.incoming() == []
    # What was taken away is not put there again.
    service.place()
    assert folders.incoming() == []
    service.stop()
    clock.use(None)
