"""What both transports promise."""

from __future__ import annotations

import os

import pytest

from fundraise import clock
from fundraise.providers.transport.base import (
    Delivery,
    NameTaken,
    Seen,
    Transport,
    TransportError,
    temporary,
)
from tests.providers.transport.conftest import Bank

NAME = "BFEP.IAGAG.K0471117.D261125.T120000"
FILE = "00261125HMAC".ljust(80).encode() + b"\r\n\xe5\xe4\xf6"


def test_a_file_gets_its_name_once_and_leaves_nothing_beside_it(way: Transport, bank: Bank) -> None:
    assert way.look(NAME, FILE) is Seen.GONE
    assert way.deliver(NAME, FILE) is Delivery.DELIVERED
    assert way.deliver(NAME, FILE) is Delivery.ALREADY
    assert [one.name for one in bank.out.iterdir()] == [NAME]
    assert (bank.out / NAME).read_bytes() == FILE == way.exists(NAME)
    assert way.look(NAME, FILE) is Seen.THERE


def test_another_content_is_never_overwritten(way: Transport, bank: Bank) -> None:
    (bank.out / NAME).write_bytes(b"theirs")
    with pytest.raises(NameTaken) as said:
        way.deliver(NAME, FILE)
    assert said.value.permanent
    assert [one.name for one in bank.out.iterdir()] == [NAME]
    assert (bank.out / NAME).read_bytes() == b"theirs"
    assert (way.matches(NAME, FILE), way.look(NAME, FILE)) == (False, Seen.OTHER)
    assert (way.matches("other", FILE), way.exists("other")) == (None, None)


def test_what_died_before_the_name_was_given_is_half_and_is_delivered_again(
    way: Transport, bank: Bank
) -> None:
    (bank.out / temporary(NAME, FILE)).write_bytes(FILE[:40])
    assert way.look(NAME, FILE) is Seen.HALF
    assert way.deliver(NAME, FILE) is Delivery.DELIVERED
    assert [one.name for one in bank.out.iterdir()] == [NAME]


@pytest.mark.parametrize(
    "name", ["", "../x", "a/b", ".hidden", "a\nb", "x.part", "taken", "å" * 152]
)
def test_a_name_leads_nowhere_else(way: Transport, bank: Bank, name: str) -> None:
    for act in (way.deliver, way.taken):
        with pytest.raises(TransportError):
            act(name, FILE)
    assert list(bank.out.iterdir()) == []


def test_whole_plain_files_come_in_and_nothing_else(way: Transport, bank: Bank) -> None:
    (bank.into / "b").write_bytes(FILE)
    (bank.into / "a.txt").write_bytes(b"")
    for name in (".hidden", "c.part", "d.tmp", "e.filepart"):
        (bank.into / name).write_bytes(FILE)
    (bank.into / "folder").mkdir()
    (bank.into / "link").symlink_to(bank.into / "b")
    (bank.into / "later").write_bytes(FILE)
    ahead = clock.real_now().timestamp() + 3600
    os.utime(bank.into / "later", (ahead, ahead))

    assert way.incoming() == ["a.txt", "b"]
    assert way.fetch("b") == FILE
    for name in ("folder", "link", "nothing"):
        with pytest.raises(TransportError):
            way.fetch(name)


def test_what_is_taken_is_moved_once_and_nothing_is_lost(way: Transport, bank: Bank) -> None:
    for content in (FILE, b"another day"):
        (bank.into / "report").write_bytes(content)
        way.taken("report", content)
        way.taken("report", content)
    (bank.into / "report").write_bytes(b"not fetched yet")
    way.taken("report", FILE)

    kept = {one.read_bytes() for one in (bank.into / "taken").iterdir()}
    assert kept == {FILE, b"another day"}
    assert [one.name for one in (bank.into / "taken").iterdir() if one.name == "report"] != []
    assert (bank.into / "report").read_bytes() == b"not fetched yet"
    assert way.incoming() == ["report"]


def test_the_same_file_delivered_to_us_again_is_kept_once(way: Transport, bank: Bank) -> None:
    for _twice in range(3):
        (bank.into / "report").write_bytes(FILE)
        way.taken("report", FILE)
    assert {one.read_bytes() for one in (bank.into / "taken").iterdir()} == {FILE}
    assert way.incoming() == []


def test_it_may_leave_what_it_took(way: Transport, bank: Bank) -> None:
    way.keep = True  # type: ignore[attr-defined]
    (bank.into / "report").write_bytes(FILE)
    way.taken("report", FILE)
    assert way.incoming() == ["report"]


def test_a_folder_that_is_away_says_so_and_nothing_is_delivered(way: Transport, bank: Bank) -> None:
    bank.out.rmdir()
    bank.into.rmdir()
    for act in (lambda: way.deliver(NAME, FILE), way.incoming):
        with pytest.raises(TransportError) as said:
            act()
        assert not said.value.permanent
