"""Files of others, where they are at hand: FUNDRAISE_SAMPLES names the folder that has them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from fundraise.providers.autogiro import files

FOLDER = Path(os.environ.get("FUNDRAISE_SAMPLES", "")) / "fixtures" / "autogiro"
pytestmark = pytest.mark.skipif(
    not os.environ.get("FUNDRAISE_SAMPLES") or not FOLDER.is_dir(),
    reason="FUNDRAISE_SAMPLES names no folder with sample files",
)
NEW = "bgc2015-new-layout/autogiro_exempelfil"
OLD = "bgc2015-old-layout/autogiro"


def rows_of(name: str) -> tuple[str, list[Any]]:
    file = files.read((FOLDER / name).read_bytes())
    return file.kind.name, [row for _at, row in file.lines]


def sums(rows: Iterable[Any]) -> dict[str, tuple[int, int]]:
    """Number and sum by direction."""
    found: dict[str, tuple[int, int]] = {}
    for row in rows:
        if (direction := getattr(row, "direction", "")) and row.amount_ore is not None:
            number, ore = found.get(direction, (0, 0))
            found[direction] = (number + 1, ore + row.amount_ore)
    return found


def test_payment_orders() -> None:
    kind, rows = rows_of(f"{NEW}-betalningsunderlag_sv.txt")
    assert (kind, sums(rows)) == ("orders", {"82": (5, 745_075), "32": (4, 51_000)})
    assert {(row.period, row.times) for row in rows} >= {("5", 6), ("6", 3)}
    assert "GENAST" in {row.day for row in rows}


def test_mandate_orders() -> None:
    _kind, rows = rows_of(f"{NEW}_medgivandeunderlag_sv.txt")
    names = [type(row).__name__ for row in rows]
    assert [names.count(name) for name in ("NewMandate", "CancelMandate", "ChangePayer")] == [
        8,
        2,
        3,
    ]
    new = [row for row in rows if type(row).__name__ == "NewMandate"]
    assert sum(row.answer == "AV" for row in new) == 2


def test_change_orders() -> None:
    _kind, rows = rows_of(f"{NEW}ermakulerings-andringsunderlag_sv.txt")
    codes = [row.code for row in rows]
    assert [codes.count(code) for code in ("23", "24", "25", "26", "27", "28", "29")] == [
        3, 2, 4, 1, 1, 2, 4,
    ]  # fmt: skip


def test_payment_specification() -> None:
    kind, rows = rows_of(f"{NEW}_bet-spec-o-tk_sv.txt")
    assert kind == "payment_specification"
    status = {
        tk: "".join(r.status for r in rows if getattr(r, "direction", "") == tk)
        for tk in ("82", "32")
    }
    assert (sorted(status["82"]), sorted(status["32"])) == (list("00000129"), list("0001"))
    assert [row.refund_code for row in rows if hasattr(row, "refund_code")] == ["02", "01"]


def test_mandate_advice() -> None:
    _kind, rows = rows_of(f"{NEW}er_medgivandeavisering_sv.txt")
    assert [row.information + row.comment for row in rows] == [
        "0432", "0333", "0333", "4602", "4307", "0429", "4232", "0321", "0532", "0533",
    ]  # fmt: skip


def test_rejected_payments() -> None:
    _kind, rows = rows_of(f"{NEW}avvisade_betalningsuppdrag_sv.txt")
    assert sums(rows) == {"82": (3, 87_551), "32": (5, 128_200)}
    assert [row.comment for row in rows if row.direction == "82"] == ["02", "06", "08"]
    assert "20080633" in {row.day for row in rows}


def test_changes() -> None:
    _kind, rows = rows_of(f"{NEW}ermakuleringar_andringar-av-betalningar_sv.txt")
    assert {row.code for row in rows} == {
        "03", "11", "21", "22", "23", "24", "25", "26", "27", "28", "29",
    }  # fmt: skip
    done = [row for row in rows if row.comment in {"12", "14", "18"} and row.direction != "00"]
    assert sums(done) == {"32": (2, 577_500), "82": (4, 111_000)}


def test_internet_bank_mandates() -> None:
    _kind, rows = rows_of(f"{NEW}_nya_medgivanden_via_internetbank_sv.txt")
    assert "".join(row.message for row in rows if hasattr(row, "message")) == "0011"


def test_registers() -> None:
    _kind, rows = rows_of(f"{NEW}utdrag-ur-bevakningsregistret_sv.txt")
    assert sums(rows) == {"82": (5, 655_055), "32": (5, 231_625)}
    kind, rows = rows_of(f"{NEW}-utdrag-ur-medgivanderegistret_sv.txt")
    assert kind == "mandate_register"
    assert [row.kind + row.status for row in rows] == ["12", "21", "11", "12", "11", "21", "11"]


def test_bgmax() -> None:
    kind, rows = rows_of(f"{NEW}_bg-max-forma_sv.txt")
    assert kind == "bgmax"
    assert [
        (r.amount_ore, r.number) for r in rows if hasattr(r, "serial") and hasattr(r, "day")
    ] == [(70_000, 4)]
    _kind, rows = rows_of("barsoom-bankgiro_inbetalningar/BgMaxfil4.txt")
    deposits = [(r.amount_ore, r.number) for r in rows if type(r).__name__ == "BgMaxDeposit"]
    assert deposits == [(370_000, 2), (200_000, 1), (290_000, 4), (400_000, 2)]
    _kind, rows = rows_of("barsoom-bankgiro_inbetalningar/minimal.txt")
    assert [r.amount_ore for r in rows if type(r).__name__ == "BgMaxPayment"] == [110_000]


def test_the_old_layout() -> None:
    path = "_gl_avvisadebetaln_fran-bankgirot-medgivanden-bankgironummer_exempelfil_sv.txt"
    kind, rows = rows_of(f"{OLD}{path}")
    assert (kind, sums(rows)) == ("rejected_payments_old", {"82": (4, 95_000)})
    assert [row.comment for row in rows] == ["01", "01", "03", "07"]
    path = (
        "_gl_betalningsspec-stoppadebetalningar-tackningskontroll_fran-bankgirot-medgivanden"
        "-bankgironummer_exempelfil_sv.txt"
    )
    kind, rows = rows_of(f"{OLD}{path}")
    assert sums(rows) == {"82": (14, 547_500), "32": (1, 1_687_400)}
    assert {row.status for row in rows} == {"", "1", "2", "9"}


def test_every_sample_is_read_and_written_records_read_alike() -> None:
    paths = sorted(FOLDER.glob("*/*.txt"))
    assert len(paths) == 21
    for path in paths:
        file = files.read(path.read_bytes())
        sections = [
            (one.opening, [row for _at, row in one.lines], one.end) for one in file.sections
        ]
        if file.kind.name.startswith(("rejected", "bgmax")):
            continue  # they repeat what can't be written: a sum that is no number, any text
        again = files.read(files.write(file.kind.name, sections))
        assert [row for _at, row in again.lines] == [row for _at, row in file.lines], path.name
