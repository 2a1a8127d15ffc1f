"""What the editor writes on: a template, or the words of an appeal. One face for both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest

from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import LegalEntity
from fundraise.staff import rights
from mailings.appeals.models import Appeal, Content
from mailings.appeals.services import writing
from mailings.composing import houses, services
from mailings.composing.drafts import House
from mailings.composing.errors import Refused
from mailings.composing.models import Template
from mailings.composing.sheets import LANGUAGES, Sheet
from mailings.journeys.models import Journey, Step


@dataclass(frozen=True, slots=True)
class Page:
    """One language of one variant: its sheet and the number of its last save."""

    edition: int
    sheet: Sheet


class Desk(Protocol):
    """What the editor asks for."""

    kind: str  # template or appeal: the first word of its addresses' names
    shared: bool  # one number of saves for all languages

    @property
    def ref(self) -> UUID: ...
    @property
    def title(self) -> str: ...
    @property
    def entity_id(self) -> int: ...
    @property
    def is_open(self) -> bool:
        """Whether it may still be written."""
        ...

    def pages(self) -> dict[str, dict[str, Page]]:
        """Every variant's letter with its languages."""
        ...

    def house(self, language: str) -> House: ...
    def campaign(self) -> Campaign | None: ...
    def save(self, letter: str, language: str, sheet: Sheet, edition: int, by: str) -> Page:
        """Raises Stale and Refused of mailings.composing.errors."""
        ...


class TemplateDesk:
    """A template has one variant; its languages share the number of saves."""

    kind, shared = "template", True

    def __init__(self, row: Template) -> None:
        self.row = row

    @property
    def ref(self) -> UUID:
        return self.row.ref

    @property
    def title(self) -> str:
        return self.row.name

    @property
    def entity_id(self) -> int:
        return self.row.entity_id

    @property
    def is_open(self) -> bool:
        return self.row.archived_at is None

    def pages(self) -> dict[str, dict[str, Page]]:
        edition = self.row.edition
        sheets = {one: Page(edition, services.sheet_of(self.row, one)) for one in LANGUAGES}
        return {"A": sheets}

    def house(self, language: str) -> House:
        return houses.of_entity(self.row.entity, language)

    def campaign(self) -> Campaign | None:
        return houses.example_campaign(self.row.entity)

    def save(self, letter: str, language: str, sheet: Sheet, edition: int, by: str) -> Page:
        row = services.save_sheet(
            ref=self.row.ref, language=language, sheet=sheet, edition=edition, by=by
        )
        return Page(row.edition, services.sheet_of(row, language))


class AppealDesk:
    """An appeal has up to four variants, each in the languages that it is written in."""

    kind, shared = "appeal", False

    def __init__(self, row: Appeal) -> None:
        self.row = row

    @property
    def ref(self) -> UUID:
        return self.row.ref

    @property
    def title(self) -> str:
        return self.row.title

    @property
    def entity_id(self) -> int:
        return self.row.campaign.entity_id

    @property
    def is_open(self) -> bool:
        return self.row.state == Appeal.State.DRAFT and not self.is_on_its_way

    @cached_property
    def step(self) -> Step | None:
        """The step of a journey whose words these are."""
        return Step.objects.filter(pattern=self.row.pk).select_related("journey").first()

    @property
    def is_on_its_way(self) -> bool:
        """Whether people are mailed these words by a journey that runs."""
        return self.step is not None and self.step.journey.state == Journey.State.ON

    def pages(self) -> dict[str, dict[str, Page]]:
        letters = {"A", *self.row.variants.values_list("letter", flat=True)}
        rows = Content.objects.filter(variant__appeal=self.row).select_related("variant")
        found = {(one.variant.letter, one.language): one for one in rows}
        return {
            letter: {one: _page(found.get((letter, one))) for one in LANGUAGES}
            for letter in sorted(letters)
        }

    def house(self, language: str) -> House:
        return houses.of_campaign(self.row.campaign, language)

    def campaign(self) -> Campaign | None:
        return self.row.campaign

    def save(self, letter: str, language: str, sheet: Sheet, edition: int, by: str) -> Page:
        saved = writing.save_words(
            appeal_id=self.row.pk,
            letter=letter,
            language=language,
            sheet=sheet,
            edition=edition,
            by=by,
        )
        return Page(saved.edition, saved.sheet)


def chosen_entity(request: HttpRequest, permission: str) -> LegalEntity:
    """The legal entity that a form names. Raises Refused (not_yours)."""
    chosen = request.POST.get("entity", "")
    mine = LegalEntity.objects.filter(pk__in=rights.entities(request.user, permission))
    found = mine.filter(pk=int(chosen)).first() if chosen.isdigit() else None
    if found is None:
        raise Refused("not_yours")
    return found


def _page(content: Content | None) -> Page:
    return Page(content.edition, writing.sheet_of(content)) if content else Page(0, Sheet())
