"""Weeks of every kind of order, for tests that look at all that comes back."""

from __future__ import annotations

from fundraise.sandbox.bankgirot.files import ReportFile
from fundraise.sandbox.bankgirot.numbers import luhn
from tests.sandbox.bankgirot.conftest import Town
from tests.sandbox.bankgirot.orders import (
    answer,
    cancel_mandate,
    change,
    new_mandate,
    payment,
    renumber,
)


def play(town: Town, weeks: int) -> list[ReportFile]:
    """Every kind of order, week after week, to many payers."""
    reports: list[ReportFile] = []
    for week in range(weeks):
        first = week * 80 + 1
        bankgiros = (n for n in range(5_000_000 + week * 200, 5_000_200 + week * 200))
        own = [answer(n) for n in bankgiros if luhn(str(n))]
        town.send(*(new_mandate(payer) for payer in range(first, first + 60)), *own)
        reports += town.run(3)
        states = town.bank.mandates("9912346")
        good = [payer for payer, state in states.items() if state == "approved"]
        mine = town.dice.sample(good, min(150, len(good)))
        due, to, ahead = town.day(3), town.day(4), town.day(6)
        single = (payment(p, due, 100, f"W{week}", code=c) for p in mine for c in ("82", "32"))
        town.send(*single, *(payment(p, ahead, 200, period="1") for p in mine[:60]))
        reports += town.run()
        town.send(
            *(change("23", p) for p in mine[:20]), *(change("24", p, due) for p in mine[20:40]),
            *(change("25", p, due, 100, "82") for p in mine[40:60]),
            *(change("28", p, day, to=to) for p in mine[60:90] for day in (due, ahead)),
            *(change("29", p, due, 100, "82", to=to) for p in mine[90:110]),
            *(change("29", p, ahead, 200, "82", to=to) for p in mine[40:60]),
            change("27", day=due, to=to), change("27", day=ahead, to=to),
            change("27", day="20260102", to=to), change("26", to=ahead),
        )  # fmt: skip
        town.send(*(cancel_mandate(p) for p in mine[:15]),
                  *(renumber(p, f"77{week}{p}") for p in mine[20:30]))  # fmt: skip
        reports += town.run()
    return reports
