"""Two donors are one (settings.DONOR_MOVES): the gifts of the one are the other's."""

from __future__ import annotations

from fundraise.audit import services as audit
from fundraise.gifts.models import Gift


def move(gone: int, kept: int, by: str) -> dict[str, int]:
    """Whose gift it is may be told anew; nothing else of it changes, and its own log says so."""
    gifts = Gift.objects.filter(donor=gone)
    refs = list(gifts.order_by("pk").values_list("ref", flat=True))
    gifts.update(donor=kept)
    audit.log_changes(by=by, action="gift.donor.merged", subject_type="gift", subject_refs=refs)
    return {"gifts": len(refs)}
