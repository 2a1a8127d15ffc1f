"""Why a card was declined or a payout failed: kept as a code alone, and shown to nobody outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from fundraise.gifts.models import Gift
from fundraise.providers.models import Attempt, Payout
from fundraise.providers.stripe import reading
from tests.journey import Journey
from tests.stripe_stand_in import CARD_DECLINED, CARD_NO_FUNDS, CARD_OK


def declined(journey: Journey, *cards: str) -> Gift:
    gift = journey.start()
    for card in cards:
        journey.stand_in.pay(journey.url(gift), card)
    journey.catch_up()
    return gift


def test_the_last_declines_code_is_kept(journey: Journey) -> None:
    declined(journey, CARD_NO_FUNDS)
    declined(journey, CARD_DECLINED, CARD_NO_FUNDS)

    kept = list(Attempt.objects.order_by("pk").values_list("declines", "last_decline"))

    assert kept == [(1, "insufficient_funds"), (2, "insufficient_funds")]


def test_stripes_own_code_is_kept_where_the_bank_gave_none(journey: Journey) -> None:
    declined(journey, "4000000000000069")

    assert Attempt.objects.get().last_decline == "expired_card"


def test_code_of_a_try_that_was_paid_in_the_end_stays(journey: Journey) -> None:
    gift = declined(journey, CARD_NO_FUNDS)
    journey.stand_in.pay(journey.url(gift), CARD_OK)
    journey.catch_up()

    attempt = Attempt.objects.get()

    assert (attempt.state, attempt.last_decline) == ("paid", "insufficient_funds")


@pytest.mark.parametrize("given", [None, 7, "", "Björn Öberg", "a b", "x" * 61, "code\n"])
def test_what_is_no_code_is_not_kept(given: object) -> None:
    assert reading.code_of(given) == ""


def test_database_takes_codes_alone(journey: Journey) -> None:
    declined(journey, CARD_NO_FUNDS)
    rows = Attempt.objects.all()

    with pytest.raises(IntegrityError, match="attempt_decline_is_a_code"), transaction.atomic():
        rows.update(last_decline="Björn Öberg")

    assert rows.get().last_decline == "insufficient_funds"


def test_payout_keeps_why_it_failed(journey: Journey) -> None:
    journey.given(200_00)
    paid = journey.stand_in.payout()
    journey.catch_up()
    assert Payout.objects.get().failure_code == ""

    journey.stand_in.fail_payout(paid["id"])
    journey.catch_up()

    payout = Payout.objects.get()
    assert (payout.state, payout.failure_code) == ("failed", "account_closed")


def test_the_api_has_no_word_of_either() -> None:
    schema = Path("api/openapi.json").read_text(encoding="utf-8")

    assert [word for word in ("decline", "failure") if word in schema] == []
