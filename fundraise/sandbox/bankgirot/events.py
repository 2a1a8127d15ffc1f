"""What payers and their banks do of themselves: end mandates, stop payments, sign e-mandates."""

from __future__ import annotations

from fundraise.sandbox import bankdays
from fundraise.sandbox.bankgirot.day import Day
from fundraise.sandbox.bankgirot.registers import APPROVED


def run(day: Day) -> None:
    _payers_end(day)
    _bankgiros_close(day)
    _payers_stop(day)
    _remind(day)


def _payers_end(day: Day) -> None:
    approved = [m for m in day.register.mandates.values() if m.state == APPROVED]
    ending = {approved[place].payer: approved[place]
              for place in day.dice.some(len(approved), "payer.46")}  # fmt: skip
    for mandate in approved:
        if mandate.closed and day.dice.falls("account.46"):
            ending[mandate.payer] = mandate
    for mandate in ending.values():
        day.end_mandate(mandate, "4602")


def _bankgiros_close(day: Day) -> None:
    if not day.knobs.shares.get("payer.44"):
        return
    on_bankgiro = [m for m in day.register.mandates.values()
                   if not m.account and m.state == APPROVED]  # fmt: skip
    for place in list(day.dice.some(len(on_bankgiro), "payer.44")):
        day.end_mandate(on_bankgiro[place], "4498")


def _payers_stop(day: Day) -> None:
    if not day.knobs.shares.get("payer.stop"):
        return
    waiting = [p for p in day.register.watch.payments.values() if p.due > day.date and not p.tries]
    for place in list(day.dice.some(len(waiting), "payer.stop")):
        day.cancel(waiting[place], "11")


def _remind(day: Day) -> None:
    """E-mandates that nobody has answered: two reminders, then they lapse without a word."""
    first, *rest = day.knobs.reminder_days or [0]
    for found in list(day.register.emandates.values()):
        waited = bankdays.between(found.arrived, day.date)
        if waited > day.knobs.lapse_days:
            del day.register.emandates[found.payer]
            day.register.end(found.payer, "lapsed", day.date, quarantined=False)
        elif waited and waited == first:
            day.tell_emandate(found, "1")
        elif waited and waited in rest:
            day.tell_emandate(found, "2")
