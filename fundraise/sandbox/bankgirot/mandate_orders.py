"""TK03, TK04 and TK05: what Bankgirot does with orders about mandates."""

from __future__ import annotations

from collections.abc import Callable

from fundraise.sandbox import bankdays
from fundraise.sandbox.bankgirot import rows
from fundraise.sandbox.bankgirot.day import Day
from fundraise.sandbox.bankgirot.numbers import (
    good_account,
    good_bankgiro,
    good_identity,
    good_payer,
)
from fundraise.sandbox.bankgirot.registers import (
    APPROVED,
    BY_PAYEE,
    BY_PAYER,
    ENQUIRY,
    Emandate,
    Mandate,
)

NEW_CODES = ("10", "20", "21", "23", "29", "30")
CANCEL_CODES = ("04", "21", "29", "30")
NUMBER_CODES = ("04", "10", "21", "29", "30")
REJECT = "AV"


def handle(day: Day, line: str) -> None:
    ORDERS[line[:2]](day, line)


def _shared_fault(day: Day, line: str) -> str:
    """What may be wrong with any of them: the payee's bankgiro, the payer number."""
    if line[2:12] != day.bankgiro:
        return "29"
    if day.register.closed:
        return "30"
    return "" if good_payer(line[12:28]) else "21"


def _new(day: Day, line: str) -> None:
    payer, waiting = line[12:28], day.register.emandates.get(line[12:28])
    fault = _shared_fault(day, line)
    if not fault and waiting is not None:
        _answer(day, waiting, rejects=line[76:78] == REJECT)
        return
    on_bankgiro = not line[28:56].strip()
    if not fault and line[76:78].strip():
        # There is no e-mandate to reject.
        fault = "21"
    if not fault:
        fault = _fault_of_bankgiro(day, payer) if on_bankgiro else _fault_of_account(line)
    if not fault and _taken(day, payer):
        fault = "10"
    fault = fault or day.dice.pick("mandate.04", (*NEW_CODES, *(("09",) * on_bankgiro)))
    if fault:
        day.advise(payer, f"04{fault}", (line[28:44], line[44:56]))
        if payer not in day.register.mandates and payer not in day.register.ended:
            day.register.end(payer, "refused", day.date, quarantined=False)
        return
    if on_bankgiro:
        _approve_bankgiro(day, payer)
    else:
        _enquire(day, payer, line[28:44], line[44:56])


def _taken(day: Day, payer: str) -> bool:
    """It exists, is under enquiry, or was cancelled a short while ago."""
    register = day.register
    return payer in register.mandates or register.in_quarantine(
        payer, day.date, day.knobs.quarantine_days
    )


def _fault_of_account(line: str) -> str:
    if not good_identity(line[44:56]):
        return "20"
    return "" if good_account(line[28:44]) else "23"


def _fault_of_bankgiro(day: Day, payer: str) -> str:
    if not day.register.payee.bankgiro_mandates:
        return "20"
    return "" if good_bankgiro(payer.removeprefix("0" * 6)) else "09"


def _enquire(day: Day, payer: str, account: str, identity: str) -> None:
    knobs, dice = day.knobs, day.dice
    bank = dice.pick("mandate.42", ("03", "05"))
    silent = dice.falls("mandate.43.07")
    answer = "4307" if silent else f"42{bank or '32'}"
    if answer == "4232" and dice.falls("mandate.04.32"):
        answer = "0432"
    asked = day.register.next_answer.pop(payer, "")
    answer, silent = asked or answer, silent if not asked else asked == "4307"
    delay = knobs.unanswered_days if silent else dice.random.choice(knobs.answer_days)
    if delay > knobs.unanswered_days:
        answer, delay = "4307", knobs.unanswered_days
    day.register.mandates[payer] = Mandate(
        payer, account, identity, BY_PAYEE, ENQUIRY, day.date, None, day.date.year,
        bankdays.after(day.date, knobs.lead_days), bankdays.after(day.date, delay), answer,
    )  # fmt: skip


