"""The daily proof as its page shows it: by letter, with words, sums and the rows behind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

from fundraise.campaigns.models import Campaign
from fundraise.console.treasury import proof_words
from fundraise.console.treasury.proof_words import Text
from fundraise.language import SWEDISH
from fundraise.providers.models import Account
from fundraise.reconciliation.models import BankAccount, ProofLine
from fundraise.reconciliation.proof.queries import Day

MOST_LINKS = 10
BADGES = {"ok": ("done", "●"), "differs": ("failed", "■"), "waiting": ("waits", "▲")}
PAGES = {"payout": "console:payout", "gift": "console:gift"}


@dataclass(frozen=True, slots=True)
class Link:
    """One row behind a line: what it is called, and its page where it has one."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One line in words. `counted`: the two sides are numbers of rows."""

    line: ProofLine
    title: Text
    about: str
    counted: bool
    links: list[Link]
    more: int

    @property
    def badge(self) -> tuple[str, str]:
        """Class and sign; nothing is said by colour alone."""
        return BADGES.get(self.line.status, ("quiet", "–"))

    @property
    def said(self) -> Text:
        return proof_words.STATUS[self.line.status]

    @property
    def has_sums(self) -> bool:
        """Whether there are two sides to show: not for a wait without rows, nor for nothing."""
        return (
            self.line.status != "not_applicable" and self.line.source.rpartition(":")[2] != "file"
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """One identity with its lines."""

    letter: str
    title: Text
    lines: list[Shown]

    @property
    def worst(self) -> str:
        """The state of the whole: red before amber before green."""
        found = {one.line.status for one in self.lines}
        return next((one for one in ("differs", "waiting", "ok") if one in found), "not_applicable")

    @property
    def badge(self) -> tuple[str, str]:
        return BADGES.get(self.worst, ("quiet", "–"))


def letters(day: Day) -> list[Letter]:
    """A run's lines, letter by letter."""
    names = _names(day.lines)
    return [
        Letter(letter, proof_words.LETTERS[letter], [_shown(line, names) for line in lines])
        for letter, lines in groupby(day.lines, key=lambda line: line.letter)
    ]


def _shown(line: ProofLine, names: dict[str, str]) -> Shown:
    part = proof_words.part_of(line.letter, line.source)
    links = [_link(row) for row in line.rows[:MOST_LINKS] if not row.startswith("bank_account:")]
    return Shown(
        line=line,
        title=proof_words.LINES.get((line.letter, part), line.name),
        about=_about(line, names),
        counted=proof_words.is_counted(line.letter, part),
        links=links,
        more=max(0, len(line.rows) - MOST_LINKS),
    )


def _about(line: ProofLine, names: dict[str, str]) -> str:
    """Whose line it is: the account's name, the campaign, else the legal entity."""
    for word in line.source.split(":")[1:]:
        if word in names:
            return names[word]
    return line.entity.name if line.entity else ""


def _names(lines: Collection[ProofLine]) -> dict[str, str]:
    words = {word for line in lines for word in line.source.split(":")[1:]}
    refs = [ref for word in words if (ref := _ref(word))]
    campaigns = Campaign.objects.filter(slug__in=words)
    titles = {one.slug: one.title(get_language() or SWEDISH) for one in campaigns}
    banks = BankAccount.objects.filter(ref__in=refs).values_list("ref", "name")
    accounts = Account.objects.filter(provider="stripe", slug__in=words).values_list("slug", "name")
    return {**titles, **{str(ref): name for ref, name in banks}, **dict(accounts)}


def _ref(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None


def _link(row: str) -> Link:
    kind, _colon, ref = row.partition(":")
    page = PAGES.get(kind)
    return Link(ref[:8], reverse(page, args=[ref]) if page and _ref(ref) else "")
