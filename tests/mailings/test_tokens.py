"""The names that messages go by outside the house."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from fundraise import crypto
from mailings import tokens
from mailings.tokens import Purpose, Token, TokenError

NUMBERS = st.integers(min_value=0, max_value=2**32 - 1)
ANY = st.builds(Token, st.sampled_from(Purpose), NUMBERS, NUMBERS, st.integers(0, 255))


@given(st.lists(ANY, max_size=5))
def test_a_token_says_what_it_was_made_of_and_fits_a_reference(made: list[Token]) -> None:
    texts = tokens.make_many(made)

    assert [tokens.read(text, token.purpose) for text, token in zip(texts, made, strict=True)] == (
        made
    )
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{24}", text) for text in texts)


def test_the_tokens_of_many_messages_are_those_of_each() -> None:
    seqs = [1, 2, 3, 255, 256, 1_000_000, 4_294_967_295]
    each = tokens.make_many(Token(Purpose.LEAVE, 77, seq) for seq in seqs)
    assert tokens.of_messages(Purpose.LEAVE, 77, seqs) == each
    assert tokens.of_messages(Purpose.GIVE, 77, []) == []


def test_neither_another_letter_nor_another_use_is_read() -> None:
    text = tokens.make(Token(Purpose.GIVE, 7, 12))

    with pytest.raises(TokenError, match="another use"):
        tokens.read(text, Purpose.LEAVE)
    swapped = text[:5] + ("A" if text[5] != "A" else "B") + text[6:]
    for bad in (swapped, text[:-1], text + "A", "å" * 24, "", text[2:] + "AA"):
        with pytest.raises(TokenError):
            tokens.read(bad, Purpose.GIVE)


def test_a_token_of_an_older_key_is_read_as_long_as_the_key_is_kept(
    settings: Settings,
) -> None:
    old, new = crypto.new_key_setting("old"), crypto.new_key_setting("new")
    settings.LOOKUP_KEYS = [old]
    text = tokens.make(Token(Purpose.LEAVE, 3, 4))

    settings.LOOKUP_KEYS = [new, old]
    assert tokens.read(text, Purpose.LEAVE) == Token(Purpose.LEAVE, 3, 4)

    settings.LOOKUP_KEYS = [new]
    with pytest.raises(TokenError):
        tokens.read(text, Purpose.LEAVE)
