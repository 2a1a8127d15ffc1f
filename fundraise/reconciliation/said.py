"""What the bank says of items, opened: payer and message. Whoever shows it logs the reading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

from fundraise import crypto
from fundraise.reconciliation.models import Item, Line, StatementFile


@dataclass(frozen=True, slots=True)
class Said:
    """The payer and the message of one item. `repr` shows none of it."""

    name: str = field(default="", repr=False)
    account: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    id: str = field(default="", repr=False)
    address: tuple[str, ...] = field(default=(), repr=False)
    message: str = field(default="", repr=False)
    order: str = field(default="", repr=False)
    end_to_end: str = field(default="", repr=False)
    references: tuple[str, ...] = field(default=(), repr=False)


NOTHING = Said()


def of(items: Iterable[Item]) -> dict[int, Said]:
    """What is said of each item, by its id; nothing of one whose words are not there any more.

    Raises crypto.CryptoError when a key is missing.
    """
    # What a person split keeps its words on the whole.
    asked = {item.pk: item.part_of if _says_its_whole(item) else item for item in items}
    told = {pk: item for pk, item in asked.items() if item is not None and item.said is not None}
    openers = _openers({item.statement_id for item in told.values()})
    found = dict[int, Said]()
    for pk, item in told.items():
        opener = openers.get(item.statement_id)
        if opener is None or item.said is None:
            continue
        plain: dict[str, Any] = orjson.loads(
            opener.open(bytes(item.said), context=f"item:{item.ref}")
        )
        for name in ("address", "references"):
            plain[name] = tuple(plain.get(name, ()))
        found[pk] = Said(**plain)
    return found


def _says_its_whole(item: Item) -> bool:
    return item.said is None and item.part_of_id is not None


def texts(lines: Iterable[Line]) -> dict[int, str]:
    """The bank's own text of each line, by its id."""
    asked = [line for line in lines if line.said is not None]
    openers = _openers({line.statement_id for line in asked})
    return {
        line.pk: openers[line.statement_id]
        .open(bytes(line.said), context=f"line:{line.ref}")
        .decode()
        for line in asked
        if line.said is not None and line.statement_id in openers
    }


def _openers(statements: set[int]) -> dict[int, crypto.Opener]:
    files = StatementFile.objects.filter(statements__in=statements).values_list(
        "statements", "ref", "row_key"
    )
    return {
        statement: crypto.Opener(crypto.unseal(bytes(wrapped), context=f"statement-rows:{ref}"))
        for statement, ref, wrapped in files
        if wrapped is not None
    }