def _approve_bankgiro(day: Day, payer: str) -> None:
    """No enquiry: it holds from the next bank day, when it is told."""
    day.register.mandates[payer] = Mandate(
        payer, "", "99" + payer[-10:], BY_PAYEE, ENQUIRY, day.date, None, day.date.year,
        bankdays.after(day.date, day.knobs.lead_days), day.next_day, "0432",
    )  # fmt: skip


def _answer(day: Day, waiting: Emandate, *, rejects: bool) -> None:
    """The payee's answer to an e-mandate; a rejection is not told back."""
    del day.register.emandates[waiting.payer]
    who = (waiting.account, waiting.identity)
    if rejects:
        return
    if _taken(day, waiting.payer):
        day.advise(waiting.payer, "0410", who)
        return
    day.register.mandates[waiting.payer] = Mandate(
        waiting.payer, waiting.account, waiting.identity, BY_PAYER, APPROVED, day.date, None,
        day.date.year, day.next_day,
    )  # fmt: skip
    day.advise(waiting.payer, "0432", who, day.next_day)


def _cancel(day: Day, line: str) -> None:
    payer, found = line[12:28], day.register.mandates.get(line[12:28])
    fault = _shared_fault(day, line)
    if not fault and found is None:
        fault = "04"
    fault = fault or day.dice.pick("cancel", (*CANCEL_CODES, *(("09",) * _on_bankgiro(found))))
    if not fault and found is not None:
        day.end_mandate(found, "0333")
        return
    day.advise(payer, f"03{fault}")
    _keep_the_word(day, found, fault)


def _keep_the_word(day: Day, found: Mandate | None, fault: str) -> None:
    """When chance says that there is no such mandate, there is none any more."""
    if fault == "04" and found is not None and found.payer in day.register.mandates:
        day.lose_mandate(found.payer)


def _on_bankgiro(mandate: Mandate | None) -> bool:
    return mandate is not None and not mandate.account


def _renumber(day: Day, line: str) -> None:
    old, new = line[12:28], line[38:54]
    found = day.register.mandates.get(old)
    fault = _shared_fault(day, line) or ("29" if line[28:38] != day.bankgiro else "")
    if not fault and (found is None or found.state != APPROVED):
        fault = "04"
    if not fault and (_on_bankgiro(found) or not good_payer(new)):
        fault = "21"
    if not fault and _taken(day, new):
        fault = "10"
    fault = fault or day.dice.pick("number", NUMBER_CODES)
    if fault or found is None:
        # A number that is taken is the new one's fault, all else the old one's.
        shown = rows.particulars(found) if found else ("0" * 16, "0" * 12)
        day.advise(new if fault == "10" else old, f"05{fault}", shown)
        _keep_the_word(day, found if found and found.state == APPROVED else None, fault)
        return
    day.advise(new, "0532", rows.particulars(found))
    day.advise(old, "0533", rows.particulars(found))
    day.cancel_all(old, "03")
    day.register.end(old, "renumbered", day.date)
    found.payer, found.changed = new, day.date
    day.register.mandates[new] = found


ORDERS: dict[str, Callable[[Day, str], None]] = {"03": _cancel, "04": _new, "05": _renumber}


def tell_answers(day: Day) -> None:
    """What the payers' banks have answered to enquiries, and those that never did."""
    due = [m for m in day.register.mandates.values() if m.answer_on and m.answer_on <= day.date]
    for mandate in due:
        pair, mandate.answer_on, mandate.answer = mandate.answer, None, ""
        if pair.endswith("32"):
            mandate.state = APPROVED
            day.advise(mandate.payer, pair, rows.particulars(mandate), mandate.debit_from)
        elif pair == "4307":
            day.end_mandate(mandate, pair)
        else:
            day.advise(mandate.payer, pair, rows.particulars(mandate))
            day.cancel_all(mandate.payer, "03")
            day.register.end(mandate.payer, "refused", day.date, quarantined=False)
