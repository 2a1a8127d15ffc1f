"""People who are nobody, to look at a mail as: the usual one, and the awkward ones."""

from __future__ import annotations

from datetime import date

from mailings.composing.values import Monthly, Record

ANNA = Record(
    m="forhandsvisning",
    u="forhandsvisning",
    first_name="Anna",
    full_name="Anna Exempelsson",
    town="Umeå",
    last_ore=350_00,
    largest_ore=1_200_00,
    gifts=7,
    last_on=date(2026, 3, 28),
)
_LONG = "Wilhelmina-Charlotta Konstantinopolitanska"
PEOPLE: dict[str, Record] = {
    "anna": ANNA,
    "nameless": ANNA._replace(first_name="", full_name="", town=""),
    "long": ANNA._replace(first_name=_LONG, full_name=f"{_LONG} af Trolle-Löwenhjelm"),
    "never": ANNA._replace(
        first_name="Bo", full_name="Bo Provare", last_ore=0, largest_ore=0, gifts=0, last_on=None
    ),
    "monthly": ANNA._replace(
        first_name="Siv",
        full_name="Siv Provare",
        monthly_ore=100_00,
        monthly=Monthly("", 100_00, 1, 150_000_00, 110_00),
    ),
    "plain": ANNA._replace(targeted=False),
}
