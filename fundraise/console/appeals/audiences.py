"""Who an appeal goes to, in a sentence and in exact numbers."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from fundraise.console.choosing import answers
from fundraise.staff.rights import Rights
from mailings.appeals import audience
from mailings.appeals.models import Appeal
from mailings.attribution import by_post
from mailings.segments import words
from mailings.segments.models import SegmentVersion
from mailings.segments.tree import parse


@dataclass(frozen=True, slots=True)
class Counted:
    """How many get it as things stand now, and how many the ticks leave out."""

    people: int
    targeted: int
    untargeted: int
    left_out: int
    holdout: int
    by_post: int = 0  # have no e-mail, and can get a letter

    @property
    def get_it(self) -> int:
        return self.people - self.holdout


def counted(appeal: Appeal, options: dict[str, Any] | None = None) -> Counted:
    """The exact numbers of an appeal's choices, or of other choices that are not kept yet."""
    chosen = copy.copy(appeal)
    for name, value in (options or {}).items():
        setattr(chosen, name, value)
    size = audience.size(audience.of(chosen))
    whole = copy.copy(chosen)
    whole.without_recent_days, whole.without_monthly = 0, False
    every = audience.size(audience.of(whole)).people
    return Counted(
        size.people,
        size.people - size.untargeted,
        size.untargeted,
        every - size.people,
        size.people * chosen.holdout_percent // 100,
        by_post.number(chosen),
    )


def sentence(appeal: Appeal) -> str:
    """Whom it goes to, in words."""
    if appeal.people_of is not None:
        return _("Who got “%(title)s” and has not given, left or bounced since") % {
            "title": appeal.people_of.title
        }
    if appeal.segment_version_id is not None:
        rows = SegmentVersion.objects.select_related("segment")
        version = rows.get(pk=appeal.segment_version_id)
        said = words.sentence(parse(version.tree), answers.reader(), answers.names())
        return f"{version_name(version)}: {said.rstrip('.')}"
    return _("Everybody who may be asked")


def earlier(held: Rights, appeal: Appeal) -> QuerySet[Appeal]:
    """Appeals of the entity whose people may be asked once more, the newest first."""
    entity = appeal.campaign.entity_id
    mine = Appeal.objects.filter(campaign__entity=entity, frozen_at__isnull=False)
    if entity not in held.entities("appeals.view"):
        return mine.none()
    kept = mine.exclude(kind__in=[Appeal.Kind.LETTER, Appeal.Kind.JOURNEY]).exclude(pk=appeal.pk)
    return kept.order_by("-frozen_at")


def segments(held: Rights, appeal: Appeal) -> list[tuple[int, str]]:
    """The newest version of each segment by name, and the older one that was chosen before."""
    if not held.somewhere("segments.view"):
        return []
    rows = SegmentVersion.objects.select_related("segment")
    newest = rows.filter(segment__archived_at=None, number=F("segment__latest"))
    chosen = rows.filter(pk=appeal.segment_version_id or 0)
    every = {one.pk: one for one in (*chosen, *newest.order_by("segment__name", "pk"))}
    return [(one.pk, version_name(one)) for one in every.values()]


def version_name(version: SegmentVersion) -> str:
    """A segment by its name, with its version where that is not the newest."""
    name = version.segment.called(answers.reader())
    if version.number == version.segment.latest:
        return name
    return _("%(name)s (version %(number)d, not the newest)") % {
        "name": name,
        "number": version.number,
    }
