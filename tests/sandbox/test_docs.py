"""The page about the stand-in names every act, knob, fault and option."""

from __future__ import annotations

import pytest

from fundraise.sandbox.stripe import __main__ as program
from fundraise.sandbox.stripe.app import CALLS
from fundraise.sandbox.stripe.control import ACTS
from fundraise.sandbox.stripe.event_faults import EventFaults
from fundraise.sandbox.stripe.faults import ACTS as FAULTS
from fundraise.sandbox.stripe.knobs import DEFAULTS
from tests.stripe_stand_in import ROOT

PAGE = (ROOT / "docs" / "stripe-stand-in.md").read_text(encoding="utf-8")


def test_every_act_knob_and_fault_is_documented() -> None:
    assert CALLS
    names = [*ACTS, *DEFAULTS, *FAULTS, *EventFaults.ACTS]
    assert [name for name in names if f"`{name}`" not in PAGE] == []


def test_every_option_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.parse(["--help"])
    options = {word.strip("[],") for word in capsys.readouterr().out.split() if "--" in word}
    assert {option for option in options if f"`{option}`" not in PAGE} == {"--help"}


def test_every_kind_of_object_is_named() -> None:
    for name in ("checkout/sessions", "payment_intents", "refunds", "disputes", "payouts"):
        assert name in PAGE
