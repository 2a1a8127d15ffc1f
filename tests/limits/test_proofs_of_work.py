from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from fundraise.limits import passes, services, spent, work
from fundraise.limits.models import Spent
from tests.people import NOON

FORM, OTHER = b"f" * 32, b"o" * 32


@pytest.fixture(autouse=True)
def _cheap(settings: Any) -> None:
    settings.PROOF_COST, settings.PROOF_ROUNDS = 5, 9


def test_a_solved_challenge_is_a_proof_for_its_form_alone() -> None:
    solution = work.solve(work.challenge(FORM))
    proof = work.read(solution, FORM)
    assert proof is not None
    assert proof.id.startswith("work:")
    assert work.read(solution, OTHER) is None


def test_the_number_lies_within_bounds(settings: Any) -> None:
    settings.PROOF_ROUNDS = 30
    for _ in range(20):
        said = json.loads(base64.b64decode(work.solve(work.challenge(FORM))))
        assert 10 <= said["solution"]["counter"] < 40


def test_a_challenge_runs_out() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        solution = work.solve(work.challenge(FORM))
        clock.shift(timedelta(minutes=20))
        assert work.read(solution, FORM) is not None
        clock.shift(1)
        assert work.read(solution, FORM) is None


def changed(solution: str, part: str, **values: object) -> str:
    said = json.loads(base64.b64decode(solution))
    target = said["challenge"]["parameters"] if part == "parameters" else said[part]
    target.update(values)
    return base64.b64encode(json.dumps(said).encode()).decode()


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("parameters", {"cost": 1}),
        ("parameters", {"keyPrefix": ""}),
        ("parameters", {"expiresAt": 4_000_000_000}),
        ("parameters", {"expiresAt": None}),
        ("parameters", {"data": {"form": "other"}}),
        ("parameters", {"data": None}),
        ("parameters", {"keySignature": None}),
        ("parameters", {"algorithm": "SHA-256"}),
        ("challenge", {"signature": "00"}),
        ("challenge", {"signature": None}),
        ("solution", {"derivedKey": "00" * 32}),
        ("solution", {"derivedKey": 7}),
    ],
)
def test_nothing_of_a_challenge_can_be_changed(part: str, values: dict[str, object]) -> None:
    assert work.read(changed(work.solve(work.challenge(FORM)), part, **values), FORM) is None


def test_a_challenge_that_somebody_else_signed_is_none() -> None:
    made = altcha.create_challenge(work.ALGORITHM, 1, counter=1, hmac_secret="guess")
    solution = altcha.solve_challenge(made)
    assert solution is not None
    assert work.read(altcha.Payload(made, solution).to_base64(), FORM) is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
parts = st.fixed_dictionaries(
    {
        "challenge": st.fixed_dictionaries({"parameters": anything, "signature": anything})
        | anything,
        "solution": st.fixed_dictionaries({"counter": anything, "derivedKey": anything}) | anything,
    }
)


@given(parts | anything)
def test_whatever_is_sent_is_read_without_a_fault(said: object) -> None:
    text = base64.b64encode(json.dumps(said).encode()).decode()
    assert work.read(text, FORM) is None


@given(st.text(max_size=80))
def test_text_that_is_no_proof_is_none(text: str) -> None:
    assert work.read(text, FORM) is None
    assert passes.read(text) is None
    assert passes.read(f"pass.{text}") is None


def test_a_pass_is_a_proof_until_it_runs_out() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        one, two = passes.new_pass(), passes.new_pass()
        assert one != two
        proof = passes.read(one)
        assert proof is not None
        assert proof.until == NOON + timedelta(hours=2)
        assert passes.read(one + "x") is None
        clock.shift(timedelta(hours=2, seconds=1))
        assert passes.read(one) is None


@pytest.mark.django_db
def test_it_is_spent_on_the_words_of_one_gift_and_remembered_until_it_ran_out() -> None:
    until = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
    uses = [
        spent.spend(proof, words, until)
        for proof, words in (("1", "250 kr"), ("1", "250 kr"), ("1", "500 kr"), ("2", "500 kr"))
    ]
    assert uses == [spent.Use.FIRST, spent.Use.AGAIN, spent.Use.OTHER, spent.Use.FIRST]
    assert services.prune(until) == 0
    assert services.prune(until + timedelta(seconds=1)) == 2
    assert Spent.objects.count() == 0
