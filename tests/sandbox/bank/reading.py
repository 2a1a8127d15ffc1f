"""A bare look into camt files, for the tests of the stand-in alone."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree


@dataclass(frozen=True)
class Seen:
    """An entry as it stands in a file: öre, below zero when money left."""

    ref: str
    ore: int
    parts: tuple[tuple[str, int], ...]
    count: int
    back: bool


def text(node: etree._Element, path: str) -> str:
    """The text at a path of local names; "" when there is none."""
    steps = "/".join(f"*[local-name()='{name}']" for name in path.split("/"))
    found = node.xpath(f"./{steps}")
    assert isinstance(found, list)
    return str(found[0].text) if found else ""  # type: ignore[union-attr]


def all_of(node: etree._Element, name: str) -> list[etree._Element]:
    found = node.xpath(f".//*[local-name()='{name}']")
    assert isinstance(found, list)
    return [one for one in found if isinstance(one, etree._Element)]


def ore(node: etree._Element, path: str = "Amt") -> int:
    kronor, _, rest = text(node, path).partition(".")
    sign = -1 if text(node, "CdtDbtInd") == "DBIT" else 1
    return sign * (int(kronor) * 100 + int(rest))


def entries(data: bytes) -> list[Seen]:
    root = etree.fromstring(data)
    found = []
    for node in all_of(root, "Ntry"):
        sign = -1 if text(node, "CdtDbtInd") == "DBIT" else 1
        parts = tuple(
            (text(one, "Refs/AcctSvcrRef"), sign * abs(ore(one, "AmtDtls/TxAmt/Amt")))
            for one in all_of(node, "TxDtls")
        )
        count = int(text(node, "NtryDtls/Btch/NbOfTxs") or 0)
        back = text(node, "RvslInd") == "true"
        found.append(Seen(text(node, "AcctSvcrRef"), ore(node), parts, count, back))
    return found


def balances(data: bytes) -> tuple[int, int]:
    """Opening and closing."""
    root = etree.fromstring(data)
    opening, closing = (ore(node) for node in all_of(root, "Bal"))
    return opening, closing


def first(data: bytes, name: str) -> str:
    """The text of the first element of a name."""
    return str(all_of(etree.fromstring(data), name)[0].text)
