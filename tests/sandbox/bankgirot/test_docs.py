"""The page about the stand-in names every lever, knob, share and option."""

from __future__ import annotations

import dataclasses

import pytest

from fundraise.sandbox.bankgirot import __main__ as program
from fundraise.sandbox.bankgirot.config import Payee
from fundraise.sandbox.bankgirot.control import ACTS
from fundraise.sandbox.bankgirot.knobs import SHARES, Knobs
from tests.stripe_stand_in import ROOT

PAGE = (ROOT / "docs" / "bankgirot-stand-in.md").read_text(encoding="utf-8")


def test_every_lever_knob_and_share_is_documented() -> None:
    groups = {name.rpartition(".")[0] for name in SHARES}
    names = [*ACTS, *groups, *(f.name for kind in (Knobs, Payee) for f in dataclasses.fields(kind))]
    assert [name for name in names if f"`{name}" not in PAGE] == []


def test_every_option_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.parse(["--help"])
    options = {word.strip("[],") for word in capsys.readouterr().out.split() if "--" in word}
    assert {option for option in options if f"`{option}`" not in PAGE} == {"--help"}
