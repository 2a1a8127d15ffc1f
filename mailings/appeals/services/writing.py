"""The door to an appeal's words: variants A to D, each in the languages it is written in.

What is saved is compiled at once, with its links, so that what is approved is what is sent. Two
open pages can't overwrite each other: each language of each variant counts its saves.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from mailings.appeals.models import Appeal, Content, Link, Variant
from mailings.appeals.services import sender
from mailings.composing import houses, mending
from mailings.composing.drafts import Compiled, House
from mailings.composing.errors import Refused, Stale
from mailings.composing.sheets import LANGUAGES, Sheet, read

LETTERS = "ABCD"
ONE_SITTING = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Saved:
    """What is kept now; `compiled` says what the words became."""

    edition: int
    sheet: Sheet
    compiled: Compiled


@transaction.atomic
def save_words(
    *, appeal_id: int, letter: str, language: str, sheet: Sheet, edition: int, by: str
) -> Saved:
    """Keep and compile one variant's words in one language.

    `edition` is the one that the page showed, 0 where nothing was written. The same words sent
    twice are saved once. Raises Stale when somebody else saved meanwhile; Refused: not_draft,
    no_variant.
    """
    appeal = _draft(appeal_id)
    variant = _variant(appeal, letter)
    content = Content.objects.filter(variant=variant, language=language).first()
    before, seen = (sheet_of(content), content.edition) if content else (Sheet(), 0)
    house = houses.of_campaign(appeal.campaign, language)
    sheet = sheet.based(language, house, before)
    compiled = sheet.compiled(language, house)
    if content and sheet == before and content.compiled_at:
        return Saved(seen, sheet, compiled)
    if seen != edition:
        raise Stale(seen, content.changed_by if content else "")
    if sheet.is_empty:
        return _taken_away(appeal, content, compiled, by)
    content = content or _fresh(appeal, variant, language)
    goes_on = _goes_on(content, by)
    _keep(content, sheet, compiled, by)
    if not goes_on:
        _log(appeal, by, "appeal.words_saved", variant=letter, language=language)
    return Saved(content.edition, sheet, compiled)


def _goes_on(content: Content, by: str) -> bool:
    """Whether the same person is still writing: a save every second is one line of the log."""
    if content.pk is None or content.changed_by != by:
        return False
    return content.changed_at > clock.now() - ONE_SITTING


def _fresh(appeal: Appeal, variant: Variant, language: str) -> Content:
    """A language that is begun comes from whom its variant comes from."""
    who = sender.of_variant(appeal, variant.letter)
    return Content(
        variant=variant,
        language=language,
        edition=0,
        from_email=who.address,
        from_name=who.name,
        reply_to=who.reply_to,
    )


def _taken_away(appeal: Appeal, content: Content | None, compiled: Compiled, by: str) -> Saved:
    """A language that nothing is written in any more is none: its readers get the other one."""
    if content is not None:
        letter, language = content.variant.letter, content.language
        content.delete()
        _log(appeal, by, "appeal.words_removed", variant=letter, language=language)
    return Saved(0, Sheet(), compiled)


def _keep(content: Content, sheet: Sheet, compiled: Compiled, by: str) -> None:
    for name, value in sheet.dump().items():
        setattr(content, name, value)
    content.compiled_subject = compiled.subject
    content.compiled_html, content.compiled_text = compiled.html, compiled.text
    content.tags = list(compiled.tags)
    content.problems = [asdict(problem) for problem in compiled.problems]
    content.edition += 1
    content.changed_at = content.compiled_at = clock.now()
    content.changed_by = by
    content.save()
    content.links.all().delete()
    Link.objects.bulk_create(
        Link(content=content, number=link.n, target=link.url) for link in compiled.links
    )


@transaction.atomic
def add_variant(*, appeal_id: int, copy_of: str, by: str) -> str:
    """The next letter, a copy of another. Raises Refused: not_draft, no_variant, full."""
    appeal = _draft(appeal_id)
    source = _variant(appeal, copy_of)
    taken = set(appeal.variants.values_list("letter", flat=True))
    free = [letter for letter in LETTERS if letter not in taken]
    if not free:
        raise Refused("full")
    made = Variant.objects.create(appeal=appeal, letter=free[0])
    for content in source.contents.all():
        fresh = Content(
            variant=made,
            language=content.language,
            edition=0,
            from_name=content.from_name,
            from_email=content.from_email,
            reply_to=content.reply_to,
        )
        house = houses.of_campaign(appeal.campaign, content.language)
        sheet = sheet_of(content)
        _keep(fresh, sheet, sheet.compiled(content.language, house), by)
    _log(appeal, by, "appeal.variant_added", variant=made.letter)
    return made.letter


@transaction.atomic
def remove_variant(*, appeal_id: int, letter: str, by: str) -> None:
    """Take a variant away; A stays. Twice is harmless. Raises Refused: not_draft, no_variant."""
    appeal = _draft(appeal_id)
    if letter == "A" or letter not in LETTERS:
        raise Refused("no_variant")
    gone = Variant.objects.filter(appeal=appeal, letter=letter)
    if gone.exists():
        Link.objects.filter(content__variant__in=gone).delete()
        Content.objects.filter(variant__in=gone).delete()
        gone.delete()
        _log(appeal, by, "appeal.variant_removed", variant=letter)


@transaction.atomic
def compile_again(*, appeal_id: int, by: str) -> None:
    """Compile every word anew: a name, an address or a colour may have changed since."""
    appeal = _draft(appeal_id)
    for content in Content.objects.filter(variant__appeal=appeal).order_by("pk"):
        house = houses.of_campaign(appeal.campaign, content.language)
        _renew(content, sheet_of(content, house), house, by)


@transaction.atomic
def copy_words(source: Content, to: Content, *, by: str) -> None:
    """What is written in one, in another that is saved already, for its own appeal's campaign."""
    was, now = (one.variant.appeal.campaign for one in (source, to))
    sheet = sheet_of(source, houses.of_campaign(was, source.language))
    _renew(to, sheet, houses.of_campaign(now, to.language), by)


