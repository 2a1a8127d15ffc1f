"""Two donors are one (settings.DONOR_MOVES): what a giver is asked for, and under which number.

What was filed or issued stays as it was: a yearly statement of the record that is gone gets a new
version that lists nothing, and the donor's own lists everything, by the rule for changed years.
"""

from __future__ import annotations

from fundraise import clock
from fundraise.reporting.charity.models import NumberAsk, SpecificationNumber
from fundraise.reporting.models import YearTelling
from fundraise.reporting.party.models import GiftInKind, IdentityAsk, WithinParty


def move(gone: int, kept: int, by: str) -> dict[str, int]:
    """Numbers of control statements, questions for an identity number, and what was told."""
    _specifications(gone, kept)
    _within_party(gone, kept)
    _identity_asks(gone, kept)
    in_kind = GiftInKind.objects.filter(donor=gone).update(donor=kept)
    return {
        "number_asks": _asks(gone, kept),
        "year_tellings": _tellings(gone, kept),
        "gifts_in_kind": in_kind,
    }


def _specifications(gone: int, kept: int) -> None:
    """A correction bears the number that was filed; where both have one, each keeps its own."""
    has = SpecificationNumber.objects.filter(donor=kept).values("entity")
    SpecificationNumber.objects.filter(donor=gone).exclude(entity__in=has).update(donor=kept)


def _asks(gone: int, kept: int) -> int:
    """Who said no to one question wants no statement, whichever of the two was asked."""
    moved = 0
    for ask in NumberAsk.objects.filter(donor=gone).order_by("pk"):
        mine = NumberAsk.objects.filter(entity=ask.entity_id, year=ask.year, donor=kept).first()
        if mine is None:
            ask.donor_id = kept
            ask.save(update_fields=["donor"])
            moved += 1
        elif ask.declined and not mine.declined:
            mine.declined, mine.answered_at = True, ask.answered_at
            mine.save(update_fields=["declined", "answered_at"])
    return moved


def _tellings(gone: int, kept: int) -> int:
    """Nobody is told of a year again because two records of theirs are one now."""
    moved = 0
    for told in YearTelling.objects.filter(donor=gone).order_by("pk"):
        same = YearTelling.objects.filter(entity=told.entity_id, year=told.year, donor=kept)
        if not same.exists():
            told.donor_id = kept
            told.save(update_fields=["donor"])
            moved += 1
    return moved


def _within_party(gone: int, kept: int) -> None:
    """An organisation of the party is one under either record."""
    marked = WithinParty.objects.filter(donor=gone).first()
    if marked is None:
        return
    WithinParty.objects.get_or_create(
        donor_id=kept, defaults={"marked_by": marked.marked_by, "marked_at": marked.marked_at}
    )
    marked.delete()


def _identity_asks(gone: int, kept: int) -> None:
    """Who was asked who they are is asked as the one donor; of two questions one is left."""
    for ask in IdentityAsk.objects.filter(donor=gone).order_by("pk"):
        giver = f"donor:{kept}" if ask.giver == f"donor:{gone}" else ask.giver
        same = IdentityAsk.objects.filter(entity=ask.entity_id, year=ask.year, giver=giver)
        if same.exclude(pk=ask.pk).exists():
            ask.answered_at = ask.answered_at or clock.now()
            ask.save(update_fields=["answered_at"])
            continue
        ask.donor_id, ask.giver = kept, giver
        ask.save(update_fields=["donor", "giver"])
