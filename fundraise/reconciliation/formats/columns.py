"""Where each field of a mapping stands in a table's rows, found by the header's names."""

from __future__ import annotations

from fundraise.reconciliation.formats.mapper import Field, Mapping, Names
from fundraise.reconciliation.formats.rows import plain_name


class Columns:
    """A mapping laid over a header (or over numbers)."""

    def __init__(self, mapping: Mapping, header: list[str]) -> None:
        self.mapping = mapping
        named = [place for place, name in enumerate(header) if name]
        self.width = len(header) if mapping.has_header else 0
        self.least = named[-1] + 1 if mapping.has_header and named else 0
        self._header = header
        places = places_of(header) if mapping.has_header else None
        self._at: dict[Field, tuple[int, ...]] = {}
        for name, joined in mapping.columns.items():
            found = [_place(names, places) for names in joined]
            self._at[name] = tuple(place for place in found if place is not None)

    def text(self, row: list[str], name: Field) -> str:
        """A field's cells, joined; nothing where the row or the table has none."""
        places = self._at.get(name)
        if not places:
            return ""
        if len(places) == 1:
            return row[places[0]] if places[0] < len(row) else ""
        return " ".join(row[place] for place in places if place < len(row) and row[place])

    def has(self, name: Field) -> bool:
        return bool(self._at.get(name))

    def place(self, number: int, name: Field) -> str:
        """Where in the file a person looks: "row 12, column Belopp"."""
        places = self._at.get(name, ())
        if not places:
            return f"row {number}"
        named = self.mapping.has_header and self._header[places[0]][:30]
        return f"row {number}, column {named or places[0] + 1}"


def fits(mapping: Mapping, header: list[str]) -> int:
    """How many of a header's names the mapping knows; 0 when it is not this header."""
    places = places_of(header)
    wanted = list(mapping.signature) or [
        names for name, joined in mapping.columns.items() if name in NEEDED for names in joined
    ]
    if not all(_place(names, places) is not None for names in wanted):
        return 0
    every = [*wanted, *(names for joined in mapping.columns.values() for names in joined)]
    return len({_place(names, places) for names in every} - {None})


NEEDED = {"booked_on", "amount", "paid_in", "paid_out"}


def places_of(header: list[str]) -> dict[str, int]:
    """Each name's place, the first where a name comes twice."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(plain_name(name), place)
    places.pop("", None)
    return places


def _place(names: Names, places: dict[str, int] | None) -> int | None:
    if places is None:
        return int(names[0]) - 1
    return next((places[key] for key in map(plain_name, names) if key in places), None)
