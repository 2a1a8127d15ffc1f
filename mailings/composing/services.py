"""The doors that write templates, their versions and the library of pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.db import IntegrityError, transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.ledger.models import LegalEntity
from mailings.composing import houses, pictures
from mailings.composing.errors import Refused, Stale
from mailings.composing.models import Picture, Template, TemplateVersion
from mailings.composing.sheets import LANGUAGES, Sheet, read


def create_template(
    *, entity: LegalEntity, name: str, by: str, sheets: Mapping[str, Sheet] | None = None
) -> Template:
    """A template with what is written to begin with. Raises Refused: no_name, name_taken."""
    now, kept = clock.now(), {key: sheet.dump() for key, sheet in (sheets or {}).items()}
    row = Template(
        entity=entity, name=_name(name), sheets=kept, created_at=now, created_by=by,
        changed_at=now, changed_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _log(row, by, "template.made")
    except IntegrityError:
        raise Refused("name_taken") from None
    return row


@transaction.atomic
def save_sheet(*, ref: Any, language: str, sheet: Sheet, edition: int, by: str) -> Template:
    """Keep one language's words. Sent twice it is saved once; raises Stale when others saved."""
    row = _open(ref)
    before = sheet_of(row, language)
    sheet = sheet.based(language, houses.of_entity(row.entity, language), before)
    if sheet.dump() == before.dump():
        return row
    if row.edition != edition:
        raise Stale(row.edition, row.changed_by)
    row.sheets = {**row.sheets, language: sheet.dump()}
    return _saved(row, by)


@transaction.atomic
def rename(*, ref: Any, name: str, by: str) -> Template:
    """Another name. Raises Refused: no_name, name_taken, archived."""
    row = _open(ref)
    if row.name == _name(name):
        return row
    row.name = _name(name)
    taken = Template.objects.filter(entity=row.entity, name=row.name, archived_at=None)
    if taken.exclude(pk=row.pk).exists():
        raise Refused("name_taken")
    _log(row, by, "template.renamed")
    return _saved(row, by)


@transaction.atomic
def keep_version(*, ref: Any, by: str) -> TemplateVersion:
    """What is written, kept for good. The same words twice are one version.

    Raises Refused: not_ready when a language that is begun has faults, no_words when none is.
    """
    row = _open(ref)
    written = {lang: sheet_of(row, lang) for lang in LANGUAGES if row.sheets.get(lang)}
    begun = {language: sheet for language, sheet in written.items() if not sheet.is_empty}
    if not begun:
        raise Refused("no_words")
    house = {language: houses.of_entity(row.entity, language) for language in begun}
    if not all(sheet.compiled(lang, house[lang]).can_go for lang, sheet in begun.items()):
        raise Refused("not_ready")
    kept = {language: sheet.dump() for language, sheet in begun.items()}
    last = row.versions.order_by("-number").first()
    if last is not None and last.sheets == kept:
        return last
    made = TemplateVersion.objects.create(
        template=row,
        number=last.number + 1 if last else 1,
        sheets=kept,
        made_at=clock.now(),
        made_by=by,
    )
    _log(row, by, "template.version_kept", version=made.number)
    return made


@transaction.atomic
def take_version(*, ref: Any, number: int, edition: int, by: str) -> Template:
    """Write on from an earlier version. Raises Stale, Refused: unknown_version, archived."""
    row = _open(ref)
    found = row.versions.filter(number=number).first()
    if found is None:
        raise Refused("unknown_version")
    if row.sheets == found.sheets:
        return row
    if row.edition != edition:
        raise Stale(row.edition, row.changed_by)
    row.sheets = found.sheets
    _log(row, by, "template.version_taken", version=number)
    return _saved(row, by)


@transaction.atomic
def archive(*, ref: Any, by: str) -> None:
    """Out of the list; its versions stay. Twice is harmless."""
    row = Template.objects.select_for_update().get(ref=ref)
    if row.archived_at is None:
        row.archived_at = clock.now()
        row.save(update_fields=["archived_at"])
        _log(row, by, "template.archived")


def add_picture(
    *, entity: LegalEntity, upload: IO[bytes], size: int, alt_sv: str, alt_en: str, by: str
) -> Picture:
    """A picture for the library; the same picture again gets the new words.

    Raises fundraise.pictures.PictureError; Refused (no_words) without Swedish words.
    """
    if not alt_sv.strip():
        raise Refused("no_words")
    made = pictures.remake(upload, size)
    name = pictures.store(made)
    words = {"alt_sv": alt_sv.strip(), "alt_en": alt_en.strip()}
    with transaction.atomic():
        row, _new = Picture.objects.update_or_create(
            entity=entity,
            name=name,
            defaults=words,
            create_defaults={
                **words,
                "width": made.width,
                "height": made.height,
                "size": len(made.data),
                "added_at": clock.now(),
                "added_by": by,
            },
        )
        audit.log_change(
            by=by, action="mail_picture.added", subject_type="mail_picture", subject_ref=name
        )
    return row


def sheet_of(row: Template, language: str) -> Sheet:
    """What is written in a language; an empty sheet when nothing is."""
    return read(row.sheets[language]) if row.sheets.get(language) else Sheet()


def newest_sheets(row: Template) -> dict[str, Sheet]:
    """What an appeal begins with: the newest kept version, else what is written."""
    last = row.versions.order_by("-number").first()
    kept = last.sheets if last else row.sheets
    return {language: read(sheet) for language, sheet in kept.items() if sheet}


def _open(ref: Any) -> Template:
    row = Template.objects.select_for_update(of=("self",)).select_related("entity").get(ref=ref)
    if row.archived_at is not None:
        raise Refused("archived")
    return row


def _saved(row: Template, by: str) -> Template:
    row.edition += 1
    row.changed_at, row.changed_by = clock.now(), by
    row.save(update_fields=["sheets", "name", "edition", "changed_at", "changed_by"])
    return row


def _name(name: str) -> str:
    said = " ".join(name.split())[:90]
    if not said:
        raise Refused("no_name")
    return said


def _log(row: Template, by: str, action: str, **after: object) -> None:
    audit.log_change(
        by=by, action=action, subject_type="template", subject_ref=row.ref, after=after
    )
