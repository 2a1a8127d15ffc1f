"""Many people's addresses and values as one text, escaped as they stand between the quotes of JSON.

Made once when an appeal is prepared, in one call of orjson for a whole batch. What posts JSON puts
the pieces into its request as they are; who writes mails itself reads each person back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import orjson

from mailings.senders.base import BulkPerson

BETWEEN = "\ue000"  # parts values: a sign of private use, that means nothing in a mail
_BETWEEN = BETWEEN.encode()
Row = tuple[bytes, ...]  # the address, then the values


def pack(texts: Sequence[str]) -> bytes:
    """Values, one after the other. Raises ValueError: one is no text."""
    packed = _escaped(BETWEEN.join(texts))
    if texts and packed.count(_BETWEEN) != len(texts) - 1:  # one of them holds the sign itself
        packed = _escaped(BETWEEN.join([text.replace(BETWEEN, "") for text in texts]))
    return packed


def _escaped(text: str) -> bytes:
    try:
        return orjson.dumps(text)[1:-1]
    except TypeError:
        raise ValueError("a value is no text") from None


def rows_of(packed: bytes, number: int) -> list[Row]:
    """The values of so many people, who have equally many each."""
    if not number:
        return []
    parts = packed.split(_BETWEEN)
    return list(zip(*[iter(parts)] * (len(parts) // number), strict=True))


def packed_again(rows: Sequence[Row]) -> bytes:
    """The text of some of the rows."""
    return _BETWEEN.join(chain.from_iterable(rows))


def rows_of_people(people: Sequence[BulkPerson]) -> list[Row]:
    """The same of people as they are. Raises ValueError: they have unequally many values."""
    if isinstance(people, Packed):
        return people.rows
    texts = list(chain.from_iterable([(person.to, *person.values) for person in people]))
    if people and len(texts) != len(people) * (1 + len(people[0].values)):
        raise ValueError("a person has another number of values than another")
    return rows_of(pack(texts), len(people))


class Packed(Sequence[BulkPerson]):
    """People in this form; each is read where somebody asks for one."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> BulkPerson:  # type: ignore[override]
        to, *values = [orjson.loads(b'"%b"' % part) for part in self.rows[place]]
        return BulkPerson(to, tuple(values))

    def __iter__(self) -> Iterator[BulkPerson]:
        return map(self.__getitem__, range(len(self.rows)))
