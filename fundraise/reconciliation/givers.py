"""Whose gifts they are: how a donor is counted, and what the bank says of a giver nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from donors.models import Donor
from fundraise import crypto
from fundraise.gifts import giver as giving
from fundraise.gifts.giver import Giver
from fundraise.gifts.models import Gift, GiverDetails
from fundraise.language import SWEDISH
from fundraise.reconciliation import said
from fundraise.reconciliation.models import Match

_KEYS = """
  SELECT d.id, d.language, d.ref, (
           SELECT g.giver_key FROM gifts_gift g
            WHERE g.donor_id = d.id AND g.giver_key IS NOT NULL ORDER BY g.id DESC LIMIT 1)
    FROM donors_donor d WHERE d.id = ANY(%s)"""


@dataclass(slots=True)
class People:
    """How each donor counts on the thermometer, and in which language."""

    keys: dict[int, bytes] = field(default_factory=dict)
    languages: dict[int, str] = field(default_factory=dict)

    def key(self, donor_id: int | None) -> bytes | None:
        """The keyed hash of the donor's gifts; nothing when nobody is known."""
        return None if donor_id is None else self.keys.get(donor_id)

    def language(self, donor_id: int | None) -> str:
        """Swedish when nobody is known."""
        return SWEDISH if donor_id is None else self.languages.get(donor_id, SWEDISH)


def of(matches: Sequence[Match]) -> People:
    """Of all donors at once: the key of a donor's last gift, else one of the donor's own."""
    ids = sorted({match.donor_id for match in matches if match.donor_id is not None})
    people = People()
    if not ids:
        return people
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [ids])
        for pk, language, ref, key in cursor.fetchall():
            people.languages[pk] = language
            people.keys[pk] = bytes(key) if key else crypto.lookup_hash("giver", f"donor:{ref}")
    return people


def keep_details(matches: Sequence[Match]) -> None:
    """What the bank says of a giver whom nobody has tied to a donor, sealed on the gift."""
    unknown = [match for match in matches if match.donor_id is None and match.gift_id is not None]
    if not unknown:
        return
    refs = dict(
        Gift.objects.filter(pk__in=[match.gift_id for match in unknown]).values_list("pk", "ref")
    )
    told = said.of([match.item for match in unknown])
    GiverDetails.objects.bulk_create(
        GiverDetails(
            gift_id=match.gift_id,
            sealed=giving.seal(_giver(told[match.item_id]), refs[match.gift_id]),
        )
        for match in unknown
        if match.gift_id is not None and told.get(match.item_id, said.NOTHING).name
    )


def _giver(told: said.Said) -> Giver:
    return Giver(name=told.name, phone=told.phone, address=", ".join(told.address))


def is_living(donor_id: int) -> bool:
    """Whether gifts may be tied to the donor."""
    return Donor.objects.filter(pk=donor_id).exclude(status=Donor.Status.ERASED).exists()
