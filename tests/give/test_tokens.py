from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from fundraise.give import tokens
from fundraise.give.tokens import TokenError, new_token, read_token

NOON = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)


def test_a_token_says_which_wordings_were_shown() -> None:
    said = read_token(new_token("valet", 7, None), "valet")
    assert (said.register_wording_id, said.appeals_wording_id) == (7, None)
    assert len(said.submission) == 32
    assert (said.targeting_wording_id, said.instead) == (None, None)


def test_a_token_carries_the_words_about_targeting_beside_the_month_given_for() -> None:
    month = uuid4()
    for targeting, instead in ((9, month), (9, None), (None, month)):
        token = new_token("valet", 1, 2, targeting_wording_id=targeting, instead=instead)
        said = read_token(token, "valet")
        assert (said.targeting_wording_id, said.instead) == (targeting, instead)
        assert tokens.instead_of(token, "valet") == instead


def test_the_same_token_names_the_same_form_and_two_tokens_two() -> None:
    token, other = new_token("valet", 1, 2), new_token("valet", 1, 2)
    assert read_token(token, "valet").submission == read_token(token, "valet").submission
    assert read_token(token, "valet").submission != read_token(other, "valet").submission


def test_a_token_carries_the_form_of_a_gift_that_is_changed() -> None:
    submission = bytes(range(32))
    token = new_token("valet", 1, 2, submission=submission)
    assert read_token(token, "valet").submission == submission


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", "🎁", "\x00", "a" * 10_000])
def test_what_is_no_token_is_forged(forged: str) -> None:
    with pytest.raises(TokenError) as error:
        read_token(forged, "valet")
    assert error.value.code == "forged"


def test_a_changed_token_is_forged() -> None:
    token = new_token("valet", 1, 2)
    with pytest.raises(TokenError) as error:
        read_token("0" + token[1:] if token[0] != "0" else "1" + token[1:], "valet")
    assert error.value.code == "forged"


def test_another_campaigns_token_is_forged() -> None:
    with pytest.raises(TokenError) as error:
        read_token(new_token("valet", 1, 2), "skolan")
    assert error.value.code == "forged"


def test_a_token_lasts_four_hours() -> None:
    with time_machine.travel(NOON, tick=False) as traveller:
        token = new_token("valet", 1, 2)
        traveller.shift(timedelta(hours=4))
        assert len(read_token(token, "valet").submission) == 32
        traveller.shift(timedelta(seconds=1))
        with pytest.raises(TokenError) as error:
            read_token(token, "valet")
    assert error.value.code == "expired"


def test_a_token_outlives_any_checkout_session() -> None:
    from fundraise.providers.services import SESSION_LIFE

    assert tokens.MAX_AGE > SESSION_LIFE
