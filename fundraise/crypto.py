"""Keys, sealed bytes and keyed hashes. No models here, and no reading of keys before they are used.

Two key rings, each a list of `id:base64 of 32 bytes`, the current key first:

- `settings.FIELD_KEYS` wrap data keys. What is stored is encrypted with a data key of its own (one
  per body, or one per donor), so that rotation re-wraps 32 bytes and never touches the ciphertext,
  and so that deleting a data key forgets what it encrypted.
- `settings.LOOKUP_KEYS` make keyed hashes, for finding an e-mail address without storing it.

Formats, every one beginning with a version byte or a key id:

    key name     length byte, key id in ASCII
    keyed hash   key name, HMAC-SHA256 (32)
    wrapped key  version 1, key name, nonce (12), data key (32), tag (16)
    encrypted    version 1, nonce (12), ciphertext, tag (16)
    sealed       wrapped key, encrypted

The context is authenticated with the ciphertext and not stored: bytes moved to another row, column
or donor do not open there.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from fundraise.env import SettingError

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
VERSION = b"\x01"
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class CryptoError(Exception):
    """Bytes that do not open: wrong key, wrong context, cut or changed. Never their content."""


@dataclass(frozen=True)
class Key:
    """A key and the name it goes by in stored bytes."""

    id: str
    secret: bytes = field(repr=False)

    @property
    def name(self) -> bytes:
        return bytes([len(self.id)]) + self.id.encode("ascii")


class Ring:
    """Keys by id; the first is current."""

    def __init__(self, keys: list[Key]) -> None:
        self.current = keys[0]
        self.keys = keys
        self._by_id = {key.id: key for key in keys}

    def key(self, key_id: str) -> Key:
        found = self._by_id.get(key_id)
        if found is None:
            raise CryptoError(f"no key with the id {key_id!r} is set")
        return found


# --- Key rings ------------------------------------------------------------------------------------
def read_key(setting: str, text: str) -> Key:
    """One `id:base64 of 32 bytes`. The error never repeats the key."""
    key_id, colon, encoded = text.partition(":")
    if not colon or not KEY_ID.fullmatch(key_id):
        raise SettingError(f"{setting}: write id:base64, the id in letters, digits, - and _")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise SettingError(f"{setting}: the key {key_id!r} must be {KEY_BYTES} bytes in base64")
    return Key(key_id, secret)


@lru_cache(maxsize=32)
def _ring(setting: str, texts: tuple[str, ...]) -> Ring:
    keys = [read_key(setting, text) for text in texts]
    if not keys:
        raise SettingError(f"{setting} is missing: write id:base64 of {KEY_BYTES} random bytes")
    if len({key.id for key in keys}) != len(keys):
        raise SettingError(f"{setting}: two keys have the same id")
    return Ring(keys)


@lru_cache(maxsize=32)
def _keys_of_data_dir(folder: Path) -> dict[str, tuple[str, ...]]:
    """The keys of a demo or test installation, made at the first use, for its user only."""
    path = folder / "keys.json"
    if not path.exists():
        _make_keys(path)
    stored = json.loads(path.read_text(encoding="ascii"))
    return {name: tuple(stored[name]) for name in ("FIELD_KEYS", "LOOKUP_KEYS")}


def _make_keys(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = {name: [new_key_setting("k1")] for name in ("FIELD_KEYS", "LOOKUP_KEYS")}
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=".keys-")  # mkstemp gives mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(fresh, file)
        os.link(scratch, path)  # whoever links first wins; the others read what the winner wrote
    except FileExistsError:
        pass
    finally:
        Path(scratch).unlink()


def new_key_setting(key_id: str) -> str:
    """A fresh key, written as the settings want it."""
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode('ascii')}"


def _setting_ring(name: str) -> Ring:
    texts = tuple(getattr(settings, name))
    if not texts and not settings.LIVE:
        texts = _keys_of_data_dir(Path(settings.DATA_DIR))[name]
    return _ring(f"FUNDRAISE_{name}", texts)


def field_ring() -> Ring:
    """The master keys that wrap data keys."""
    return _setting_ring("FIELD_KEYS")


def lookup_ring() -> Ring:
    """The keys of the keyed hashes."""
    return _setting_ring("LOOKUP_KEYS")


def fingerprints() -> dict[str, list[str]]:
    """What each key is known by without being shown: `id:` and sixteen hex digits, per ring."""
    rings = {"FIELD_KEYS": field_ring(), "LOOKUP_KEYS": lookup_ring()}
    return {name: [fingerprint(key) for key in ring.keys] for name, ring in rings.items()}


def fingerprint(key: Key) -> str:
    """Of one key: from 32 random bytes, so nothing can be guessed from it."""
    digest = hmac.new(key.secret, b"fundraise/1/fingerprint", hashlib.sha256).hexdigest()
    return f"{key.id}:{digest[:16]}"


# --- Keyed hashes ---------------------------------------------------------------------------------
def lookup_hash(kind: str, value: str) -> bytes:
    """The keyed hash of a value under the current key; equal values of a kind hash alike."""
    return _keyed_hash(lookup_ring().current, kind, value)


def lookup_hashes(kind: str, value: str) -> list[bytes]:
    """The hashes under every known key: search with these while a rotation is under way."""
    return [_keyed_hash(key, kind, value) for key in lookup_ring().keys]


def lookup_prefix() -> bytes:
    """What every hash made with the current key begins with."""
    return lookup_ring().current.name


def _keyed_hash(key: Key, kind: str, value: str) -> bytes:
    domain = kind.encode("utf-8")
    message = len(domain).to_bytes(2, "big") + domain + value.encode("utf-8", "surrogatepass")
    return key.name + hmac.new(key.secret, message, hashlib.sha256).digest()


# --- Encryption with a data key -------------------------------------------------------------------
def new_data_key() -> bytes:
    """A random 256-bit key."""
    return secrets.token_bytes(KEY_BYTES)


def encrypt_with(data_key: bytes, plain: bytes, *, context: str) -> bytes:
    """AES-256-GCM under a data key."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return VERSION + nonce + AESGCM(data_key).encrypt(nonce, plain, _associated("body", context))


