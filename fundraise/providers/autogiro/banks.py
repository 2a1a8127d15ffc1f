"""The ranges of clearing numbers, as data with a date. See `accounts` for the source.

`in_autogiro` is False for banks that Bankgirot's list of 2020 marks as taking part in the clearing
only: a mandate there will presumably be refused, so it is a warning. Whether they have joined since
was not to be found out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

AS_OF = date(2024, 2, 22)


class Check(Enum):
    """What the check digit is computed over, and how."""

    MOD11_WITH_THREE = "1/1"  # the clearing number without its first digit, then the account
    MOD11_WITH_FOUR = "1/2"  # the whole clearing number, then the account
    LUHN = "2/1"  # the account
    MOD11 = "2/2"  # the account


@dataclass(frozen=True, slots=True)
class Bank:
    """A range of clearing numbers of one bank, and what its account numbers look like."""

    first: int
    last: int
    name: str
    check: Check
    digits: int
    lengths: tuple[int, int]
    may_be_uncheckable: bool = False
    in_autogiro: bool = True


def _seven(check: Check, *rows: tuple[int, int, str], joined: bool = True) -> list[Bank]:
    return [Bank(a, b, name, check, 7, (7, 7), in_autogiro=joined) for a, b, name in rows]


def _ten(*rows: tuple[int, int, str], shortest: int = 10) -> list[Bank]:
    return [Bank(a, b, name, Check.LUHN, 10, (shortest, 10)) for a, b, name in rows]


RANGES: list[Bank] = sorted(
    [
        *_seven(
            Check.MOD11_WITH_THREE,
            (1100, 1199, "Nordea"),
            (1200, 1399, "Danske Bank"),
            (1400, 2099, "Nordea"),
            (2400, 2499, "Danske Bank"),
            (3000, 3299, "Nordea"),
            (3301, 3399, "Nordea"),
            (3400, 3409, "Länsförsäkringar Bank"),
            (3410, 3781, "Nordea"),
            (3783, 3999, "Nordea"),
            (5000, 5999, "SEB"),
            (7000, 7999, "Swedbank"),
            (9060, 9069, "Länsförsäkringar Bank"),
            (9070, 9079, "Multitude Bank"),
            (9120, 9124, "SEB"),
            (9130, 9149, "SEB"),
            (9170, 9179, "IKANO Bank"),
            (9230, 9239, "Marginalen Bank"),
            (9250, 9259, "SBAB"),
            (9270, 9279, "ICA Banken"),
            (9280, 9289, "Resurs Bank"),
            (9400, 9449, "Forex Bank"),
            (9580, 9589, "Aion Bank"),
        ),
        *_seven(
            Check.MOD11_WITH_THREE,
            (9460, 9469, "Santander Consumer Bank"),
            (9630, 9639, "Lån & Spar Bank Sverige"),
            (9680, 9689, "BlueStep Finans"),
            joined=False,
        ),
        *_seven(
            Check.MOD11_WITH_FOUR,
            (2300, 2399, "Ålandsbanken"),
            (4000, 4999, "Nordea"),
            (9020, 9029, "Länsförsäkringar Bank"),
            (9040, 9049, "Citibank"),
            (9100, 9109, "Nordnet Bank"),
            (9150, 9169, "Skandiabanken"),
            (9190, 9199, "DNB Bank"),
            (9260, 9269, "DNB Bank"),
            (9470, 9479, "BNP Paribas"),
            (9650, 9659, "MedMera Bank"),
            (9660, 9669, "Svea Bank"),
            (9670, 9679, "JAK Medlemsbank"),
            (9700, 9709, "Ekobanken"),
            (9710, 9719, "Lunar Bank"),
            (9750, 9759, "Northmill Bank"),
            (9780, 9789, "Klarna Bank"),
            (9880, 9889, "Riksgälden"),
        ),
        *_seven(
            Check.MOD11_WITH_FOUR,
            (9390, 9399, "Landshypotek"),
            (9550, 9569, "Avanza Bank"),
            (9590, 9599, "Erik Penser Bank"),
            (9640, 9649, "NOBA Bank"),
            joined=False,
        ),
        *_ten((3300, 3300, "Nordea"), (3782, 3782, "Nordea"), (9180, 9189, "Danske Bank")),
        *_ten(
            (9300, 9349, "Swedbank"),
            (9570, 9579, "Sparbanken Syd"),
            (9890, 9899, "Riksgälden"),
            shortest=6,
        ),
        Bank(6000, 6999, "Handelsbanken", Check.MOD11, 9, (8, 9)),
        Bank(8000, 8999, "Swedbank", Check.LUHN, 10, (6, 10), may_be_uncheckable=True),
        Bank(9500, 9549, "Plusgirot", Check.LUHN, 10, (2, 10), may_be_uncheckable=True),
        Bank(9960, 9969, "Plusgirot", Check.LUHN, 10, (2, 10), may_be_uncheckable=True),
    ],
    key=lambda bank: bank.first,
)
