"""Who gives: the donors that were made, and people seen once, who are no donors."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from fundraise.gifts.giver import Giver, giver_key
from fundraise.ops.seed import people
from fundraise.ops.seed.sheets import NULL, Sheets, key_text

BY_DONORS = 0.8
# Few donors give often: the chosen one is this power of a random share down the list.
FEW_GIVE_OFTEN = 1.6
ONCE, NEVER = -1, -2


class Seen(NamedTuple):
    """The giver of a gift: a donor's row or none, a key or none, and what was typed."""

    donor: str
    key: str
    place: int  # in the list of donors' keys; ONCE for who was seen once, NEVER for nobody
    giver: Giver | None = None


NOBODY = Seen(NULL, NULL, NEVER)


@dataclass(slots=True)
class Givers:
    """The donors by their keys, and how many standing gifts each key has."""

    rng: Random
    sheets: Sheets
    donors: list[Seen] = field(default_factory=list)
    standing: array[int] = field(default_factory=lambda: array("i"))
    distinct: int = 0

    def add(self, donor_id: int, email: str, giver: Giver | None) -> None:
        """A donor; one who shares the address of the one before shares its key."""
        key = key_text(giver_key(email))
        if not self.donors or self.donors[-1].key != key:
            self.standing.append(0)
        self.donors.append(Seen(str(donor_id), key, len(self.standing) - 1, giver))

    def choose(self) -> Seen:
        """Whose the next gift is."""
        rng = self.rng
        if not self.donors or rng.random() > BY_DONORS:
            return self._somebody()
        return self.donors[int(len(self.donors) * rng.random() ** FEW_GIVE_OFTEN)]

    def _somebody(self) -> Seen:
        given, family = people.name(self.rng)
        email = people.email_of(given, family, self.rng.getrandbits(48))
        giver = Giver(name=f"{given} {family}", email=email)
        return Seen(NULL, key_text(giver.key()), ONCE, giver)

    def stands(self, seen: Seen, gifts: int) -> None:
        """A gift of a giver stands (1), or was given back before it could (0)."""
        if seen.place == ONCE:
            self.sheets.lines["seed_giver"].append(f"{seen.key}\t{gifts}\n")
            self.distinct += gifts
        elif seen.place >= 0:
            self.standing[seen.place] += gifts

    def close(self) -> None:
        """Write how many gifts each donor's key has."""
        written = -1
        for seen in self.donors:
            gifts = self.standing[seen.place]
            if seen.place != written and gifts:
                self.sheets.lines["seed_giver"].append(f"{seen.key}\t{gifts}\n")
                self.distinct += 1
            written = seen.place
