"""What is compiled and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mailings.composing.problems import Problem

RAISING = {"sv": "mina-sidor/hoj", "en": "en/my-pages/raise"}


@dataclass(frozen=True, slots=True)
class House:
    """Who sends, for which campaign: what the footer and the links of a mail say."""

    organisation: str
    org_number: str
    address: str
    base_url: str
    campaign: str
    slug: str
    colour: str = "#0b5d4e"

    def page(self, language: str, *, monthly: bool = False) -> str:
        """The campaign's page."""
        path = f"en/{self.slug}" if language == "en" else self.slug
        query = {"sv": "?frekvens=manad", "en": "?frequency=monthly"}[language] if monthly else ""
        return f"{self.base_url}/{path}/{query}"

    def raising(self, language: str) -> str:
        """The page that raises a monthly gift with one button."""
        return f"{self.base_url}/{RAISING[language]}/"

    @property
    def constants(self) -> dict[str, str]:
        """The merge fields that are the same for all and known when the mail is compiled."""
        return {"campaign": self.campaign, "organisation": self.organisation}


@dataclass(frozen=True, slots=True)
class Draft:
    """One mail in one language, as it was written."""

    language: str
    subject: str
    preheader: str
    blocks: tuple[Any, ...]
    house: House
    text_edited: str = ""  # the plain text when it was written by hand
    text_made_of: str = ""  # plain.print_of what the blocks made when that began


@dataclass(frozen=True, slots=True)
class Link:
    """The target of link `n`: a give link leads to the campaign's page."""

    n: int
    url: str
    kind: str  # give, monthly, web


@dataclass(frozen=True, slots=True)
class Compiled:
    """A mail ready to be sent to many: `-fr_<name>-` stands where each person's words go."""

    subject: str
    preheader: str
    html: str
    text: str
    tags: tuple[str, ...]
    links: tuple[Link, ...]
    size: int
    problems: tuple[Problem, ...] = ()
    text_made: str = field(default="", repr=False)  # the plain text that the blocks make

    @property
    def can_go(self) -> bool:
        """Whether nothing stands in the way of sending it."""
        return not any(problem.blocks for problem in self.problems)
