"""The benchmarks' own arithmetic, and a run of one at the smallest size."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from fundraise.ops.bench import figures, hammer, pending, pgbench, registry
from fundraise.ops.bench.figures import Figure
from fundraise.ops.bench.hammer import Asking
from fundraise.ops.bench.pending import Pending
from tests import servers
from tests.people import make_campaign, make_party

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"bench", "case", "value", "unit", "against", "ratio", "at_most", "at_least", "reached"}


def figure(ratio: float | None, **asked: float) -> Figure:
    return Figure("page", "a case", 1.23456, "ms", "ceiling", ratio, **asked)


def test_a_figure_says_whether_it_is_where_it_should_be() -> None:
    assert figure(3.9, at_most=4.0).reached
    assert not figure(4.1, at_most=4.0).reached
    assert figure(0.2, at_least=0.2).reached
    assert not figure(0.19, at_least=0.2).reached
    assert figure(None).reached


def test_a_figure_is_told_in_three_digits() -> None:
    said = figure(2.71828, at_most=4.0).as_json()
    assert (said["value"], said["ratio"], said["reached"]) == (1.23, 2.72, True)
    assert set(said) == KEYS


@pytest.mark.parametrize(("given", "share"), [("", 0.1), ("full", 1.0), ("0.01", 0.01)])
def test_the_scale_is_a_tenth_unless_said(
    monkeypatch: pytest.MonkeyPatch, given: str, share: float
) -> None:
    monkeypatch.setenv("SCALE", given)
    assert (figures.scale(), figures.sized(1000)) == (share, round(1000 * share))
    assert figures.sized(10, least=7) == max(7, round(10 * share))


@pytest.mark.parametrize("given", ["2", "-1", "0", "much"])
def test_another_scale_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("SCALE", given)
    with pytest.raises(ValueError, match=r"SCALE|float"):
        figures.scale()


def test_measures_take_turns_and_ratios_are_of_one_round() -> None:
    order: list[str] = []

    def measure(name: str, values: list[float]) -> Callable[[], float]:
        def once() -> float:
            order.append(name)
            return values.pop(0)

        return once

    slow, fast = figures.rounds([measure("a", [2, 4, 6]), measure("b", [1, 1, 3])], 3)
    assert order == ["a", "b"] * 3
    assert figures.middle_ratio(slow, fast) == 2


def test_a_watcher_says_which_answer_it_has() -> None:
    plain = Asking(80, "/valet/thermometer.json").request()
    assert plain == b"GET /valet/thermometer.json HTTP/1.1\r\nHost: localhost:80\r\n\r\n"
    known = Asking(80, "/x", reconnects=True).request('"tag"')
    assert known.endswith(b'\r\nIf-None-Match: "tag"\r\nConnection: close\r\n\r\n')


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        (b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: "a"\r\n\r\nok', ("200", '"a"')),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", ("304", "")),
    ],
)
def test_an_answer_is_read_to_its_end(answer: bytes, read: tuple[str, str]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(answer)
        status, tag = hammer._answer(ours, b"?")
        assert (status.split()[1].decode(), tag) == read
        theirs.sendall(b"HTTP/1.1 500 Server Error\r\n\r\n")
        with pytest.raises(hammer.NotOk, match="500"):
            hammer._answer(ours, b"?")


@pytest.mark.django_db
def test_pgbench_is_given_the_services_own_statements() -> None:
    gifts = Pending(make_campaign(make_party()))
    script = pgbench.heard(gifts)
    statements = script.split(";\n")
    assert statements[0].endswith("BEGIN")
    assert any("ledger_post" in text for text in statements)
    assert any("campaigns_move" in text for text in statements)
    assert "FOR NO KEY UPDATE" in script
    assert str(pending.FIRST) not in script
    assert len(set(re.findall(r'"ref": "(bbbbbbb\d)-0000-4000-8000-:n"', script))) == 2


def test_live_mode_is_not_measured(settings: Any) -> None:
    settings.LIVE = True
    with pytest.raises(CommandError, match="live"):
        call_command("bench", "page")


def test_every_benchmark_is_documented() -> None:
    page = (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8")
    assert [name for name in registry.BENCHES if f"`{name}`" not in page] == []
    assert [key for key in KEYS if f"`{key}`" not in page] == []


@pytest.mark.serial
@pytest.mark.enable_socket
@pytest.mark.skipif(not servers.FULL, reason="a house of its own: `make prove`, as all benchmarks")
def test_a_benchmark_measures_and_leaves_nothing(tmp_path: Path) -> None:
    """The one that starts most."""
    hidden = {"DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL", "DJANGO_SETTINGS_MODULE"}
    environ = {key: value for key, value in os.environ.items() if key not in hidden}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "bench", "page", "--json"],
        env={**environ, "SCALE": "0.002", "FUNDRAISE_DATA_DIR": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["bench"] for line in told} == {"page"}
    assert all(line["value"] > 0 and set(line) == KEYS for line in told)
    assert not (tmp_path / "bench").exists()
