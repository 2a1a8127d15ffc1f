"""Whom an appeal comes from: an address of its own entity that was verified, and a name beside it.

Each variant has one, in all its languages, since the sender may be what is tried. What is written
first comes from the entity's first verified address until another is chosen. Where no mail reaches
people the entity's own address will do, so that a demo needs no verifying.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from fundraise.audit import services as audit
from mailings.appeals.models import Appeal, Content, Variant
from mailings.composing.errors import Refused
from mailings.verified import queries as verified

LONGEST_NAME = 70
NOT_IN_A_NAME = frozenset('<>"\r\n\0')


@dataclass(frozen=True, slots=True)
class Sender:
    """What stands in From and Reply-To; no `reply_to`: answers go where it comes from."""

    address: str = ""
    name: str = ""
    reply_to: str = ""


def choices(appeal: Appeal) -> list[Sender]:
    """The addresses that may be chosen, with the name that was given with each."""
    entity = appeal.campaign.entity
    found = [Sender(one.address, one.name) for one in verified.usable(entity.pk)]
    known = {one.address.casefold() for one in found}
    if not settings.LIVE and entity.email and entity.email.casefold() not in known:
        found.append(Sender(entity.email, entity.name[:LONGEST_NAME]))
    return found


def of_variant(appeal: Appeal, letter: str) -> Sender:
    """What a variant comes from: its own, else another variant's, else the first choice."""
    rows = Content.objects.filter(variant__appeal=appeal).exclude(from_email="")
    mine = rows.filter(variant__letter=letter).order_by("pk").first()
    found = mine or rows.order_by("variant__letter", "pk").first()
    if found is not None:
        return Sender(found.from_email, found.from_name, found.reply_to)
    return next(iter(choices(appeal)), Sender())


@transaction.atomic
def choose(*, appeal_id: int, letter: str, wanted: Sender, by: str) -> None:
    """Let a variant come from somebody else.

    Raises Refused: not_draft, no_variant, no_words (nothing is written), sender_unknown,
    sender_name.
    """
    rows = Appeal.objects.select_for_update(of=("self",))
    appeal = rows.select_related("campaign__entity").get(pk=appeal_id)
    if appeal.state != Appeal.State.DRAFT:
        raise Refused("not_draft")
    variant = Variant.objects.filter(appeal=appeal, letter=letter).first()
    if variant is None:
        raise Refused("no_variant")
    wanted = _checked(appeal, wanted)
    contents = Content.objects.filter(variant=variant)
    if not contents.exists():
        raise Refused("no_words")
    changed = contents.exclude(
        from_email=wanted.address, from_name=wanted.name, reply_to=wanted.reply_to
    ).update(from_email=wanted.address, from_name=wanted.name, reply_to=wanted.reply_to)
    if changed:
        audit.log_change(
            by=by,
            action="appeal.sender_chosen",
            subject_type="appeal",
            subject_ref=appeal.ref,
            after={"variant": letter},
        )


def _checked(appeal: Appeal, wanted: Sender) -> Sender:
    known = {one.address for one in choices(appeal)}
    entity_id = appeal.campaign.entity_id
    answers = wanted.reply_to in known or verified.may_be_answered_to(entity_id, wanted.reply_to)
    if wanted.address not in known or not answers:
        raise Refused("sender_unknown")
    name = " ".join(wanted.name.split())
    if not name or len(name) > LONGEST_NAME or set(wanted.name) & NOT_IN_A_NAME:
        raise Refused("sender_name")
    return Sender(wanted.address, name, wanted.reply_to)
