"""Swedish people who don't exist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from donors.values import NewDonor, PersonName, PostalAddress

_GIVEN = """
Anna Eva Maria Karin Kristina Lena Kerstin Sara Emma Ingrid Marie Birgitta Malin Jenny Annika
Elin Linnea Ulla Hanna Gunilla Susanne Ida Åsa Johanna Elisabeth Sofia Helena Julia Alice Vera
Erik Lars Karl Anders Johan Per Nils Mikael Jan Hans Lennart Olof Gunnar Peter Fredrik Sven
Bengt Daniel Bo Alexander Gustav Magnus Göran Martin Andreas Åke Stefan John Björn Leif Amir
Fatima Ali Zahra Mohammed Yasmin Milan Jelena Dragan Mai Minh Selam Yonas
"""
_FAMILY = """
Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson
Pettersson Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Olofsson
Lindström Lindqvist Lindgren Axelsson Berg Bergström Lundberg Lind Lundgren Mattsson Berglund
Fredriksson Sandberg Henriksson Forsberg Sjöberg Wallin Engström Eklund Danielsson Lundin
Håkansson Björk Bergman Gunnarsson Holm Wikström Samuelsson Isaksson Fransson Nyström Holmberg
Arvidsson Löfgren Söderberg Nyberg Blomqvist Ali Hussein Mohammadi Nguyen Kovačević Tesfaye
"""
GIVEN, FAMILY = _GIVEN.split(), _FAMILY.split()
STREETS = ["Storgatan", "Skolgatan", "Björkvägen", "Kyrkogatan", "Ringvägen", "Parkvägen"]
PLACES = [
    ("111 22", "Stockholm"),
    ("411 05", "Göteborg"),
    ("211 20", "Malmö"),
    ("753 10", "Uppsala"),
    ("722 12", "Västerås"),
    ("703 61", "Örebro"),
    ("582 23", "Linköping"),
    ("252 20", "Helsingborg"),
    ("553 16", "Jönköping"),
    ("602 21", "Norrköping"),
    ("903 26", "Umeå"),
    ("972 31", "Luleå"),
    ("831 30", "Östersund"),
    ("621 56", "Visby"),
]
PLAIN = str.maketrans("åäöéč", "aaoec", " -")
SHARES_ADDRESS = 0.08
HAS_PHONE = 0.4
HAS_POSTAL = 0.3
IS_MEMBER = 0.7
WRITES_ENGLISH = 0.04


def email_of(given: str, family: str, number: int) -> str:
    """An address that nobody can have."""
    return f"{given}.{family}{number}".lower().translate(PLAIN) + "@mejl.example"


def name(rng: Random) -> tuple[str, str]:
    """A given name and a family name."""
    return rng.choice(GIVEN), rng.choice(FAMILY)


def people(rng: Random, number: int, today: date) -> Iterator[NewDonor]:
    """So many people; now and then two of one home share an e-mail address."""
    last = NewDonor(PersonName("", ""))
    for n in range(1, number + 1):
        given, family = name(rng)
        shares = n > 1 and rng.random() < SHARES_ADDRESS
        if shares and isinstance(last.name, PersonName):
            family = last.name.family
        last = NewDonor(
            name=PersonName(given, family),
            language="en" if rng.random() < WRITES_ENGLISH else "sv",
            email=last.email if shares else email_of(given, family, n),
            phone=_phone(rng) if rng.random() < HAS_PHONE else "",
            postal=_postal(rng) if rng.random() < HAS_POSTAL else None,
            member_informed_on=_informed(rng, today) if rng.random() < IS_MEMBER else None,
        )
        yield last


def _phone(rng: Random) -> str:
    """PTS keeps 070-1740605 to 070-1740699 for fiction."""
    return f"070-17406{rng.randrange(5, 100):02d}"


def _postal(rng: Random) -> PostalAddress:
    postcode, city = rng.choice(PLACES)
    street = f"{rng.choice(STREETS)} {rng.randrange(1, 90)}"
    return PostalAddress((street,), postcode, city)


def _informed(rng: Random, today: date) -> date:
    return today - timedelta(days=rng.randrange(30, 4000))
