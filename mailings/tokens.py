"""The names of messages outside the house: short, opaque, and good for years.

A token stands in every link of a mail, and in what the sender is told: it says which appeal and
which message, and nothing about the person. It is one block of AES over purpose, appeal, number and
48 zero bits, so it needs no column, can't be told apart from random, and can't be made up (one
guess in 2^48 opens). Its key is made from a look-up key, whose tag stands in front: keep old
look-up keys in FUNDRAISE_LOOKUP_KEYS as long as old mails shall be honoured.

    token  tag of the key (2 letters), block (22 letters), in base64url
"""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

from fundraise import crypto

BLOCK = 16
LENGTH = 24
_ZEROS = bytes(6)


class Purpose(IntEnum):
    """What a token may be used for; one made for a link can't be used to leave."""

    GIVE = 1  # stands in links and comes back as a gift's reference
    LEAVE = 2  # unsubscribe and preferences


PURPOSES = {int(purpose): purpose for purpose in Purpose}
LETTERS = re.compile(r"[A-Za-z0-9_-]{24}")
_FORM = struct.Struct(">BIIB6s")  # purpose, appeal, number, extra, zeros


class TokenError(ValueError):
    """No token of ours, or of a key that is not known any more."""


class Token(NamedTuple):
    """What a token says. `seq` 0 is the appeal as a whole, in the version that `extra` names."""

    purpose: Purpose
    appeal_id: int
    seq: int
    extra: int = 0


def make(token: Token) -> str:
    """The token's text, always the same for the same key."""
    return make_many([token])[0]


def make_many(tokens: Iterable[Token]) -> list[str]:
    """Many at once: one call of the cipher for all."""
    key = crypto.lookup_ring().current
    tag = _tag(key)
    encrypted = _cipher(key).encryptor().update(b"".join(map(_block, tokens)))
    return [
        tag + urlsafe_b64encode(encrypted[start : start + BLOCK])[:22].decode("ascii")
        for start in range(0, len(encrypted), BLOCK)
    ]


def of_messages(purpose: Purpose, appeal_id: int, seqs: Iterable[int]) -> list[str]:
    """The tokens of many messages of one appeal: the same as `make_many` of them, many times
    quicker."""
    key = crypto.lookup_ring().current
    head, rest = bytes([purpose]) + appeal_id.to_bytes(4, "big"), b"\0" + _ZEROS
    blocks = b"".join([head + seq.to_bytes(4, "big") + rest for seq in seqs])
    encrypted = _cipher(key).encryptor().update(blocks)
    starts = range(0, len(encrypted), BLOCK)
    # With two zeros after each it ends with a letter of its own in base64, and all are one call.
    spaced = b"".join([encrypted[start : start + BLOCK] + b"\0\0" for start in starts])
    text, tag = urlsafe_b64encode(spaced).decode("ascii"), _tag(key)
    return [tag + text[start : start + 22] for start in range(0, len(text), 24)]


def read(text: str, purpose: Purpose) -> Token:
    """What a token for this purpose says. Raises TokenError."""
    if len(text) != LENGTH or not text.isascii():
        raise TokenError("no token")
    try:
        encrypted = urlsafe_b64decode(text[2:] + "==")
    except ValueError:
        raise TokenError("no token") from None
    for key in crypto.lookup_ring().keys:
        if _tag(key) == text[:2] and (found := _opened(_cipher(key).decryptor(), encrypted)):
            if found.purpose is purpose:
                return found
            raise TokenError("made for another use")
    raise TokenError("no token")


def read_many(texts: Iterable[str]) -> dict[str, Token]:
    """What each token says, whatever it was made for; those that are none are missing.

    One call of the cipher for all that were made with one key.
    """
    found: dict[str, Token] = {}
    wanted = [text for text in set(texts) if len(text) == LENGTH and text.isascii()]
    for key in crypto.lookup_ring().keys:
        tag = _tag(key)
        ours = [text for text in wanted if text[:2] == tag]
        found.update(_read_together(key, ours))
    return found


def _read_together(key: crypto.Key, texts: list[str]) -> dict[str, Token]:
    sound = [text for text in texts if LETTERS.fullmatch(text)]
    # Each made longer to what ends with a letter of its own in base64, so that all are one call.
    spaced = urlsafe_b64decode("".join([text[2:] + "AA" for text in sound]))
    starts = range(0, len(spaced), BLOCK + 2)
    blocks = b"".join([spaced[start : start + BLOCK] for start in starts])
    plain = _FORM.iter_unpack(_cipher(key).decryptor().update(blocks))
    return {
        text: Token(PURPOSES[purpose], appeal_id, seq, extra)
        for text, (purpose, appeal_id, seq, extra, zeros) in zip(sound, plain, strict=True)
        if zeros == _ZEROS and purpose in PURPOSES
    }


def _block(token: Token) -> bytes:
    return _FORM.pack(*token, _ZEROS)


def _opened(decryptor: CipherContext, encrypted: bytes) -> Token | None:
    return _said(decryptor.update(encrypted))


def _said(plain: bytes) -> Token | None:
    if len(plain) != BLOCK:
        return None
    purpose, appeal_id, seq, extra, zeros = _FORM.unpack(plain)
    if zeros != _ZEROS or purpose not in PURPOSES:
        return None
    return Token(PURPOSES[purpose], appeal_id, seq, extra)


def _tag(key: crypto.Key) -> str:
    return urlsafe_b64encode(_secret(key.secret, b"tag"))[:2].decode("ascii")


def _cipher(key: crypto.Key) -> Cipher[modes.ECB]:
    # One block is one message and no block is met twice with another meaning: what ECB leaks about
    # equal blocks is that equal tokens are equal.
    return Cipher(algorithms.AES(_secret(key.secret, b"block")), modes.ECB())  # noqa: S305


@lru_cache(maxsize=16)
def _secret(secret: bytes, use: bytes) -> bytes:
    return hmac.new(secret, b"fundraise/1/mail-token/" + use, hashlib.sha256).digest()
