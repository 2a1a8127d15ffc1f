"""Proof of work: a sum that a browser solves in about a second, made and checked by altcha.

A challenge is signed, runs out, and is bound to one form. The number to find lies within bounds,
so nobody waits for long by bad luck. It is many rounds of PBKDF2, which every browser has built in
(`crypto.subtle`); the widget of the altcha project is not needed, the page's own script solves it
in thirty lines. https://altcha.org/docs/v2/
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha
from django.conf import settings
from django.utils.crypto import salted_hmac

from fundraise import clock

ALGORITHM = "PBKDF2/SHA-256"
LIFE = timedelta(minutes=20)
LONGEST = 3_000
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """A good solution: what it is known by, and until when it could be used again."""

    id: str
    until: datetime


def challenge(form: bytes) -> Json:
    """A new challenge for one form, as the browser gets it."""
    rounds = settings.PROOF_ROUNDS
    made = altcha.create_challenge(
        ALGORITHM,
        settings.PROOF_COST,
        counter=rounds // 3 + secrets.randbelow(max(1, rounds)),
        expires_at=clock.real_now() + LIFE,
        data={"form": _named(form)},
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("key"),
    )
    return dict(made.to_dict())


def read(solution: str, form: bytes) -> Proof | None:
    """The proof when the solution is right, in time and for this form, else None."""
    if not solution or len(solution) > LONGEST:
        return None
    try:
        payload = altcha.Payload.from_dict(json.loads(base64.b64decode(solution, validate=True)))
        checked = altcha.verify_solution(
            payload, _secret("challenge"), hmac_key_secret=_secret("key")
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return None  # not a solution at all
    said = payload.challenge.parameters
    if not checked.verified or (said.data or {}).get("form") != _named(form):
        return None
    return Proof(f"work:{said.nonce}", datetime.fromtimestamp(said.expires_at or 0, UTC))


def solve(asked: Json) -> str:
    """Solve a challenge as a browser does: for programs that start gifts, and for tests."""
    made = altcha.Challenge.from_dict(asked)
    solution = altcha.solve_challenge(made, timeout=0)
    if solution is None:
        raise ValueError("not solved")
    return str(altcha.Payload(made, solution).to_base64())


def _named(form: bytes) -> str:
    return hashlib.sha256(b"form:" + form).hexdigest()[:32]


def _secret(purpose: str) -> bytes:
    return salted_hmac("fundraise.limits.work", purpose, algorithm="sha256").digest()