def decrypt_with(data_key: bytes, encrypted: bytes, *, context: str) -> bytes:
    """What encrypt_with was given. Raises CryptoError on any other key, context or byte."""
    data = bytes(encrypted)
    if len(data) < 1 + NONCE_BYTES + TAG_BYTES or data[:1] != VERSION:
        raise CryptoError("not encrypted bytes, or of a version not known here")
    return _open(data_key, data[1:], _associated("body", context))


class Opener:
    """One data key for several bodies: its cipher is made once."""

    __slots__ = ("_decrypt",)

    def __init__(self, data_key: bytes) -> None:
        self._decrypt = AESGCM(data_key).decrypt

    def open(self, encrypted: bytes, context: str) -> bytes:
        """As decrypt_with."""
        if encrypted[:1] != VERSION:
            raise CryptoError("not encrypted bytes, or of a version not known here")
        try:
            return self._decrypt(encrypted[1:13], encrypted[13:], _BODY + context.encode())
        except (InvalidTag, ValueError):
            raise _does_not_open() from None


class Closer:
    """One data key for very many bodies: its cipher is made once."""

    __slots__ = ("_cipher",)

    def __init__(self, data_key: bytes) -> None:
        self._cipher = AESGCM(data_key)

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """As encrypt_with."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, plain, _associated("body", context))


def _open(key: bytes, nonce_and_text: bytes, associated: bytes) -> bytes:
    return _opened(AESGCM(key), nonce_and_text, associated)


@lru_cache(maxsize=8)
def _master(secret: bytes) -> AESGCM:
    """A master key's cipher: it opens very many data keys."""
    return AESGCM(secret)


def _opened(cipher: AESGCM, nonce_and_text: bytes, associated: bytes) -> bytes:
    nonce, text = nonce_and_text[:NONCE_BYTES], nonce_and_text[NONCE_BYTES:]
    try:
        return cipher.decrypt(nonce, text, associated)
    except (InvalidTag, ValueError):
        raise _does_not_open() from None


def _does_not_open() -> CryptoError:
    return CryptoError("does not open: wrong key, wrong context or changed bytes")


def _associated(use: str, context: str) -> bytes:
    return f"fundraise/1/{use}\x00{context}".encode()


_BODY, _KEY = _associated("body", ""), _associated("key", "")


