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
class NewBasis:
    """A legal basis to be, on a day; a consent also to words (by id) and with proof."""

    purpose: str
    basis: str
    source: str
    on: date
    wording_id: int | None = None
    proof: str = ""


@dataclass(frozen=True)
class NewDonor:
    """A donor to be, in a list of many. `member_informed_on` makes it a member."""

    name: Name = field(repr=False)
    language: str = "sv"
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    postal: PostalAddress | None = field(default=None, repr=False)
    member_informed_on: date | None = None
    more_phones: tuple[str, ...] = field(default=(), repr=False)
    bases: tuple[NewBasis, ...] = field(default=(), repr=False)
    tags: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Addition:
    """What a known donor gets beside what it has."""

    donor_id: int
    contacts: tuple[tuple[str, str | PostalAddress], ...] = field(default=(), repr=False)
    bases: tuple[NewBasis, ...] = field(default=(), repr=False)
    tags: tuple[str, ...] = field(default=(), repr=False)
