"""The rules that are shipped, in their order (the first that knows an item decides).

Each has a key (which function), a mode and settings; an entity gets them as rows of its own, dated
and versioned. Plain Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

OFF, SUGGEST, AUTO = "off", "suggest", "auto"
Settings = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Shipped:
    """A rule as it is when an entity's books are opened; rules.NAMES has the name of its slug."""

    key: str
    slug: str
    mode: str
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleNow:
    """A rule as it counts now: its function, its mode, its settings, and the version's key."""

    key: str
    mode: str
    settings: Settings
    version_id: int
    position: int = 0

    def number(self, name: str, usual: int) -> int:
        """A setting that is a whole number."""
        value = self.settings.get(name, usual)
        return value if isinstance(value, int) else usual

    def words(self, name: str) -> tuple[str, ...]:
        """A setting that is a list of words."""
        value = self.settings.get(name, ())
        return tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()

    def text(self, name: str) -> str:
        """A setting that is one word."""
        return str(self.settings.get(name, ""))


# BkTxCd of ISO 20022: interest and charges as a bank books them on an account.
INTEREST_CODES = ("ACMT/MCOP/INTR", "ACMT/MDOP/INTR", "PMNT/MCOP/INTR", "LDAS/NTAV/INTR")
FEE_CODES = ("ACMT/MDOP/CHRG", "ACMT/MDOP/COMM", "ACMT/MDOP/FEES", "PMNT/MDOP/CHRG")

RULES: Final = (
    Shipped("ocr_exact", "ocr_exact", AUTO),
    Shipped("ocr_other_amount", "ocr_other_amount", AUTO, {"times": 10}),
    Shipped("payout", "payout", AUTO, {"days": 5, "payers": ["stripe"]}),
    Shipped("autogiro", "autogiro", AUTO, {"days": 5, "payers": ["bankgirot", "bgc", "autogiro"]}),
    Shipped("swish_ref", "swish_ref", AUTO),
    Shipped("refund", "refund", AUTO, {"days": 10}),
    Shipped("taken_back", "taken_back", SUGGEST, {"days": 30}),
    Shipped(
        "words", "interest", AUTO,
        {"kind": "interest", "codes": list(INTEREST_CODES), "sole": True,
         "words": ["ränta", "kreditränta", "inlåningsränta"]},
    ),
    Shipped(
        "words", "bank_fee", AUTO,
        {"kind": "bank_fee", "codes": list(FEE_CODES), "words": ["bankavgift"], "sole": True,
         "way": "out"},
    ),
    Shipped(
        "words", "public_support", SUGGEST,
        {"kind": "public_support", "words": ["partistöd", "kammarkollegiet"], "way": "in"},
    ),
    Shipped(
        "words", "membership", SUGGEST,
        {"kind": "membership", "words": ["medlemsavgift", "medlemskap"], "way": "in"},
    ),
    # Behind the words: what a payer says of a payment counts before who she is.
    Shipped("alias", "alias", SUGGEST),
    Shipped("name", "name", SUGGEST, {"days": 5}),
    Shipped("own_transfer", "own_transfer", SUGGEST, {"days": 3}),
    Shipped("others", "others", SUGGEST),
)  # fmt: skip
# Likely at most, whatever was tried; a transfer has two sides, and both are a person's to see.
NEVER_AUTO: Final = frozenset({"name", "others", "own_transfer"})
ON_SHARED: Final = frozenset({"others"})  # asked on shared accounts alone
KEYS: Final = frozenset(one.key for one in RULES)
