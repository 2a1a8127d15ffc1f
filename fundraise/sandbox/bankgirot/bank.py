"""The bank with its levers: what `Core` does by itself, and what it can be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from fundraise.sandbox.bankgirot import people
from fundraise.sandbox.bankgirot.core import Core
from fundraise.sandbox.bankgirot.draws import OUTCOMES, REFUND_CODES
from fundraise.sandbox.bankgirot.files import ReportFile
from fundraise.sandbox.bankgirot.handout import extract
from fundraise.sandbox.bankgirot.registers import APPROVED, BY_PAYEE, Mandate

ANSWERS = ("4232", "0432", "4203", "4205", "4307")


class Bankgirot(Core):
    """Payer numbers may be given without leading zeros. A wrong word raises ValueError."""

    def set_knobs(self, changes: dict[str, Any]) -> None:
        self.knobs.set(changes)
        self.dice.forget_tables()

    # What happens first thing on the next day that is run

    def give_emandate(
        self, bankgiro: str, payer: str, *, account: str = "", identity: str = "", text: str = "",
        lines: Sequence[str] = (), postcode: str = "12345", town: str = "PROVSTAD",
    ) -> None:  # fmt: skip
        dice = self.dice.random
        self._ask(
            bankgiro, "emandate", payer, account=account or people.account(dice),
            identity=identity or people.identity(dice), text=text, lines=list(lines),
            postcode=postcode, town=town,
        )  # fmt: skip

    def know_mandate(
        self, bankgiro: str, payer: str, *, account: str, identity: str, since: str
    ) -> None:
        """A mandate that was approved before this bank began: it may be drawn at once."""
        day, number = date.fromisoformat(since), number_of(payer)
        known = self.registers[self.key_of(bankgiro)].mandates
        if number not in known:
            known[number] = Mandate(
                payer=number, account=account, identity=identity, kind=BY_PAYEE,
                state=APPROVED, created=day, changed=None, active_year=day.year, debit_from=day,
            )  # fmt: skip

    def payer_cancels(self, bankgiro: str, payer: str) -> None:
        """46+02."""
        self._ask(bankgiro, "payer_cancels", payer)

    def close_bankgiro(self, bankgiro: str, payer: str) -> None:
        """44+98, for a mandate on a bankgiro number."""
        self._ask(bankgiro, "close_bankgiro", payer)

    def close_account(self, bankgiro: str, payer: str) -> None:
        """Every draw gets status 2 from now on."""
        self._ask(bankgiro, "close_account", payer)

    def stop_payment(self, bankgiro: str, payer: str, reference: str = "") -> None:
        """TK11: all that wait for the payer, or the one with a reference."""
        self._ask(bankgiro, "stop_payment", payer, reference=reference)

    def refund(self, bankgiro: str, payer: str, code: str = "01") -> None:
        """TK17 and TK77 for the payer's last executed draw."""
        if code not in REFUND_CODES:
            raise ValueError(f"code: one of {', '.join(REFUND_CODES)}")
        self._ask(bankgiro, "refund", payer, code=code)

    def close_payee(self, bankgiro: str) -> None:
        """The payee's agreement ends: 10 for every mandate, TK21."""
        self.asked.append((self.key_of(bankgiro), "close_payee", {}))

    def _ask(self, bankgiro: str, act: str, payer: str, **given: Any) -> None:
        self.asked.append((self.key_of(bankgiro), act, {"payer": number_of(payer), **given}))

    # What the next draw or answer will be

    def next_draw(self, bankgiro: str, payer: str, status: str) -> None:
        """0, 1 (told as 9 while tries remain), 2 or 4, instead of what chance says."""
        if status not in ("0", *OUTCOMES):
            raise ValueError("status: 0, 1, 2 or 4")
        self.registers[self.key_of(bankgiro)].next_draw[number_of(payer)] = status

    def next_answer(self, bankgiro: str, payer: str, pair: str) -> None:
        """How the payer's bank will answer about a mandate that is still to come."""
        if pair not in ANSWERS:
            raise ValueError(f"pair: one of {', '.join(ANSWERS)}")
        self.registers[self.key_of(bankgiro)].next_answer[number_of(payer)] = pair

    # Extracts, handed out at once

    def mandate_register(self, bankgiro: str) -> ReportFile | None:
        """None when it is empty."""
        return self._extract(bankgiro, "mandate_register")

    def watch_register(self, bankgiro: str) -> ReportFile | None:
        return self._extract(bankgiro, "watch_register")

    def _extract(self, bankgiro: str, kind: str) -> ReportFile | None:
        register = self.registers[self.key_of(bankgiro)]
        return extract(self.handout, register, kind, self.last_day or date(2000, 1, 3))


def number_of(payer: str) -> str:
    """A payer number as it stands in records."""
    if not payer.isdecimal() or not 0 < len(payer.lstrip("0")) <= 16:
        raise ValueError("payer: 1 to 16 digits")
    return payer.lstrip("0").rjust(16, "0")
