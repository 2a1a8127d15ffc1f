"""What staff decide for a whole list. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

BASES = {
    "membership": "membership medlemskap medlem member",
    "consent": "consent samtycke samtyckt samtycker",
    "regular_contact": "regularcontact regelbundenkontakt kontakt",
}
BASIS_WORDS = {word: basis for basis, words in BASES.items() for word in words.split()}
LANGUAGE_WORDS = {
    "sv": "sv", "swe": "sv", "svenska": "sv", "swedish": "sv", "se": "sv", "svsv": "sv",
    "svse": "sv", "en": "en", "eng": "en", "engelska": "en", "english": "en", "gb": "en",
    "engb": "en", "enus": "en",
}  # fmt: skip
LONGEST_SOURCE = 60
APART = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every row that does not say otherwise.

    `appeals`: a consent in the list is also to be asked for gifts. `shared`: a row with somebody
    else's e-mail address is a person of its own, as couples share one.
    """

    basis: str = ""
    basis_on: date | None = None
    basis_source: str = ""
    basis_proof: str = ""
    appeals: bool = False
    language: str = "sv"
    tags: str = ""
    shared: bool = False

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        on = self.basis_on.isoformat() if self.basis_on else ""
        return asdict(self) | {"basis_on": on}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Terms:
        """What `kept` gave."""
        on = kept.get("basis_on") or None
        return cls(**{**kept, "basis_on": date.fromisoformat(on) if on else None})


def source_code(text: str) -> str:
    """A source as the registers keep it: "Medlemsregistret 2026" is "medlemsregistret_2026"."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    ascii_text = "".join(char for char in plain if not unicodedata.combining(char))
    code = APART.sub("_", ascii_text).strip("_")[:LONGEST_SOURCE].strip("_")
    if code and not code[0].isalpha():
        code = f"list_{code}"
    return code
