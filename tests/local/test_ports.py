from __future__ import annotations

import socket
import tempfile
from pathlib import Path

import pytest

from fundraise.local import ports
from fundraise.local.places import LocalError
from fundraise.local.shares import Sole


@pytest.fixture(autouse=True)
def _far_from_other_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(ports, "_HELD", {})
    monkeypatch.setattr(ports, "WEB", 42_100)
    monkeypatch.setattr(ports.Ports, "__init__", _begin_at_42100)


def _begin_at_42100(
    self: ports.Ports, web: int = 42_100, stripe: int = 42_300, bankgirot: int = 42_500,
    sendgrid: int = 42_700, bank: int = 42_900,
) -> None:  # fmt: skip
    object.__setattr__(self, "web", web)
    object.__setattr__(self, "stripe", stripe)
    object.__setattr__(self, "bankgirot", bankgirot)
    object.__setattr__(self, "sendgrid", sendgrid)
    object.__setattr__(self, "bank", bank)


def listener(port: int) -> socket.socket:
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    taken.bind(("127.0.0.1", port))
    taken.listen()
    return taken


def test_a_checkout_keeps_its_ports(tmp_path: Path) -> None:
    first = ports.choose(tmp_path)
    assert ports.choose(tmp_path) == first == ports.remembered(tmp_path)


def test_a_second_checkout_takes_the_next_free_ones(tmp_path: Path) -> None:
    first = ports.choose(tmp_path / "one")
    with (
        listener(first.web), listener(first.stripe), listener(first.bankgirot),
        listener(first.sendgrid), listener(first.bank),
    ):  # fmt: skip
        second = ports.choose(tmp_path / "two")
    assert second.web > first.web
    assert second.stripe > first.stripe
    assert second.bankgirot > first.bankgirot
    assert second.sendgrid > first.sendgrid
    assert second.bank > first.bank
    assert ports.choose(tmp_path / "two") == second


def test_two_that_start_at_one_moment_never_take_one_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Sole(ports.lock_of(42_100))  # of a runner whose servers are not up yet
    assert other.take()
    assert ports.choose(tmp_path / "one").web == 42_101
    monkeypatch.setenv("PORT", "42100")
    with pytest.raises(LocalError, match="Port 42100 is taken"):
        ports.choose(tmp_path / "two")
    other.drop()
    assert ports.choose(tmp_path / "two").web == 42_100


def test_the_port_asked_for_is_used_once_and_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = ports.choose(tmp_path)
    monkeypatch.setenv("PORT", "42999")
    assert ports.choose(tmp_path) == ports.Ports(42_999, usual.stripe)
    monkeypatch.delenv("PORT")
    assert ports.choose(tmp_path) == usual


def test_a_taken_port_is_said_and_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "42998")
    with listener(42_998), pytest.raises(LocalError, match="Port 42998 is taken"):
        ports.choose(tmp_path)


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "80 "])
def test_a_port_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(LocalError, match="use a number from 1 to 65535"):
        ports.choose(tmp_path)


def test_a_run_on_another_port_tells_the_commands_beside_it(tmp_path: Path) -> None:
    usual = ports.choose(tmp_path)
    (tmp_path / "run").mkdir()
    ports.announce(tmp_path, ports.Ports(42_997, usual.stripe))
    assert ports.in_use(tmp_path).web == 42_997
    ports.withdraw(tmp_path)
    assert ports.in_use(tmp_path) == usual
