"""Two donors are one (settings.DONOR_MOVES): the monthly gifts of the one are the other's.

Two that run go on side by side, each with its mandate: nobody ends a promise by tidying.
"""

from __future__ import annotations

from fundraise.audit import services as audit
from fundraise.pledges.models import Pledge


def move(gone: int, kept: int, by: str) -> dict[str, int]:
    """The pledges, with their mandates and months."""
    pledges = Pledge.objects.filter(donor=gone)
    refs = list(pledges.order_by("pk").values_list("ref", flat=True))
    pledges.update(donor=kept)
    audit.log_changes(by=by, action="pledge.donor.merged", subject_type="pledge", subject_refs=refs)
    return {"pledges": len(refs)}
