"""Every change of a donor is told twice, in its own transaction: to the log and to the outbox."""

from __future__ import annotations

from collections.abc import Mapping

from donors.models import Donor
from fundraise.audit import services as audit
from fundraise.outbox import services as outbox


def changed(
    donor: Donor,
    action: str,
    *,
    by: str,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Write the audit line and the DonorChanged fact."""
    audit.log_change(
        by=by,
        action=action,
        subject_type="donor",
        subject_ref=donor.ref,
        before=before,
        after=after,
        reason=reason,
    )
    outbox.write("DonorChanged", donor.pk)
