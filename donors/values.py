"""Names and addresses as the rest of the program passes them. None of them shows in a repr."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class PersonName:
    given: str = field(repr=False)
    family: str = field(repr=False)

    @property
    def full(self) -> str:
        return f"{self.given} {self.family}".strip()

    def __str__(self) -> str:
        return "PersonName"


@dataclass(frozen=True)
class OrganisationName:
    full: str = field(repr=False)

    def __str__(self) -> str:
        return "OrganisationName"


Name = PersonName | OrganisationName


@dataclass(frozen=True)
class PostalAddress:
    """A Swedish address has a postcode of five digits; another country's is taken as it is."""

    lines: tuple[str, ...] = field(repr=False)
    postcode: str = field(repr=False)
    city: str = field(repr=False)
    country: str = field(default="SE", repr=False)

    def __str__(self) -> str:
        return "PostalAddress"


@dataclass(frozen=True)
class NewDonor:
    """A donor to be, in a list of many. `member_informed_on` makes it a member."""

    name: Name = field(repr=False)
    language: str = "sv"
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    postal: PostalAddress | None = field(default=None, repr=False)
    member_informed_on: date | None = None
