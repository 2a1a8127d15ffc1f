"""What was typed into the card form, checked. A number that is no test number goes nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fundraise import clock
from fundraise.sandbox.stripe import cards
from fundraise.sandbox.stripe.config import Json
from fundraise.sandbox.stripe.objects import session_checks
from fundraise.sandbox.stripe.pages import texts
from fundraise.sandbox.stripe.pages.checkout import Typed, known_email
from fundraise.sandbox.stripe.world import World

EXPIRY = re.compile(r"\s*(\d{1,2})\s*[/-]?\s*(?:20)?(\d{2})\s*")
LONGEST = 200


@dataclass(frozen=True)
class Filled:
    card: cards.TestCard
    expiry: tuple[int, int]
    billing: Json


def prefilled(form: dict[str, str]) -> Typed | None:
    """The form again with a test card in it, when its button was pressed."""
    card = cards.by_number(form.get("prefill", ""))
    if card is None:
        return None
    kept = {name: form.get(name, "")[:LONGEST] for name in ("email", "name")}
    cvc = "1234" if card.brand == "amex" else "123"
    return Typed(kept | {"number": texts.shown(card.number), "expiry": "12/34", "cvc": cvc})


def read(world: World, session: Json, form: dict[str, str]) -> Filled | Typed:
    known = texts.words(texts.language(session))
    email = known_email(world, session) or form.get("email", "").strip()[:LONGEST]
    name = form.get("name", "").strip()[:LONGEST]
    card = cards.by_number(form.get("number", "")[:LONGEST])
    expiry = _expiry(form.get("expiry", ""))
    good = {
        "email": bool(session_checks.EMAIL.fullmatch(email)),
        "number": card is not None,
        "expiry": expiry is not None,
        "cvc": bool(re.fullmatch(r"\d{3,4}", form.get("cvc", "").strip())),
    }
    errors = {field: known[f"error_{field}"] for field, fine in good.items() if not fine}
    if errors or card is None or expiry is None:
        # Neither number nor code is shown again.
        return Typed({"email": email, "name": name}, errors)
    return Filled(card, expiry, {"email": email, "name": name or None})


def _expiry(typed: str) -> tuple[int, int] | None:
    match = EXPIRY.fullmatch(typed)
    if match is None:
        return None
    month, year = int(match[1]), 2000 + int(match[2])
    today = clock.today()
    future = (year, month) >= (today.year, today.month)
    return (month, year) if 1 <= month <= 12 and future else None
