"""Pairs of codes decide; every text of a code has Swedish."""

from __future__ import annotations

import pytest

from fundraise.providers.autogiro import codes
from fundraise.providers.autogiro.codes import DrawOutcome, MandateOutcome
from fundraise.providers.autogiro.errors import REASONS


@pytest.mark.parametrize(
    ("information", "comment", "outcome"),
    [
        ("04", "32", MandateOutcome.APPROVED),
        ("42", "32", MandateOutcome.APPROVED),
        ("04", "10", MandateOutcome.EXISTS),
        ("04", "20", MandateOutcome.REFUSED),
        ("42", "03", MandateOutcome.REFUSED),
        ("42", "05", MandateOutcome.REFUSED),
        ("03", "33", MandateOutcome.CANCELLED),
        ("03", "04", MandateOutcome.CANCEL_FAILED),
        ("43", "07", MandateOutcome.CANCELLED),
        ("44", "98", MandateOutcome.CANCELLED),
        ("46", "02", MandateOutcome.CANCELLED),
        ("10", "", MandateOutcome.CANCELLED),
        ("05", "32", MandateOutcome.NEW_NUMBER),
        ("05", "33", MandateOutcome.OLD_NUMBER),
        ("05", "21", MandateOutcome.CHANGE_FAILED),
        ("42", "10", MandateOutcome.UNKNOWN),
        ("77", "32", MandateOutcome.UNKNOWN),
    ],
)
def test_the_pair_decides(information: str, comment: str, outcome: MandateOutcome) -> None:
    assert codes.mandate_outcome(information, comment) is outcome


def test_status_nine_is_no_end_and_an_unknown_one_is_no_draw() -> None:
    outcomes = [codes.draw_outcome(status) for status in ("0", "", "1", "2", "9", "4", "7")]
    assert outcomes == [
        DrawOutcome.PAID,
        DrawOutcome.PAID,
        DrawOutcome.NO_FUNDS,
        DrawOutcome.NO_ACCOUNT,
        DrawOutcome.TRIED_AGAIN,
        DrawOutcome.NOT_DRAWN,
        DrawOutcome.NOT_DRAWN,
    ]


def test_every_reason_can_be_filled_in() -> None:
    values = dict.fromkeys(("record", "field", "expected", "said", "found", "what", "why"), "x")
    assert all(text % values for text in REASONS.values())
