"""People packed into one text come out as they went in, each with their own values."""

from __future__ import annotations

import pytest

from mailings.appeals.payloads import People
from mailings.senders.base import BulkPerson
from mailings.senders.packing import Packed, pack, packed_again, rows_of, rows_of_people

ODD = ("", '"', "\\", "\n", "\x00", "Öster", "🎈", "%b", "a,b", "\u2028")


def test_any_text_comes_out_as_it_went_in() -> None:
    people = [BulkPerson(f"p{n}@x.se", (odd, odd[::-1])) for n, odd in enumerate(ODD)]
    texts = [text for one in people for text in (one.to, *one.values)]
    packed = Packed(rows_of(pack(texts), len(people)))
    assert (len(packed), list(packed), packed[-1]) == (len(ODD), people, people[-1])
    assert rows_of_people(people) == rows_of_people(packed) == packed.rows
    assert pack(texts) == packed_again(packed.rows)


def test_the_sign_between_values_is_left_out_of_them_and_moves_nobody() -> None:
    rows = rows_of(pack(["a@x.se", "1\ue0002", "b@x.se", "\ue000"]), 2)
    assert rows == [(b"a@x.se", b"12"), (b"b@x.se", b"")]


def test_people_who_stay_keep_their_numbers_and_values() -> None:
    people = People([3, 5, 8], rows_of(pack(["a@x.se", "1", "b@x.se", "2", "c@x.se", "3"]), 3))
    assert people.without({5, 9}) == People([3, 8], [people.rows[0], people.rows[2]])
    assert people.part(1, 3) == People([5, 8], people.rows[1:])
    assert People([], []).packed.rows == rows_of(b"", 0) == []


def test_people_with_unequally_many_values_are_refused() -> None:
    with pytest.raises(ValueError, match="number of values"):
        rows_of_people([BulkPerson("a@x.se", ("1",)), BulkPerson("b@x.se", ("1", "2"))])
