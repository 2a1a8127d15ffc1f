"""Who an appeal's frozen list is, and by what they were chosen: the criteria that are kept with it,
in words. It is what the law asks a party to be able to tell of a mailing (EU 2024/900, GDPR)."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fundraise.console.appeals import audiences
from fundraise.console.choosing import answers
from fundraise.console.templatetags.staff import number
from fundraise.console.words import GROUNDS
from mailings.appeals.models import Appeal, Chunk
from mailings.segments import clauses, targeting, words
from mailings.segments.tree import Is, Node, TreeError, parse


def said(appeal: Appeal) -> list[str]:
    """A line each; nothing before the list is frozen."""
    kept = appeal.criteria
    if appeal.frozen_at is None or not kept:
        return []
    tree = _tree(kept.get("tree"))
    who = (
        audiences.sentence(appeal) + "."
        if tree is None
        else words.sentence(tree, answers.reader(), answers.names())
    )
    targets = _targeting(tree)
    lines = [who, _targets(tree, targets), _ground(str(kept.get("purpose", "appeals")))]
    groups = _groups(appeal, targets=bool(targets))
    return [one for one in [*lines, *_less(appeal, kept), *groups] if one]


def _tree(kept: object) -> Node | None:
    """The tree that was kept; None of a reminder, or of one that is no longer understood."""
    try:
        return parse(kept) if kept is not None else None
    except TreeError:
        return None


def _targeting(tree: Node | None) -> list[Is]:
    """The conditions that count as targeting of political messages, by the setting of today."""
    return [] if tree is None else targeting.targeting(tree, settings.UNTARGETED_CONDITIONS)


def _targets(tree: Node | None, found: list[Is]) -> str:
    if tree is None:
        return ""
    if not found:
        return _("Nobody was picked by what we know of them: no condition targets.")
    names = answers.names()
    told = dict.fromkeys(words.phrase(one, answers.reader(), names) for one in found)
    return _("Conditions that target: %(conditions)s.") % {"conditions": "; ".join(told)}


def _ground(purpose: str) -> str:
    bases = settings.LEGAL_BASES.get(purpose, ["consent"])
    named = [str(GROUNDS.get(one, one)).lower() for one in bases]
    return _("Each had a ground for %(purpose)s: %(bases)s.") % {
        "purpose": words.PURPOSES.get(purpose, purpose),
        "bases": clauses.listed(named),
    }


def _less(appeal: Appeal, kept: dict[str, object]) -> list[str]:
    days = int(str(kept.get("without_recent_days") or 0))
    return [
        ngettext(
            "Left out: who gave to the campaign in the last %(n)s day.",
            "Left out: who gave to the campaign in the last %(n)s days.",
            days,
        )
        % {"n": days}
        if days
        else "",
        _("Left out: who gives every month.") if kept.get("without_monthly") else "",
        _("Left out: who gives before the mail leaves.") if appeal.drop_givers else "",
        _("Left out by lot, to compare with: %(n)s of a hundred.") % {"n": appeal.holdout_percent}
        if appeal.holdout_percent
        else "",
    ]


def _groups(appeal: Appeal, *, targets: bool) -> list[str]:
    """How many agreed to be chosen and asked by what is known of them, and how many did not."""
    if not appeal.criteria.get("splits"):
        return []
    rows = list(
        Chunk.objects.filter(appeal=appeal).order_by("number").values_list("first_seq", "targeted")
    )
    ends = [first for first, _targeted in rows[1:]] + [appeal.frozen + 1]
    people = {True: 0, False: 0}
    for (first, targeted), end in zip(rows, ends, strict=True):
        people[targeted] += end - first
    standard = _(
        "%(targeted)s agreed to be asked by what we know of them. %(untargeted)s had not: they got"
        " standard sums."
    )
    picked = _(
        "%(targeted)s agreed to be chosen and asked by what we know of them. %(untargeted)s had"
        " not: they were chosen without the conditions that target, and got standard sums."
    )
    counts = {"targeted": number(people[True]), "untargeted": number(people[False])}
    return [(picked if targets else standard) % counts]
