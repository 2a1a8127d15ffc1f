"""Which versions of an appeal are sent: all under test, the winner, or those that are left."""

from __future__ import annotations

from mailings.appeals.models import Appeal, Trial, Variant


def without_words(appeal: Appeal) -> list[str]:
    """The letters of those that would be sent and say nothing in any language."""
    empty = appeal.variants.filter(share__gt=0, contents=None).order_by("letter")
    return list(empty.values_list("letter", flat=True))


def to_send(appeal: Appeal) -> list[Variant]:
    """The versions of what is prepared now, with their shares, in the order of their letters.

    While a trial runs they are all of them; afterwards only the rest is prepared, with the winner,
    or evenly with those that were not stopped.
    """
    versions = list(appeal.variants.filter(share__gt=0).order_by("letter"))
    trial = Trial.objects.filter(appeal=appeal).first()
    if trial is None or trial.state == Trial.State.RUNNING:
        return versions
    if trial.winner_id is not None:
        return [one for one in versions if one.pk == trial.winner_id]
    return [one for one in versions if one.letter not in trial.stopped] or versions
