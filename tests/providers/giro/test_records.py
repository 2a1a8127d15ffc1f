"""Orders as lines: the quick way to write a draw is the format's own, byte by byte."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraise.providers.autogiro.errors import FormatError
from fundraise.providers.autogiro.kinds import ORDERS
from fundraise.providers.autogiro.orders import PaymentOrder
from fundraise.providers.giro import records
from fundraise.providers.giro.terms import Payee

PAYEE = Payee("9912346", "123456", bytes(16))


@given(
    payer=st.integers(1, 10**16 - 1),
    due=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    ore=st.integers(1, 10**12 - 1),
    reference=st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=0, max_size=16),
)
def test_a_draw_is_written_as_the_format_has_it(
    payer: int, due: date, ore: int, reference: str
) -> None:
    order = PaymentOrder("82", f"{due:%Y%m%d}", "0", None, str(payer), ore, "9912346", reference)
    line = records.draw(PAYEE, str(payer), due, ore, reference)
    assert line == ORDERS.layout_of(order).write(order)


@pytest.mark.parametrize(
    ("payer", "ore", "reference"),
    [("12345678901234567", 1, ""), ("1", 10**12, ""), ("1", -5, ""), ("1", 1, "A" * 17),
     ("1x", 1, ""), ("1", 1, "a\nb"), ("", 1, "å")],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused(payer: str, ore: int, reference: str) -> None:
    with pytest.raises(FormatError):
        records.draw(PAYEE, payer, date(2026, 11, 30), ore, reference)
