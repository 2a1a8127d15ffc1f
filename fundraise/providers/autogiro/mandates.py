"""Records about mandates that come from Bankgirot.

Source: technical manual, August 2014: 8.3 mandate advice, 8.6 mandates of the Internet bank, 8.8
mandate register, 9 the old layout.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from fundraise.providers.autogiro.layout import (
    Field,
    Layout,
    account,
    code,
    code_or_blank,
    const,
    filler,
    identity,
    long_number,
    number,
    text,
)


class MandateAdvice(NamedTuple):
    """TK73: what became of a mandate; the pair of codes decides."""

    bankgiro: str
    payer: str
    account: str
    identity: str
    information: str
    comment: str
    day: str
    valid_from: str = ""


class CountEnd(NamedTuple):
    """An end record that counts records only: TK09 of a mandate advice, TK59 (52-56 together)."""

    written_on: str
    records: int


class EMandate(NamedTuple):
    """TK52: a mandate that a payer gave in the Internet bank. Message 0 new, 1 and 2 reminders."""

    bankgiro: str
    payer: str
    account: str
    identity: str
    message: str


class EMandateText(NamedTuple):
    """TK53: free text."""

    text: str


class EMandateLines(NamedTuple):
    """TK54 and TK55: two lines of name and address each."""

    code: str
    first: str
    second: str


class EMandateTown(NamedTuple):
    """TK56: postcode (zeros when abroad) and town, or country when abroad."""

    postcode: str
    town: str


class RegisterLine(NamedTuple):
    """A mandate as Bankgirot has it.

    Kind 1 from the payee, 2 from the Internet bank; status 1 approved, 2 asked about.
    """

    bankgiro: str
    identity: str
    payer: str
    kind: str
    last_year: str
    created: str
    changed: str
    status: str
    account: str


def _advice(*rest: Field) -> Layout[MandateAdvice]:
    return Layout(
        MandateAdvice,
        [
            const("73"),
            long_number("bankgiro", 10),
            long_number("payer", 16),
            account("account"),
            identity("identity"),
            filler(5),
            code("information", 2),
            code_or_blank("comment", 2),
            code_or_blank("day", 8),
            *rest,
        ],
    )


ADVICE: dict[str, Layout[Any]] = {"73": _advice()}


ADVICE_OLD: dict[str, Layout[Any]] = {"73": _advice(code_or_blank("valid_from", 6))}


COUNT_END = Layout(
    CountEnd, [const("09"), code("written_on", 8), const("9900"), number("records", 7)]
)


def _lines(tk: str) -> Layout[EMandateLines]:
    return Layout(EMandateLines, [code("code", 2, tk), text("first", 36), text("second", 36)])


E_MANDATES: dict[str, Layout[Any]] = {
    "52": Layout(
        EMandate,
        [
            const("52"),
            long_number("bankgiro", 10),
            long_number("payer", 16),
            account("account"),
            identity("identity"),
            filler(5),
            code("message", 1, "[0-2]"),
        ],
    ),
    "53": Layout(EMandateText, [const("53"), text("text", 36)]),
    "54": _lines("54"),
    "55": _lines("55"),
    "56": Layout(EMandateTown, [const("56"), text("postcode", 5), text("town", 31)]),
}


E_MANDATES_END = Layout(
    CountEnd, [const("59"), code("written_on", 8), const("9900"), number("records", 7)]
)


REGISTER = Layout(
    RegisterLine,
    [
        long_number("bankgiro", 10),
        identity("identity"),
        long_number("payer", 16),
        code("kind", 1, "[12]"),
        code_or_blank("last_year", 2),
        code("created", 8),
        code_or_blank("changed", 8),
        code("status", 1, "[12]"),
        filler(6),
        account("account"),
    ],
)


REGISTER_OLD = Layout(
    RegisterLine,
    [
        long_number("bankgiro", 10),
        identity("identity"),
        long_number("payer", 16),
        code("kind", 1, "[12]"),
        code_or_blank("last_year", 1),
        code("created", 8),
        code_or_blank("changed", 8),
        code("status", 1),
        filler(6),
        account("account"),
    ],
)
