"""Three givers: Anna and Bo Lind, a couple with one address, and an association."""

from __future__ import annotations

from dataclasses import dataclass

from donors import services as donors
from donors.models import Donor
from donors.values import PersonName

SHARED = "lind@example.se"
BY = "staff:7"


@dataclass(frozen=True)
class Givers:
    anna: Donor
    bo: Donor
    union: Donor


def register(given: str = "Anna", family: str = "Lind", email: str = SHARED) -> Donor:
    return donors.register_donor(
        name=PersonName(given, family), language="sv", source="gift_page", by=BY, email=email
    )
