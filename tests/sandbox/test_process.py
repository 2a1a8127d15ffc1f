"""The process: starts, stops, refuses live mode, keeps what it had."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_port
from tests.sandbox.conftest import card_intent, gift_session
from tests.stripe_stand_in import ROOT, StripeStandIn

COMMAND = [sys.executable, "-m", "fundraise.sandbox.stripe"]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[StripeStandIn]:
    """A process of the test's own, to be killed and started again."""
    found = StripeStandIn(data=tmp_path / "stripe", port=free_port())
    found.start()
    yield found
    found.stop()


def _start(data: Path, mode: str, key: str) -> subprocess.CompletedProcess[str]:
    options = ["--port", str(free_port()), "--data", str(data), "--api-key", key]
    return subprocess.run(
        COMMAND + options, cwd=ROOT, env=os.environ | {"FUNDRAISE_MODE": mode},
        capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip


def test_live_mode_is_refused(tmp_path: Path) -> None:
    refused = _start(tmp_path / "data", "live", "sk_test_x")
    assert refused.returncode != 0
    assert "does not start when FUNDRAISE_MODE=live" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_a_live_key_is_refused(tmp_path: Path) -> None:
    refused = _start(tmp_path / "data", "demo", "rk_" + "live_x")
    assert refused.returncode != 0
    assert not (tmp_path / "data").exists()


def test_it_stops_cleanly(own: StripeStandIn) -> None:
    assert own.stop() == 0


@pytest.mark.parametrize("kill", [True, False])
def test_a_second_run_finds_its_data(own: StripeStandIn, kill: bool) -> None:
    session = own.client().v1.checkout.sessions.create(gift_session())
    own.pay(str(session.url))
    own.knobs(card_fee_fixed_ore=300)
    own.stop(kill=kill)
    own.start()
    found: Any = own.client().v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    )
    assert (found.id, found.payment_status) == (session.id, "paid")
    own.wait()
    charge: Any = own.client().v1.charges.list({"expand": ["data.balance_transaction"]}).data[0]
    # Its fee was still to come when the process died.
    assert charge.balance_transaction.fee in (575, 600)


def test_undelivered_events_are_sent_by_the_next_run(tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}/hook"
    stand_in = StripeStandIn(nobody, data=tmp_path)
    with stand_in:
        stand_in.knobs(retry_delays_seconds=[3600.0], fee_delay_seconds=3600.0)
        card_intent(stand_in.client())
        stand_in.stop(kill=True)
        stand_in.start()
        waiting = [d["state"] for d in stand_in.deliveries()]
    assert set(waiting) <= {"pending", "sending"}
    assert len(waiting) == 3


def test_the_log_holds_no_names(own: StripeStandIn) -> None:
    own.fault("error", path="/v1/refunds")
    session = own.client().v1.checkout.sessions.create(
        gift_session(customer_email="planterad@example.org")
    )
    own.pay(str(session.url), name="Planterad Person")
    own.stop()
    log = own.log.read_text()
    assert "Ready on" in log
    for planted in ("planterad", "Planterad", "4242"):
        assert planted not in log
