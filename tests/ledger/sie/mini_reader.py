"""A small reader of SIE of its own making: what another program would see of our vouchers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Seen:
    day: str
    text: str
    rows: list[tuple[str, tuple[str, ...], Decimal]] = field(default_factory=list)


def words(line: str) -> Iterator[str]:
    """Field by field, character by character; braces are words of their own."""
    word, quoted, begun = "", False, False
    place = 0
    while place < len(line):
        char = line[place]
        if quoted and char == "\\" and line[place + 1 : place + 2] == '"':
            word += '"'
            place += 1
        elif char == '"':
            quoted, begun = not quoted, True
        elif quoted or char not in " {}":
            word, begun = word + char, True
        else:
            if begun:
                yield word
            if char != " ":
                yield "\0" + char
            word, begun = "", False
        place += 1
    if begun:
        yield word


def read(data: bytes) -> tuple[dict[str, str], list[Seen]]:
    """The accounts by number, and the vouchers."""
    accounts: dict[str, str] = {}
    vouchers: list[Seen] = []
    for line in data.decode("cp437").split("\r\n"):
        found = list(words(line))
        if found[:1] == ["#KONTO"]:
            accounts[found[1]] = found[2]
        elif found[:1] == ["#VER"]:
            vouchers.append(Seen(day=found[3], text=found[4]))
        elif found[:1] == ["#TRANS"]:
            end = found.index("\0}")
            row = (found[1], tuple(found[3:end]), Decimal(found[end + 1]))
            vouchers[-1].rows.append(row)
    return accounts, vouchers
