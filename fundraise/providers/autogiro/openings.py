"""How reports from Bankgirot begin, in the new layout and the old one.

Source: technical manual, August 2014, chapters 8 and 9. What a layout has no place for is empty.
"""

from __future__ import annotations

from typing import NamedTuple

from fundraise.providers.autogiro.layout import (
    Field,
    Layout,
    code,
    code_or_blank,
    const,
    filler,
    long_number,
)


class ReportOpening(NamedTuple):
    """TK01: whose report it is. The customer number is empty where the layout has none."""

    written_on: str
    time: str
    customer_number: str
    bankgiro: str


def _lenient(content: str, length: int, must: str) -> Field:
    """A content name whose Ä may be damaged: only its beginning is looked at."""
    rest = length - len(must)
    pattern = f"{must}.{{{rest}}}"
    return Field("", length, pattern, "constant", None, lambda _v: content.ljust(length), must)


def _content(content: str, length: int) -> Field:
    must = content.split("Ä")[0]
    return _lenient(content, length, must) if "Ä" in content else const(content.ljust(length))


def new_opening(content: str) -> Layout[ReportOpening]:
    """The new layout's opening record of the report with a content name."""
    return Layout(
        ReportOpening,
        [
            const("01" + "AUTOGIRO".ljust(20)),
            filler(2),
            code("written_on", 8),
            code_or_blank("time", 12),
            _content(content, 20),
            code("customer_number", 6),
            long_number("bankgiro", 10),
        ],
    )


def _absent(name: str) -> Field:
    """A value that this layout has no place for."""
    return Field(name, 0, "", "constant", str, lambda _v: "")


def old_opening(content: str) -> Layout[ReportOpening]:
    """The old layout's, also of the watch register."""
    return Layout(
        ReportOpening,
        [
            const("01"),
            code("written_on", 8),
            _absent("time"),
            const("AUTOGIRO9900"),
            _content(content, 40),
            code("customer_number", 6),
            long_number("bankgiro", 10),
        ],
    )


ADVICE_OPENING_OLD = Layout(
    ReportOpening,
    [
        const("01"),
        code("written_on", 8),
        _absent("time"),
        _absent("customer_number"),
        const("9900"),
        long_number("bankgiro", 10),
        const("AG-MEDAVI"),
    ],
)


E_MANDATES_OPENING = Layout(
    ReportOpening,
    [
        const("51"),
        code("written_on", 8),
        _absent("time"),
        _absent("customer_number"),
        const("9900"),
        long_number("bankgiro", 10),
        const("AG-EMEDGIV".ljust(20)),
    ],
)
