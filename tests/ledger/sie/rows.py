"""The rows behind the golden files: two campaigns' days of a made-up party."""

from __future__ import annotations

from datetime import date

from fundraise.ledger.sie.grouping import JournalRow, Movement
from fundraise.ledger.sie.rows import Account, Company, Contents, Object, Voucher, Year

COMPANY = Company('Framåt "Västra" Götaland', "8024001234", "fundraise", "0.1.0")
YEAR = Year(0, date(2026, 1, 1), date(2026, 12, 31))
ACCOUNTS = (
    Account(3993, "Gåvor"),
    Account(1580, "Fordran Stripe"),
    Account(1589, "Utbetalning på väg"),
    Account(6570, "Avgifter"),
)
OBJECTS = (Object(6, "VAL–26", "Valet 2026 – nu €!"), Object(1, "Örebro", "Örebro"))


def journal(
    number: int, text: str, *moves: Movement, series: str = "G", day: int = 2
) -> JournalRow:
    name = {"G": "Gåvor", "P": "Utbetalningar"}[series]
    at = date(2026, 11, day)
    return JournalRow(number, series, name, 2026, number, at, text, moves)


NOVEMBER = [
    journal(4, 'Återbetalning "fel"\tbelopp', Movement(3993, 1580, 200_00, "VAL–26"), day=3),
    journal(1, "Utbetalning po\\1", Movement(1589, 1580, 95_65), series="P", day=3),
    journal(3, "Gåva b", Movement(1580, 3993, 100_50, "VAL–26", "Örebro")),
    journal(2, "Avgift ch_1", Movement(6570, 1580, 4_85, "VAL–26")),
    journal(1, "Gåva a", Movement(1580, 3993, 200_00, "VAL–26")),
]


def contents(vouchers: tuple[Voucher, ...]) -> Contents:
    return Contents(COMPANY, date(2026, 11, 26), (YEAR,), ACCOUNTS, OBJECTS, vouchers)
