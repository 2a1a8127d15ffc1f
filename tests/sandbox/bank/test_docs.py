"""The page about the stand-in names every lever, knob, share, kind of noise and option."""

from __future__ import annotations

import dataclasses

import pytest

from fundraise.sandbox.bank import __main__ as program
from fundraise.sandbox.bank.accounts import BANKS, BankAccount
from fundraise.sandbox.bank.control import ACTS
from fundraise.sandbox.bank.givers import Giver
from fundraise.sandbox.bank.knobs import NOISE, SHARES, Knobs
from fundraise.sandbox.bank.moves import KINDS, Move
from fundraise.sandbox.bank.page import FAULTS
from tests.stripe_stand_in import ROOT

PAGE = (ROOT / "docs" / "bank-stand-in.md").read_text(encoding="utf-8")


def test_every_lever_knob_and_share_is_documented_and_has_words() -> None:
    fields = [
        f.name for kind in (Knobs, BankAccount, Giver, Move) for f in dataclasses.fields(kind)
    ]
    names = [*ACTS, *NOISE, *SHARES, *KINDS, *BANKS, *fields]
    assert [name for name in names if f"`{name}`" not in PAGE] == []
    assert set(FAULTS) == set(SHARES)


def test_every_option_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.parse(["--help"])
    options = {word.strip("[],") for word in capsys.readouterr().out.split() if "--" in word}
    assert {option for option in options if f"`{option}`" not in PAGE} == {"--help"}