# --- Wrapped data keys ----------------------------------------------------------------------------
def wrap(data_key: bytes, *, context: str = "") -> bytes:
    """A data key under the current master key."""
    if len(data_key) != KEY_BYTES:
        raise CryptoError(f"a data key is {KEY_BYTES} bytes")
    key = field_ring().current
    nonce = secrets.token_bytes(NONCE_BYTES)
    body = AESGCM(key.secret).encrypt(nonce, data_key, _associated("key", context))
    return VERSION + key.name + nonce + body


def unwrap(wrapped: bytes, *, context: str = "") -> bytes:
    """The data key. Raises CryptoError when its master key is not known or the context differs."""
    head, rest = _split_wrapped(wrapped)
    if rest:
        raise CryptoError("a wrapped key with more after it")
    key_id, body = _read_head(head)
    return _opened(_master(field_ring().key(key_id).secret), body, _associated("key", context))


OpenTwo = Callable[[bytes, bytes, bytes, bytes], tuple[bytes, bytes]]


def opener_of_two(of_key: str, of_one: str, of_other: str) -> OpenTwo:
    """For very many wrapped keys, each with two bodies under it (whose, wrapped key, body, body):
    what `encrypt_with` was given of both. `%s` stands in the contexts for whose they are.

    The opener raises CryptoError.
    """
    key = field_ring().current
    usual, decrypt_key = VERSION + key.name, _master(key.secret).decrypt
    begin, length = len(usual), len(usual) + NONCE_BYTES + KEY_BYTES + TAG_BYTES
    text = begin + NONCE_BYTES
    for_key, for_one, for_other = (
        _KEY + of_key.encode(),
        _BODY + of_one.encode(),
        _BODY + of_other.encode(),
    )

    def two(whose: bytes, wrapped: bytes, one: bytes, other: bytes) -> tuple[bytes, bytes]:
        if one[:1] != VERSION or other[:1] != VERSION:
            raise CryptoError("not encrypted bytes, or of a version not known here")
        try:
            if wrapped[:begin] == usual and len(wrapped) == length:
                found = decrypt_key(wrapped[begin:text], wrapped[text:], for_key % whose)
            else:
                found = unwrap(wrapped, context=of_key % whose.decode())
            decrypt = AESGCM(found).decrypt
            return (
                decrypt(one[1:13], one[13:], for_one % whose),
                decrypt(other[1:13], other[13:], for_other % whose),
            )
        except (InvalidTag, ValueError):
            raise _does_not_open() from None

    return two


def rewrap_key(wrapped: bytes, *, context: str = "") -> bytes:
    """The same data key under the current master key; unchanged when it is that already."""
    if key_id_of(wrapped) == field_ring().current.id:
        return bytes(wrapped)
    return wrap(unwrap(wrapped, context=context), context=context)


def key_id_of(wrapped_or_sealed: bytes) -> str:
    """Which master key a wrapped key, or a sealed body, needs."""
    head, _rest = _split_wrapped(wrapped_or_sealed)
    return _read_head(head)[0]


def _split_wrapped(data: bytes) -> tuple[bytes, bytes]:
    """A wrapped key and what comes after it."""
    data = bytes(data)
    if len(data) < 2 or data[:1] != VERSION:
        raise CryptoError("not sealed bytes, or of a version not known here")
    end = 2 + data[1] + NONCE_BYTES + KEY_BYTES + TAG_BYTES
    if len(data) < end:
        raise CryptoError("sealed bytes that were cut")
    return data[:end], data[end:]


def _read_head(head: bytes) -> tuple[str, bytes]:
    stop = 2 + head[1]
    key_id = head[2:stop].decode("latin-1")
    if not KEY_ID.fullmatch(key_id):
        raise CryptoError("sealed bytes without a key id")
    return key_id, head[stop:]


# --- Sealed bodies --------------------------------------------------------------------------------
def seal(plain: bytes, *, context: str) -> bytes:
    """A body under a data key of its own, the data key wrapped by the current master key."""
    data_key = new_data_key()
    return wrap(data_key) + encrypt_with(data_key, plain, context=context)


def unseal(sealed: bytes, *, context: str) -> bytes:
    """What seal was given. Raises CryptoError on any other key, context or byte."""
    head, body = _split_wrapped(sealed)
    return decrypt_with(unwrap(head), body, context=context)


def rewrap(sealed: bytes) -> bytes:
    """The same body readable with the current master key; the ciphertext is not touched."""
    head, body = _split_wrapped(sealed)
    return rewrap_key(head) + body
