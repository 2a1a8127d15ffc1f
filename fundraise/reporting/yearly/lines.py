"""What somebody gave to one legal entity in one year, as a statement lists it. Reads only."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from fundraise import clock
from fundraise.gifts.models import Gift


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose gifts they are: a donor's, or those of a keyed address that no donor has yet."""

    donor_id: int | None
    giver_key: bytes | None = None

    @property
    def where(self) -> dict[str, object]:
        """As the columns of a gift and of a statement say it."""
        if self.donor_id is not None:
            return {"donor_id": self.donor_id}
        return {"donor_id": None, "giver_key": self.giver_key}


@dataclass(frozen=True, slots=True)
class Line:
    """One gift: when it came, how, to what, how much, and how much of it went back."""

    gift_id: int
    received_at: datetime
    channel: str
    campaign_id: int
    given_ore: int
    back_ore: int

    @property
    def day(self) -> str:
        """The day in Sweden."""
        return clock.local_date(self.received_at).isoformat()


def gifts_of_year(entity_id: int, year: int) -> QuerySet[Gift]:
    """The gifts that an entity received in a year, by Swedish days, whoever gave."""
    first, after = _new_year(year), _new_year(year + 1)
    return Gift.objects.filter(
        entity_id=entity_id,
        state=Gift.State.RECEIVED,
        received_at__gte=first,
        received_at__lt=after,
    )


def _new_year(year: int) -> datetime:
    """The first moment of a year in Sweden."""
    return datetime(year, 1, 1, tzinfo=clock.STOCKHOLM).astimezone(UTC)


def lines_of(entity_id: int, year: int, holders: Iterable[Holder]) -> Mapping[Holder, list[Line]]:
    """The lines of each holder, by the time that they came."""
    asked = list(holders)
    donors = [one.donor_id for one in asked if one.donor_id is not None]
    keys = [one.giver_key for one in asked if one.donor_id is None]
    theirs = Q(donor_id__in=donors) | Q(donor_id=None, giver_key__in=keys)
    found: defaultdict[Holder, list[Line]] = defaultdict(list)
    rows = gifts_of_year(entity_id, year).filter(theirs).order_by("received_at", "pk")
    for gift in rows:
        found[holder_of(gift.donor_id, gift.giver_key)].append(_line(gift))
    return found


def holder_of(donor_id: int | None, giver_key: bytes | memoryview | None) -> Holder:
    """Whose a gift or a statement with these columns is."""
    if donor_id is not None:
        return Holder(donor_id)
    return Holder(None, bytes(giver_key) if giver_key is not None else None)


def _line(gift: Gift) -> Line:
    return Line(
        gift_id=gift.pk,
        received_at=gift.received_at or gift.created_at,
        channel=gift.channel,
        campaign_id=gift.campaign_id,
        given_ore=gift.amount_ore,
        back_ore=gift.amount_ore - gift.standing_ore,
    )


def digest(lines: Sequence[Line]) -> bytes:
    """The same for the same gifts with the same sums."""
    said = ";".join(
        f"{line.gift_id},{line.given_ore},{line.back_ore}"
        for line in sorted(lines, key=lambda one: one.gift_id)
    )
    return hashlib.sha256(said.encode()).digest()


def is_over(year: int) -> bool:
    """Whether no gift can come to a year any more."""
    return clock.today().year > year


def last_day(year: int) -> str:
    """The last day that a statement made now speaks of."""
    return f"{year}-12-31" if is_over(year) else clock.today().isoformat()
