"""The seal: computed, checked, and refused when a file was changed."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date

import pytest

from fundraise.providers.autogiro import files, seal
from fundraise.providers.autogiro.errors import FormatError
from tests.providers.autogiro import written

KEY = seal.key_of(seal.TEST_KEY)
OTHER = seal.key_of("00" * 16)
DAY = date(2026, 11, 30)


def code_of(content: bytes, key: bytes = KEY) -> str:
    with pytest.raises(FormatError) as found:
        seal.verify(content, key)
    return found.value.code


def test_the_test_key_has_the_manuals_check_value() -> None:
    """Technical manual, 4.1."""
    assert seal.kvv(KEY) == "FF365893D899291C3BF505FB3175E880"


def test_a_sealed_file_is_right_and_still_read() -> None:
    sealed = seal.seal(written.content("orders"), KEY, DAY)
    assert seal.verify(sealed, KEY) == seal.Seal("261130", seal.kvv(KEY))
    lines = sealed.split(b"\r\n")
    assert lines[0] == b"00261130HMAC".ljust(80)
    assert lines[-2][:8] == b"99261130"
    file = files.read(sealed)
    assert file.seal is not None
    assert len(list(file.lines)) == 14


def test_the_seal_is_the_hmac_of_all_characters_without_line_ends() -> None:
    """Computed here by hand: Å counts as 5D, so ÅTER is 5D 54 45 52."""
    sealed = seal.seal(written.content("orders"), KEY, DAY)
    data = b"".join(sealed.split(b"\r\n")[:-2]).replace(b"\xc5", b"\x5d")
    mac = hmac.new(KEY, data, hashlib.sha256).hexdigest()[:32].upper()
    assert sealed.split(b"\r\n")[-2][40:72] == mac.encode()


@pytest.mark.parametrize(
    ("letters", "counts"),
    [("ÉÄÖÅÜ", b"@[\\]^"), ("éäöåü", b"`{|}~"), ("aZ09 ~", b"aZ09 ~"), ("ñ\x07§", b"\xc3\xc3\xc3")],
)
def test_letters_outside_ascii_count_as_one_byte_each(letters: str, counts: bytes) -> None:
    assert seal.normalised([letters.encode("latin-1")]) == counts


def test_blank_lines_and_other_line_ends_do_not_count() -> None:
    sealed = seal.seal(written.content("orders"), KEY, DAY)
    assert seal.verify(sealed.replace(b"\r\n", b"\n\n  \n"), KEY).sealed_on == "261130"


def test_any_changed_character_breaks_it() -> None:
    sealed = seal.seal(written.content("orders"), KEY, DAY)
    changed = sealed.replace(b"20000", b"90000", 1)
    assert changed != sealed
    assert code_of(changed) == "seal_wrong"
    assert code_of(sealed, OTHER) == "seal_other_key"
    assert code_of(written.content("orders")) == "seal_missing"


def test_a_sealed_file_is_not_sealed_again() -> None:
    sealed = seal.seal(written.content("orders"), KEY, DAY)
    with pytest.raises(FormatError, match="can't stand here"):
        seal.seal(sealed, KEY, DAY)


@pytest.mark.parametrize("text", ["", "12", "Z" * 32, "0" * 31])
def test_a_key_is_32_hexadecimal_signs(text: str) -> None:
    with pytest.raises(ValueError, match="32 hexadecimal"):
        seal.key_of(text)
