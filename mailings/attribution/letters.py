"""A frozen audience as letters: whom, asked for what, with which number and code.

For an appeal by letter everybody it chooses who may be written to and has a postal address; for a
mail whose list is frozen, those whom it would choose too but who have no e-mail (by_post.py).
Frozen once: the file may be made again, with the same numbers. A gift that names the number counts
to the appeal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.reconciliation import references
from mailings.appeals import audience
from mailings.appeals.models import Appeal
from mailings.attribution import by_post, codes
from mailings.attribution.errors import AttributionError
from mailings.attribution.models import Letter, SourceCode
from mailings.composing import ladder

BY_POST = """
  SELECT a.donor_id, bool_or(a.targeted) AS targeted FROM ({people}) a
   WHERE EXISTS (SELECT FROM donors_contactpoint c
                  WHERE c.donor_id = a.donor_id AND c.kind = 'postal')
   GROUP BY a.donor_id"""
_FREEZE = """
  INSERT INTO attribution_letter (appeal_id, donor_id, targeted, base_ore, made_at)
  SELECT %s, p.donor_id, p.targeted, CASE WHEN p.targeted THEN last.amount_ore END, %s
    FROM ({people}) p
    LEFT JOIN LATERAL (SELECT g.amount_ore FROM gifts_gift g
                        WHERE g.donor_id = p.donor_id AND g.state = 'received'
                        ORDER BY g.received_at DESC LIMIT 1) last ON true
   ORDER BY p.donor_id
  ON CONFLICT (appeal_id, donor_id) DO NOTHING"""


@transaction.atomic
def freeze(appeal: Appeal, *, by: str) -> int:
    """Choose who gets a letter, once, and make the appeal's code. Returns how many get one.

    Raises AttributionError: not_frozen (a mail whose list is not), frozen (letters made before),
    campaign_over (nobody is asked for its campaign any more).
    """
    locked = (
        Appeal.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=appeal.pk)
    )
    if Letter.objects.filter(appeal=locked).exists():
        raise AttributionError("frozen")
    if locked.campaign.is_over(clock.today()):
        raise AttributionError("campaign_over")
    people, params = _people(locked)
    with connection.cursor() as cursor:
        statement = _FREEZE.format(people=BY_POST.format(people=people))
        cursor.execute(statement, [locked.pk, clock.now(), *params])
        made: int = cursor.rowcount
    if locked.kind == Appeal.Kind.LETTER:
        now = clock.now()
        Appeal.objects.filter(pk=locked.pk, state=Appeal.State.DRAFT, frozen_at=None).update(
            frozen=made, frozen_at=now, started_at=now
        )
    _keep_numbers(locked)
    code_of(locked, by=by)
    audit.log_change(
        by=by,
        action="letters.frozen",
        subject_type="appeal",
        subject_ref=locked.ref,
        after={"count": made},
    )
    return made


def _keep_numbers(appeal: Appeal) -> None:
    """What is paid with a letter's OCR number is its donor's gift to the campaign."""
    campaign = appeal.campaign
    references.keep_of_letters(
        references.OfLetter(letter.ocr, campaign.entity_id, letter.donor_id, campaign.pk)
        for letter in Letter.objects.filter(appeal=appeal).order_by("pk").iterator()
    )


def _people(appeal: Appeal) -> tuple[str, Sequence[Any]]:
    if appeal.kind == Appeal.Kind.LETTER:
        chosen = audience.of(appeal)
        return chosen.sql, chosen.params
    if appeal.frozen_at is None:
        raise AttributionError("not_frozen")
    return by_post.people(appeal)


def with_code(rows: QuerySet[Letter]) -> QuerySet[Letter]:
    """Letters with `printed`, the code that stands on all letters of their appeal."""
    codes_of = SourceCode.objects.filter(
        appeal=OuterRef("appeal"), medium=SourceCode.Medium.LETTER
    ).order_by("pk")
    return rows.annotate(printed=Subquery(codes_of.values("code")[:1]))


def code_of(appeal: Appeal, *, by: str) -> SourceCode:
    """The code that is printed on all letters of an appeal; made when there is none."""
    found = SourceCode.objects.filter(appeal=appeal, medium=SourceCode.Medium.LETTER).first()
    return found or codes.new_code(
        code=f"brev{appeal.pk}",
        label=appeal.title,
        campaign=appeal.campaign,
        appeal=appeal,
        medium=SourceCode.Medium.LETTER,
        by=by,
    )


def sums(letter: Letter) -> ladder.Rungs:
    """What the letter asks for, in öre: from the last gift, or the campaign's own sums."""
    campaign = letter.appeal.campaign
    base = letter.base_ore or 0
    return ladder.once(base, campaign.amounts_once, campaign.minimum_ore, campaign.maximum_ore)
