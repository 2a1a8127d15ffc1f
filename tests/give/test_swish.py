from __future__ import annotations

from uuid import UUID

from fundraise import refs
from fundraise.give import swish
from fundraise.refs import short_reference

REF = UUID("12345678-1234-5678-1234-567812345678")


def test_the_link_opens_the_app_with_number_sum_and_message() -> None:
    assert (
        swish.app_link("123 123 12 31", 500_00, "28T5CY4T")
        == "https://app.swish.nu/1/p/sw/?sw=1231231231&amt=500&cur=SEK&msg=28T5CY4T"
    )


def test_the_code_is_swishs_c_format_with_nothing_to_change() -> None:
    assert swish.qr_text("1231231231", 500_00, "28T5CY4T") == "C1231231231;500;28T5CY4T;0"
    assert swish.qr_text("1231231231", 250_50, "28T5CY4T") == "C1231231231;250.50;28T5CY4T;0"


def test_the_picture_of_the_code_needs_no_style() -> None:
    picture = swish.qr_svg("1231231231", 500_00, "28T5CY4T")
    assert picture.startswith("<svg ")
    assert "style" not in picture


def test_a_gifts_reference_is_eight_characters_that_can_be_read_out() -> None:
    assert short_reference(REF) == "28T5CY0J"
    assert set("ILOU").isdisjoint(refs.ALPHABET)
    assert len(set(refs.ALPHABET)) == 32


def test_a_number_is_grouped_as_people_read_it() -> None:
    assert swish.grouped("1231231231") == "123 123 12 31"
    assert swish.grouped("90012") == "90012"