def _renew(content: Content, sheet: Sheet, house: House, by: str) -> None:
    if not sheet.blocks:
        return  # nothing that a mail could be made of
    compiled = sheet.compiled(content.language, house)
    before = content.compiled_subject, content.compiled_html, content.compiled_text
    links = {link.n: link.url for link in compiled.links}
    kept = dict(content.links.values_list("number", "target"))
    if before != (compiled.subject, compiled.html, compiled.text) or links != kept:
        _keep(content, sheet, compiled, by)


def sheet_of(content: Content, house: House | None = None) -> Sheet:
    """What is written, for the editor; with its house, as its links were mended since."""
    sheet = read({name: getattr(content, name) for name in Sheet().dump()})
    if house is None:
        return sheet
    targets = content.links.exclude(mended_at=None).values_list("number", "target")
    return mending.mended(sheet, content.language, house, dict(targets))


def _draft(appeal_id: int) -> Appeal:
    """The appeal, locked, so that it can't be scheduled while it is being saved."""
    rows = Appeal.objects.select_for_update(of=("self",))
    appeal = rows.select_related("campaign__entity").get(pk=appeal_id)
    if appeal.state != Appeal.State.DRAFT:
        raise Refused("not_draft")
    if appeal.kind == Appeal.Kind.JOURNEY and _is_on_its_way(appeal):
        raise Refused("journey_runs")
    return appeal


def _is_on_its_way(appeal: Appeal) -> bool:
    """Whether a journey that runs mails these words: half a sentence must not leave with them."""
    return Appeal.objects.filter(pk=appeal.pk, step__journey__state="on").exists()


def _variant(appeal: Appeal, letter: str) -> Variant:
    if letter == "A":
        return Variant.objects.get_or_create(appeal=appeal, letter="A")[0]
    found = Variant.objects.filter(appeal=appeal, letter=letter).first()
    if found is None:
        raise Refused("no_variant")
    return found


def _log(appeal: Appeal, by: str, action: str, **after: Any) -> None:
    audit.log_change(
        by=by, action=action, subject_type="appeal", subject_ref=appeal.ref, after=after
    )


__all__ = [
    "LANGUAGES",
    "LETTERS",
    "Saved",
    "add_variant",
    "compile_again",
    "copy_words",
    "remove_variant",
]
