"""Another system on the same bankgiro, often the member register: its mandates and draws."""

from __future__ import annotations

from fundraise.sandbox.bankgirot import people, rows
from fundraise.sandbox.bankgirot.day import Day
from fundraise.sandbox.bankgirot.payment_orders import SINGLE
from fundraise.sandbox.bankgirot.registers import APPROVED, BY_PAYEE, Mandate, Payment

FEE_ORE = 25_000


def run(day: Day) -> None:
    """Its mandates come into being when first needed; then some are drawn each bank day."""
    knobs, register, dice = day.knobs, day.register, day.dice.random
    numbers = [f"{knobs.other_first_payer + n:016d}" for n in range(knobs.other_mandates)]
    for payer in numbers:
        if payer not in register.mandates and payer not in register.ended:
            register.mandates[payer] = Mandate(
                payer, people.account(dice), people.identity(dice), BY_PAYEE, APPROVED, day.date,
                None, day.date.year, day.date, other=True,
            )  # fmt: skip
    alive = [payer for payer in numbers if payer in register.mandates]
    for payer in dice.sample(alive, min(knobs.other_draws, len(alive))):
        number = register.next_number()
        register.watch.add(Payment(
            number, rows.IN, rows.ymd(day.date), day.date, SINGLE, None, payer, FEE_ORE,
            f"{'AVGIFT' + str(number):16}",
        ))  # fmt: skip
