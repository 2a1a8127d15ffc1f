"""The page about the stand-in names every lever, knob, share, fault, behaviour and option."""

from __future__ import annotations

import pytest

from fundraise.sandbox.sendgrid import __main__ as program
from fundraise.sandbox.sendgrid import api, routes
from fundraise.sandbox.sendgrid.acts import ACTS as DOINGS
from fundraise.sandbox.sendgrid.behaviour import BEHAVIOURS
from fundraise.sandbox.sendgrid.control import ACTS, READS
from fundraise.sandbox.sendgrid.event_faults import EventFaults
from fundraise.sandbox.sendgrid.faults import ACTS as FAULTS
from fundraise.sandbox.sendgrid.knobs import DEFAULTS, EVENT_SHARES, MODES
from fundraise.sandbox.sendgrid.suppressions import LISTS
from tests.stripe_stand_in import ROOT

PAGE = (ROOT / "docs" / "sendgrid-stand-in.md").read_text(encoding="utf-8")


def test_every_lever_knob_fault_and_behaviour_is_documented() -> None:
    names = [*ACTS, *DEFAULTS, *MODES, *FAULTS, *EVENT_SHARES, *EventFaults.ACTS, *BEHAVIOURS,
             *DOINGS, *LISTS]  # fmt: skip
    assert [name for name in names if f"`{name}`" not in PAGE] == []
    assert [name for name in READS if f"/control/{name}" not in PAGE] == []


def test_every_call_is_documented() -> None:
    assert api.CALLS
    for entry in routes.all_routes():
        plain = [part for part in entry.parts if not part.startswith("{")]
        assert plain[-1] in PAGE, entry.parts


def test_every_option_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.parse(["--help"])
    options = {word.strip("[],") for word in capsys.readouterr().out.split() if "--" in word}
    assert {option for option in options if f"`{option}`" not in PAGE} == {"--help"}
