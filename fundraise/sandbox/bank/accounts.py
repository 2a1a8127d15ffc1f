"""The accounts, and what their holder has agreed with the bank."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

# Bank, its BIC and its number within an IBAN.
BANKS = {
    "swedbank": ("SWEDSESS", "800"), "handelsbanken": ("HANDSESS", "600"),
    "seb": ("ESSESESS", "500"), "nordea": ("NDEASESS", "300"), "danske": ("DABASESX", "120"),
}  # fmt: skip
FILES = ("camt.053", "camt.054", "csv", "swish")
VERSIONS = range(2, 14)
USES = ("dedicated", "shared")


@dataclass(frozen=True)
class BankAccount:
    # Clearing and account number, digits only.
    number: str
    holder: str
    bank: str = "swedbank"
    # What else lives on it: of a shared one, salaries and suppliers too.
    use: str = "dedicated"
    org: str = "8029999995"
    bankgiro: str = ""
    swish: str = ""
    version: int = 8
    files: tuple[str, ...] = ("camt.053", "camt.054")
    # Swish is booked one by one, or as the day's sum whose parts the notice tells.
    swish_sum: bool = False
    # The parts of a sum stand in the notice (camt.054), or within the statement.
    parts_in: str = "camt.054"
    # Whose account a notice is of: the IBAN, or the bankgiro number.
    notice_of: str = "iban"
    # A statement on days without a movement, too.
    empty_days: bool = True
    opening_ore: int = 0

    def __post_init__(self) -> None:
        """Raises ValueError."""
        _must(self.number.isdecimal() and 8 <= len(self.number) <= 17, "number: 8 to 17 digits")
        _must(self.bank in BANKS, f"bank: one of {', '.join(BANKS)}")
        _must(self.use in USES, f"use: one of {', '.join(USES)}")
        _must(self.version in VERSIONS, "version: 2 to 13")
        _must(set(self.files) <= set(FILES), f"files: of {', '.join(FILES)}")
        _must(self.parts_in in ("camt.053", "camt.054"), "parts_in: camt.053 or camt.054")
        _must(self.notice_of in ("iban", "bankgiro"), "notice_of: iban or bankgiro")
        object.__setattr__(self, "files", tuple(self.files))
        object.__setattr__(self, "bankgiro", self.bankgiro.replace("-", ""))

    @property
    def bic(self) -> str:
        return BANKS[self.bank][0]

    @property
    def iban(self) -> str:
        return iban(BANKS[self.bank][1], self.number)


def _must(good: bool, why: str) -> None:
    if not good:
        raise ValueError(why)


def iban(bank: str, number: str) -> str:
    """A Swedish IBAN: two check digits, three of the bank, seventeen of the account."""
    body = f"{bank}{number:0>17}"
    # S, E and 00 as numbers, behind the rest.
    return f"SE{98 - int(f'{body}281400') % 97:02d}{body}"


def load(path: Path) -> list[BankAccount]:
    """A JSON file: {"accounts": [{"number": …, "holder": …}, …]}. Raises ValueError."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [BankAccount(**given) for given in found["accounts"]]
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError(f"{path.name}: {problem}") from None


# What `make run` begins with: a party's account for gifts, its account for all else, a district's.
DEMO = (
    BankAccount("83279712345678", "Framtidspartiet", "swedbank", org="8029999995",
                bankgiro="991-2346", swish="1230000026", swish_sum=True,
                opening_ore=125_000_00),
    BankAccount("6000123456789", "Framtidspartiet", "handelsbanken", "shared", org="8029999995",
                version=2, opening_ore=480_000_00),
    BankAccount("30001234567", "Framtidspartiet Skåne", "nordea", "shared", org="8029999987",
                swish="1230000018", files=("csv", "swish"), opening_ore=240_000_00),
)  # fmt: skip
