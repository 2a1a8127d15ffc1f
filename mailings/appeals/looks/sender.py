"""Who sends: the address, its domain's settings, and whether the carrier that is set can carry."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from mailings.appeals.models import Appeal, Content
from mailings.appeals.preflight import BLOCK, OK, UNKNOWN, Check


def sender(appeal: Appeal) -> Iterator[Check]:
    """Each address that the versions come from, and its domain."""
    rows = Content.objects.filter(variant__appeal=appeal).values_list("from_email", flat=True)
    addresses = sorted(set(rows))
    if not addresses or "" in addresses:
        yield Check("from", BLOCK, {"addresses": [one for one in addresses if one]})
    else:
        yield Check("from", OK, {"addresses": addresses})
    for domain in sorted({one.rpartition("@")[2] for one in addresses if one}):
        yield Check("domain", UNKNOWN, {"domain": domain})
    yield Check("carrier", OK, {"carrier": settings.APPEAL_SENDER})
