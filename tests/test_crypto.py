"""What the key rings and the sealed formats promise."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from fundraise import crypto
from fundraise.crypto import CryptoError
from fundraise.env import SettingError

ROOT = Path(__file__).resolve().parent.parent
OLD = crypto.new_key_setting("2026")
NEW = crypto.new_key_setting("2027")
TEXT = st.text(max_size=40)


@pytest.fixture(autouse=True)
def _keys(settings: Settings) -> None:
    settings.FIELD_KEYS = [OLD]
    settings.LOOKUP_KEYS = [OLD]


# --- Sealing --------------------------------------------------------------------------------------
@given(plain=st.binary(max_size=2000), context=TEXT)
def test_what_is_sealed_opens_with_the_same_context(plain: bytes, context: str) -> None:
    assert crypto.unseal(crypto.seal(plain, context=context), context=context) == plain


@given(plain=st.binary(max_size=50), context=TEXT, other=TEXT)
def test_another_context_does_not_open_it(plain: bytes, context: str, other: str) -> None:
    assume(context != other)
    with pytest.raises(CryptoError):
        crypto.unseal(crypto.seal(plain, context=context), context=other)


def test_bytes_cut_anywhere_do_not_open() -> None:
    sealed = crypto.seal(b"Anna Lind", context="gift")
    assert len(sealed) == 66 + 38
    for cut in range(len(sealed)):
        with pytest.raises(CryptoError):
            crypto.unseal(sealed[:cut], context="gift")


@given(data=st.data())
def test_a_changed_bit_anywhere_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(crypto.seal(b"Anna Lind", context="gift"))
    at = data.draw(st.integers(min_value=0, max_value=len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(min_value=0, max_value=7))
    with pytest.raises(CryptoError):
        crypto.unseal(bytes(sealed), context="gift")


@given(junk=st.binary(max_size=200))
def test_junk_is_refused_cleanly(junk: bytes) -> None:
    for opening in (crypto.unseal, crypto.unwrap):
        with pytest.raises(CryptoError):
            opening(junk, context="gift")
    with pytest.raises(CryptoError):
        crypto.decrypt_with(crypto.new_data_key(), junk, context="gift")


def test_another_master_key_of_the_same_name_does_not_open_it(settings: Settings) -> None:
    sealed = crypto.seal(b"Anna Lind", context="gift")
    settings.FIELD_KEYS = [crypto.new_key_setting("2026")]
    with pytest.raises(CryptoError, match="does not open"):
        crypto.unseal(sealed, context="gift")


def test_a_lost_master_key_is_named_in_the_error(settings: Settings) -> None:
    sealed = crypto.seal(b"Anna Lind", context="gift")
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(CryptoError, match="no key with the id '2026'"):
        crypto.unseal(sealed, context="gift")


def test_the_same_body_is_never_sealed_alike() -> None:
    assert crypto.seal(b"x", context="c") != crypto.seal(b"x", context="c")


def test_nothing_of_the_body_shows_in_the_sealed_bytes() -> None:
    assert b"Planterad" not in crypto.seal(b"Planterad Lind", context="gift")


# --- Rotation -------------------------------------------------------------------------------------
def test_rewrapping_leaves_the_ciphertext_and_moves_to_the_current_key(
    settings: Settings,
) -> None:
    sealed = crypto.seal(b"Anna Lind", context="gift")
    settings.FIELD_KEYS = [NEW, OLD]
    again = crypto.rewrap(sealed)
    settings.FIELD_KEYS = [NEW]
    body = 1 + 12 + len(b"Anna Lind") + 16
    assert (crypto.key_id_of(sealed), crypto.key_id_of(again)) == ("2026", "2027")
    assert again[-body:] == sealed[-body:]
    assert crypto.unseal(again, context="gift") == b"Anna Lind"


def test_rewrapping_what_is_current_changes_nothing() -> None:
    sealed = crypto.seal(b"Anna Lind", context="gift")
    assert crypto.rewrap(sealed) == sealed


def test_a_wrapped_donor_key_opens_only_for_its_donor(settings: Settings) -> None:
    data_key = crypto.new_data_key()
    wrapped = crypto.wrap(data_key, context="donor-a")
    settings.FIELD_KEYS = [NEW, OLD]
    moved = crypto.rewrap_key(wrapped, context="donor-a")
    assert crypto.unwrap(moved, context="donor-a") == data_key
    with pytest.raises(CryptoError):
        crypto.unwrap(moved, context="donor-b")


@given(plain=st.binary(max_size=200), context=TEXT)
def test_a_data_key_opens_what_it_encrypted_and_another_does_not(
    plain: bytes, context: str
) -> None:
    data_key = crypto.new_data_key()
    encrypted = crypto.encrypt_with(data_key, plain, context=context)
    assert crypto.decrypt_with(data_key, encrypted, context=context) == plain
    with pytest.raises(CryptoError):
        crypto.decrypt_with(crypto.new_data_key(), encrypted, context=context)


# --- Keyed hashes ---------------------------------------------------------------------------------
@given(kind=TEXT, other_kind=TEXT, value=TEXT, other=TEXT)
def test_a_hash_is_equal_for_the_same_kind_and_value_only(
    kind: str, other_kind: str, value: str, other: str
) -> None:
    same = (kind, value) == (other_kind, other)
    assert (crypto.lookup_hash(kind, value) == crypto.lookup_hash(other_kind, other)) is same


def test_kind_and_value_do_not_run_together() -> None:
    assert crypto.lookup_hash("ab", "c") != crypto.lookup_hash("a", "bc")


def test_a_hash_names_its_key_and_the_old_one_is_still_searched_for(
    settings: Settings,
) -> None:
    before = crypto.lookup_hash("email", "anna@example.se")
    settings.LOOKUP_KEYS = [NEW, OLD]
    after = crypto.lookup_hash("email", "anna@example.se")
    assert crypto.lookup_hashes("email", "anna@example.se") == [after, before]
    assert (before[:5], after[:5]) == (b"\x042026", b"\x042027")
    assert crypto.lookup_prefix() == b"\x042027"
    assert (len(before), before[5:] == after[5:]) == (37, False)


# --- Settings -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("no colon", "write id:base64"),
        (":QUJD", "write id:base64"),
        ("å:QUJD", "write id:base64"),
        ("k1:QUJD", "the key 'k1' must be 32 bytes in base64"),
        ("k1:not base64!", "the key 'k1' must be 32 bytes in base64"),
    ],
)
def test_a_malformed_key_says_what_to_write_and_not_the_key(
    settings: Settings, text: str, sentence: str
) -> None:
    settings.FIELD_KEYS = [text]
    with pytest.raises(SettingError, match=sentence) as refusal:
        crypto.seal(b"", context="")
    assert "QUJD" not in str(refusal.value)


def test_two_keys_of_one_name_are_refused(settings: Settings) -> None:
    settings.LOOKUP_KEYS = [OLD, crypto.new_key_setting("2026")]
    with pytest.raises(SettingError, match="two keys have the same id"):
        crypto.lookup_hash("email", "x")


def test_live_mode_makes_no_keys_of_its_own(settings: Settings, tmp_path: Path) -> None:
    settings.LIVE, settings.DATA_DIR, settings.FIELD_KEYS = True, tmp_path, []
    with pytest.raises(SettingError, match="FUNDRAISE_FIELD_KEYS is missing"):
        crypto.seal(b"", context="")
    assert list(tmp_path.iterdir()) == []


def test_demo_makes_its_keys_once_and_for_its_user_only(settings: Settings, tmp_path: Path) -> None:
    settings.LIVE, settings.DATA_DIR = False, tmp_path / "data"
    settings.FIELD_KEYS, settings.LOOKUP_KEYS = [], []
    sealed = crypto.seal(b"kept", context="c")
    path = tmp_path / "data" / "keys.json"
    first = path.read_bytes()
    crypto._keys_of_data_dir.cache_clear()
    assert crypto.unseal(sealed, context="c") == b"kept"
    assert (stat.S_IMODE(path.stat().st_mode), path.read_bytes()) == (0o600, first)
    assert sorted(json.loads(first)) == ["FIELD_KEYS", "LOOKUP_KEYS"]
    assert [entry.name for entry in path.parent.iterdir()] == ["keys.json"]


def test_processes_that_start_together_agree_on_the_keys(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from fundraise import crypto;"
        "print(crypto._keys_of_data_dir(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "data")]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) for _ in range(4)]
    said = {process.communicate()[0] for process in started}
    assert [process.returncode for process in started] == [0] * 4
    assert (len(said), b"k1:" in said.pop()) == (1, True)


def test_a_key_never_shows_in_its_repr() -> None:
    assert repr(crypto.field_ring().current) == "Key(id='2026')"
