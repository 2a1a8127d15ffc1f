"""Two donors are one (settings.DONOR_MOVES): mail goes by the stricter word of both.

Mails that were sent stay with the record that they were sent to; whoever reads the donor's history
asks for it too. What is counted to appeals is counted anew.
"""

from __future__ import annotations

from donors import services as donors
from donors.models import ContactPoint
from fundraise.gifts.models import Gift
from fundraise.pledges.models import Pledge
from mailings.attribution import counting
from mailings.inbound.models import Reply
from mailings.journeys.models import Run
from mailings.segments.models import MailStanding
from mailings.suppressions import queries as suppressions
from mailings.suppressions import wishes
from mailings.suppressions.models import Suppression

PURPOSE, SOURCE = "appeals", "merge"
REFUSALS = [Suppression.Reason.UNSUBSCRIBED, Suppression.Reason.COMPLAINT]


def move(gone: int, kept: int, by: str) -> dict[str, int]:
    """Wishes, what is on its way, replies; a no at one address is the person's."""
    _standing(gone, kept)
    _wish(gone, kept, by)
    _refusals(gone, kept, by)
    # On the way as two: as one they go on by what happens to them next.
    Run.objects.filter(donor_id=gone, state=Run.State.GOING).update(
        state=Run.State.LEFT, left_for="over"
    )
    replies = Reply.objects.filter(donor=gone).update(donor=kept)
    counting.count_pledges(Pledge.objects.filter(donor=kept).values_list("pk", flat=True))
    counting.count_gifts(Gift.objects.filter(donor=kept).values_list("pk", flat=True))
    return {"replies": replies}


def _standing(gone: int, kept: int) -> None:
    """How often the person was mailed: what both records were."""
    theirs = MailStanding.objects.filter(donor=gone).first()
    if theirs is None:
        return
    mine, _new = MailStanding.objects.get_or_create(donor_id=kept)
    mine.mails += theirs.mails
    mine.human_clicks += theirs.human_clicks
    for name in ("last_mailed_at", "last_human_click_at"):
        times = [at for one in (mine, theirs) if (at := getattr(one, name)) is not None]
        setattr(mine, name, max(times, default=None))
    mine.save()
    theirs.delete()


def _wish(gone: int, kept: int, by: str) -> None:
    """The wish for fewer mails is the longer of the two."""
    days = max(wishes.every_days_of(gone), wishes.every_days_of(kept))
    wishes.wish_for(donor_id=kept, every_days=days, source=SOURCE, by=by)
    wishes.forget(gone)


def _refusals(gone: int, kept: int, by: str) -> None:
    """Who left by one address, or complained there, is not asked at the other."""
    points = ContactPoint.objects.filter(donor__in=[gone, kept], kind=ContactPoint.Kind.EMAIL)
    keys = [bytes(key) for key in points.values_list("value_hash", flat=True)]
    standing = suppressions.of_keys(keys).filter(lifted_at=None, reason__in=REFUSALS)
    if standing.exclude(scope=Suppression.Scope.CAMPAIGN).exists():
        donors.object_to(donor_id=kept, purpose=PURPOSE, source=SOURCE, by=by)
