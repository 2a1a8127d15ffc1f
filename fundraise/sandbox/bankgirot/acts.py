"""What payers and their banks do when they are told to. Each happens first on the next bank day."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fundraise.sandbox.bankgirot import rows
from fundraise.sandbox.bankgirot.day import Day
from fundraise.sandbox.bankgirot.registers import Emandate, Refund


def emandate(
    day: Day, payer: str, account: str, identity: str, text: str = "",
    lines: Sequence[str] = (), postcode: str = "00000", town: str = "",
) -> None:  # fmt: skip
    """A payer has signed in the Internet bank, and may have typed the number wrongly."""
    number = payer.rjust(16, "0")
    if day.dice.falls("emandate.cut"):
        number = number[:-1].rjust(16, "0")
    elif day.dice.falls("emandate.other"):
        number = f"{day.dice.random.randrange(1, 10**9):016d}"
    four = tuple([*lines, "", "", "", ""][:4])
    found = Emandate(number, account, identity, day.date, text, four, postcode, town)
    day.register.emandates[number] = found
    day.tell_emandate(found, "0")


def payer_cancels(day: Day, payer: str) -> None:
    _end(day, payer, "4602")


def close_bankgiro(day: Day, payer: str) -> None:
    _end(day, payer, "4498")


def _end(day: Day, payer: str, pair: str) -> None:
    found = day.register.mandates.get(payer)
    if found is not None:
        day.end_mandate(found, pair)


def close_account(day: Day, payer: str) -> None:
    """Every draw from now on has status 2."""
    found = day.register.mandates.get(payer)
    if found is not None:
        found.closed = True


def stop_payment(day: Day, payer: str, reference: str = "") -> None:
    """A payer stops what waits, or the one with a reference (TK11)."""
    for payment in day.register.watch.of(payer):
        if not payment.tries and reference.strip() in ("", payment.reference.strip()):
            day.cancel(payment, "11")


def refund(day: Day, payer: str, code: str = "01") -> None:
    """The last executed draw of a payer is refunded."""
    paid = day.register.paid.get(payer)
    if paid is not None:
        drawn = paid.tried if paid.tried and day.knobs.retry_keeps_date else paid.due
        day.register.refunds.append(Refund(day.date, code, drawn, paid))


def close_payee(day: Day) -> None:
    """The payee's agreement ends: so do all mandates (10), and what waits is told as one (TK21)."""
    register = day.register
    waiting = list(register.watch.payments.values())
    for payment in waiting:
        register.watch.remove(payment)
    if waiting:
        found = (len(waiting), rows.NO_DATE, "12", sum(payment.amount for payment in waiting))
        day.changes.append(rows.aggregate("21", rows.NO_DATE, *found))
    for payer in list(register.mandates):
        day.advise(payer, "10")
        register.end(payer, "cancelled", day.date)
    register.closed = True


ACTS: dict[str, Callable[..., None]] = {
    "emandate": emandate, "payer_cancels": payer_cancels, "close_bankgiro": close_bankgiro,
    "close_account": close_account, "stop_payment": stop_payment, "refund": refund,
    "close_payee": close_payee,
}  # fmt: skip
