"""Whatever stands in a sealed file, the bank refuses it or answers with whole lines."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.sandbox.bankgirot.conftest import text_of, town_of
from tests.sandbox.bankgirot.orders import (
    answer,
    cancel_mandate,
    change,
    new_mandate,
    opening,
    payment,
    renumber,
    sealed,
)

CHARACTERS = "0123456789 AXåÖé-"
MANDATES = [
    new_mandate(1), new_mandate(2), answer(9900002), cancel_mandate(1), renumber(1, 3),
    new_mandate(4, mark="AV"),
]  # fmt: skip
PAYMENTS = [
    payment(1, "20270315", reference="A"), payment(2, "GENAST", code="32"),
    payment(1, "20270331", period="5", left="003"), payment(9900002, "99991231"),
]  # fmt: skip
CHANGES = [
    change("23", 1), change("24", 1, "20270315"), change("25", 1, "20270315", 1, "82"),
    change("26", to="20270316"), change("27", day="20270315", to="99991231"),
    change("28", 1, "00010101", to="20270316"),
    change("29", 1, "20270315", 20_000, "82", "20270317"),
]  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn) -> list[str]:
    """A section whose orders have a few other characters here and there."""
    lines = draw(st.lists(st.sampled_from(draw(st.sampled_from([MANDATES, PAYMENTS, CHANGES]))),
                          min_size=1, max_size=5))  # fmt: skip
    place = st.tuples(st.integers(2, 73), st.sampled_from(CHARACTERS))
    return [_with(line, draw(st.lists(place, max_size=4))) for line in lines]


def _with(line: str, places: list[tuple[int, str]]) -> str:
    for at, character in places:
        line = line[:at] + character + line[at + 1 :]
    return line


@settings(max_examples=150, deadline=None)
@given(st.lists(spoilt(), min_size=1, max_size=4))
@example([[payment(1, "20270315", "9" * 12)] * 2])
def test_spoilt_orders_are_refused_or_answered_in_whole_lines(sections: list[list[str]]) -> None:
    town = town_of({"outgoing": True, "maximum_ore": 50_000})
    town.approved(1, 2)
    for section in sections:
        receipt = town.bank.receive(sealed(opening(), *section))
        assert receipt.accepted or receipt.line > 1
        reports = town.run()
        assert {len(line) for report in reports for line in text_of(report)} <= {80}
        # The registers hold together whatever came.
        extract = town.bank.mandate_register("9912346")
        live = [s for s in town.bank.mandates("9912346").values() if s in ("approved", "enquiry")]
        assert len(text_of(extract) if extract else []) == len(live)
        assert {p.payer.isdecimal() for p in town.bank.waiting("9912346")} <= {True}


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_crash_the_bank(content: bytes) -> None:
    town = town_of()
    receipt = town.bank.receive(content)
    assert not receipt.accepted
    assert receipt.reason
