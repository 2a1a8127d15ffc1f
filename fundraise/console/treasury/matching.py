"""Suggestions and items as the pages show them, with the payer's words; reading them is logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects

from donors import cards
from fundraise.audit import services as audit
from fundraise.console.treasury import words
from fundraise.console.words import Text
from fundraise.reconciliation import queries, rules, said
from fundraise.reconciliation.models import Item, Match
from fundraise.reconciliation.said import NOTHING, Said

PAGE = 100


@dataclass(frozen=True, slots=True)
class Proposed:
    """One suggestion in words, with what spoke for it."""

    match: Match
    who: str = field(default="", repr=False)

    @property
    def evidence(self) -> list[Text]:
        return [words.found(str(code)) for code in self.match.evidence.get("found", [])]

    @property
    def rule(self) -> str:
        return rules.titled(self.match.rule.rule) if self.match.rule else ""

    @property
    def campaign(self) -> object:
        """Which campaign it would be for."""
        gift = self.match.gift
        return self.match.campaign or (gift.campaign if gift else None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open item, what the bank says of it, and what it may be."""

    item: Item
    said: Said = field(repr=False)
    proposed: list[Proposed] = field(default_factory=list)

    @property
    def first(self) -> Proposed | None:
        return self.proposed[0] if self.proposed else None


def waiting(items: Sequence[Item], *, by: str) -> list[Waiting]:
    """Items with the payers' words and what is suggested; writes the read log."""
    told = said.of(items)
    proposed = _proposed(items, by)
    audit.log_reads(
        by=by,
        subject_type="bank_item",
        subject_refs=[item.ref for item in items if item.pk in told],
        purpose="staff.match",
    )
    return [Waiting(item, told.get(item.pk, NOTHING), proposed.get(item.pk, [])) for item in items]


def _proposed(items: Sequence[Item], by: str) -> dict[int, list[Proposed]]:
    prefetch_related_objects(items, queries.suggestions())  # those that have theirs keep them
    found: dict[int, list[Match]] = {item.pk: vars(item)["suggestions"] for item in items}
    matches = [match for some in found.values() for match in some]
    people = list({match.donor_id: match.donor for match in matches if match.donor}.values())
    opened = cards.open_lines(people, by=by, purpose="staff.match") if people else []
    names = {line.pk: line.name for line in opened}
    return {
        pk: [Proposed(match, names.get(match.donor_id or 0, "")) for match in some]
        for pk, some in found.items()
    }
