"""People that nobody is, and how their names come out at banks."""

from __future__ import annotations

import random
from dataclasses import dataclass

FIRST = ("Anna", "Erik", "Maria", "Lars", "Åsa", "Nils", "Sofía", "Göran", "Ebba", "Zlatan",
         "Karin", "Mehmet", "Ulla", "Björn", "Fatima", "Olof")  # fmt: skip
LAST = ("Ek", "Lindström", "Åberg", "Öhman", "Karlsson-Berg", "Nilsson", "Ahmed", "af Prov",
        "Sjögren", "Ångström", "Özdemir", "Wallén", "Hägg", "Björk", "de Prov", "Isak")  # fmt: skip
SUMS = (50_00, 100_00, 100_00, 200_00, 250_00, 300_00, 500_00, 1_000_00, 5_000_00)
SUPPLIERS = ("Provtryckeriet AB", "Lokalhyra Prov AB", "Prov Telekom AB", "Annonsbyrån Prov")
# Its organisation number has a right check digit.
AUTHORITY, AUTHORITY_ORG = "Provstads kommun", "2120009994"


@dataclass(frozen=True, slots=True)
class Giver:
    """Somebody who gives; `key` is whose the oracle says the gift is."""

    key: str
    name: str
    ocr: str = ""
    account: str = ""
    phone: str = ""
    message: str = ""
    sums: tuple[int, ...] = SUMS

    def __post_init__(self) -> None:
        object.__setattr__(self, "sums", tuple(self.sums))


def somebody(dice: random.Random, key: str) -> Giver:
    name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
    return Giver(key, name, "", f"8{dice.randrange(10**13):013d}", phone(dice), "Gåva")


def phone(dice: random.Random) -> str:
    """Of the numbers that are nobody's (07017406xx)."""
    return f"+467017406{dice.randrange(5, 100):02d}"


def variant(name: str, dice: random.Random) -> str:
    """The same person as another bank writes it."""
    first, _, last = name.partition(" ")
    plain = str.maketrans("ÅÄÖÉÍåäöéí", "AAOEIaaoei")
    return dice.choice((
        name.upper(), f"{last.upper()},{first.upper()}"[:20], f"{first[0]} {last}",
        name.translate(plain).upper(), f"{last}, {first}", f"{first}  {last} ",
    ))  # fmt: skip


def luhn(digits: str) -> str:
    """The check digit of an OCR number."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def wrong(ocr: str, dice: random.Random) -> str:
    """One digit typed wrongly; the check digit tells."""
    place = dice.randrange(len(ocr))
    other = (int(ocr[place]) + dice.randrange(1, 10)) % 10
    return f"{ocr[:place]}{other}{ocr[place + 1 :]}"
