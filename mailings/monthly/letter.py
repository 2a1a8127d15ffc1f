"""A mail to somebody who gives again and again: what happened, facts, one button, a way out."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import mrml
from django.template import Context, Template

from fundraise.providers.papers.wording import Block

_LAYOUT = Path(__file__).parents[1] / "templates" / "mailings" / "giving.mjml"


@dataclass(frozen=True, slots=True)
class GiverLetter:
    """The words of a mail in one language. `repr` shows the subject alone, which names nobody.

    `paper` is the mandate's text. Every word is escaped when it is laid out.
    """

    language: str
    subject: str
    heading: str = field(repr=False)
    said: tuple[str, ...] = field(repr=False)
    facts: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    button: str = field(default="", repr=False)
    link: str = field(default="", repr=False)
    after: tuple[str, ...] = field(default=(), repr=False)
    links: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    paper: tuple[Block, ...] = field(default=(), repr=False)
    foot: tuple[str, ...] = field(default=(), repr=False)

    def as_html(self) -> str:
        """The letter laid out."""
        words = {name: getattr(self, name) for name in self.__slots__}
        return _layout().render(Context(words, autoescape=True))

    def as_text(self) -> str:
        """The same words without layout: what is kept as proof of a notice."""
        parts = [
            self.heading,
            *self.said,
            "\n".join(f"{name}: {value}" for name, value in self.facts),
            f"{self.button}:\n{self.link}" if self.link else "",
            *self.after,
            *(f"{name}:\n{url}" for name, url in self.links),
            *(block.text for block in self.paper),
            "-- \n" + "\n".join(self.foot),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"


@cache
def _layout() -> Template:
    # Compiled before anything is filled in: what a giver typed is never read as MJML.
    return Template(mrml.to_html(_LAYOUT.read_text(encoding="utf-8")).content)
