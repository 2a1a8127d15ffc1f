"""The place of postal addresses from before places were kept: read out of the sealed addresses."""

from __future__ import annotations

from donors import keys, sealing
from donors.models import ContactPoint
from donors.services.contacts import place_of


def fill(*, batch: int) -> tuple[int, int]:
    """Note the place of every postal address that has none. Returns how many, and how many of
    them can't be opened. May be stopped and run again."""
    noted, unreadable, after = 0, 0, 0
    while points := _next(after, batch):
        after = points[-1].pk
        opened = keys.data_keys_of({point.donor for point in points})
        readable = [point for point in points if point.donor_id in opened]
        for point in readable:
            address = sealing.open_contact(
                opened[point.donor_id], point.donor.ref, point.kind, bytes(point.value_sealed)
            )
            ContactPoint.objects.filter(pk=point.pk).update(**place_of(address))
        noted += len(readable)
        unreadable += len(points) - len(readable)
    return noted, unreadable


def _next(after: int, batch: int) -> list[ContactPoint]:
    rows = ContactPoint.objects.filter(kind=ContactPoint.Kind.POSTAL, country="", pk__gt=after)
    return list(rows.select_related("donor").order_by("pk")[:batch])
