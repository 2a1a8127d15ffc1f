"""Writing an appeal: new, changed, copied, and asked once more of those who have not given.

Everything may change while it is a draft, and nothing after that (the database refuses).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign
from mailings.appeals import asking
from mailings.appeals.errors import AppealError
from mailings.appeals.locks import lock_appeal
from mailings.appeals.models import Appeal, Content, Link, Variant
from mailings.appeals.services import writing

# What staff choose; all else follows from it.
OPTIONS = frozenset(
    {
        "title", "segment_version_id", "without_recent_days", "without_monthly", "drop_givers",
        "holdout_percent", "priority", "ignores_cap", "first_wave", "purpose", "campaign",
        "people_of",
    }
)  # fmt: skip
COPIED = OPTIONS | {"kind", "zone"}
# What a copy of words has of its own.
OWN = frozenset({"id", "variant", "edition", "changed_at", "changed_by"})


@transaction.atomic
def new_appeal(
    *, campaign: Campaign, title: str, by: str, kind: str = Appeal.Kind.MAIL, **options: Any
) -> Appeal:
    """A draft with one version, its words not written yet (writing.py)."""
    _known(options)
    now = clock.now()
    appeal = Appeal.objects.create(
        campaign=campaign, title=title[:90], kind=kind, created_at=now, created_by=by, **options
    )
    Variant.objects.create(appeal=appeal, letter="A")
    _log(appeal, "appeal.made", by, {"kind": kind})
    return appeal


def _known(options: Mapping[str, Any]) -> None:
    if unknown := set(options) - OPTIONS:
        raise AppealError("unknown_option", tuple(sorted(unknown)))


@transaction.atomic
def set_options(ref: UUID, *, edition: int, by: str, **options: Any) -> Appeal:
    """Change what staff choose. Raises AppealError (not_draft, changed_meanwhile)."""
    _known(options)
    appeal = draft(ref, edition)
    before = {name: getattr(appeal, name) for name in options}
    for name, value in options.items():
        setattr(appeal, name, value)
    appeal.edition += 1
    appeal.save(update_fields=[*options, "edition"])
    changed = {name: value for name, value in options.items() if before[name] != value}
    _log(appeal, "appeal.changed", by, {"fields": sorted(changed)} if changed else {})
    return appeal


def draft(ref: UUID, edition: int | None = None) -> Appeal:
    """The appeal, locked, that may still be changed; of the edition that the page showed."""
    appeal = lock_appeal(ref)
    if appeal.state != Appeal.State.DRAFT:
        raise AppealError("not_draft")
    if edition is not None and appeal.edition != edition:
        raise AppealError("changed_meanwhile")
    return appeal


@transaction.atomic
def copy_appeal(ref: UUID, *, by: str, title: str = "", **options: Any) -> Appeal:
    """A draft that is as this one was, its words and versions with it, under the names of today.

    Raises AppealError("pattern") of what a journey sends: nobody could send the copy.
    """
    _known(options)
    appeal = lock_appeal(ref)
    if appeal.kind == Appeal.Kind.JOURNEY:
        raise AppealError("pattern")
    return _copy(appeal, by=by, title=title, options=options)


@transaction.atomic
def copy_of_pattern(ref: UUID, *, by: str, title: str) -> Appeal:
    """The words of a journey's step once more, for the journey to send."""
    return _copy(lock_appeal(ref), by=by, title=title, options={})


@transaction.atomic
def remind(ref: UUID, *, by: str, title: str = "") -> Appeal:
    """A draft for the people who got this one and have not given, left or bounced since.

    Raises AppealError: not_sent, where nobody has got it yet; pattern, of what a journey sends;
    campaign_over, where nobody is asked for its campaign any more.
    """
    appeal = lock_appeal(ref)
    if appeal.kind == Appeal.Kind.JOURNEY:
        raise AppealError("pattern")
    if appeal.frozen_at is None or appeal.kind == Appeal.Kind.LETTER:
        raise AppealError("not_sent")
    if asking.too_late(appeal, clock.today()):
        raise AppealError(asking.OVER)
    made = _copy(appeal, by=by, title=title, options={"segment_version_id": None})
    made.people_of = appeal
    made.save(update_fields=["people_of"])
    return made


def _copy(appeal: Appeal, *, by: str, title: str, options: Mapping[str, Any]) -> Appeal:
    kept = {name: getattr(appeal, name) for name in COPIED} | dict(options)
    kept["title"] = (title or appeal.title)[:90]
    made = Appeal.objects.create(**kept, copied_from=appeal, created_at=clock.now(), created_by=by)
    for variant in appeal.variants.order_by("letter"):
        other = Variant.objects.create(appeal=made, letter=variant.letter, share=variant.share)
        for content in variant.contents.all():
            _copy_content(content, other, by)
    _log(made, "appeal.copied", by, {"copied_from": appeal.ref})
    return made


def _copy_content(content: Content, to: Variant, by: str) -> None:
    words = {
        field.name: getattr(content, field.name)
        for field in Content._meta.concrete_fields
        if field.name not in OWN
    }
    made = Content.objects.create(variant=to, changed_at=clock.now(), changed_by=by, **words)
    Link.objects.bulk_create(
        Link(content=made, number=link.number, target=link.target) for link in content.links.all()
    )
    writing.copy_words(content, made, by=by)


def _log(appeal: Appeal, action: str, by: str, after: Mapping[str, object]) -> None:
    audit.log_change(
        by=by, action=action, subject_type="appeal", subject_ref=appeal.ref, after=after
    )
