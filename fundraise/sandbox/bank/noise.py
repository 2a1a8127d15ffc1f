"""What else moves on the accounts of a movement, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fundraise.sandbox import bankdays
from fundraise.sandbox.bank import givers
from fundraise.sandbox.bank.accounts import BankAccount
from fundraise.sandbox.bank.givers import Giver
from fundraise.sandbox.bank.knobs import Dice
from fundraise.sandbox.bank.moves import Move

CHANNELS = {"giro_gift": "giro", "swish_gift": "swish", "transfer_gift": "transfer"}
FEE_SUMS = (50_00, 100_00, 200_00, 350_00)
PAY_DAY, TAX_DAY = 25, 12
EMPLOYEES = 3


@dataclass
class Noise:
    """`maker` of the day's own moves. What was given is remembered: it may be paid back."""

    dice: Dice
    accounts: Sequence[BankAccount]
    people: Sequence[Giver] = ()
    recent: tuple[Move, ...] = ()

    def of(self, day: date) -> Iterator[tuple[date, Move]]:
        """Each move with the day it is booked on."""
        for account in self.accounts:
            for move in self._gifts(account):
                yield day, move
            for move in self._small(account):
                yield day, move
            yield from self._refunds(day, account)
            for move in self._calendar(day, account):
                yield day, move
        yield from self._own(day)

    def _gifts(self, account: BankAccount) -> Iterator[Move]:
        for name, channel in CHANNELS.items():
            if not self._takes(account, channel):
                continue
            for _ in range(self.dice.many(name)):
                move = self._gift(account, channel)
                yield move
                self.recent = (*self.recent[-30:], move)
                if self.dice.falls("payment.twin", account.number):
                    yield replace(move, marks=(*move.marks, "twin"))

    def _takes(self, account: BankAccount, channel: str) -> bool:
        return {"giro": bool(account.bankgiro), "swish": bool(account.swish)}.get(
            channel, account.use == "dedicated"
        )

    def _gift(self, account: BankAccount, channel: str) -> Move:
        chance = self.dice.random
        giver = chance.choice(self.people) if self.people else givers.somebody(chance, "nobody")
        ore = chance.choice(giver.sums)
        ocr, message, marks = self._reference(giver, account)
        name = giver.name
        if self.dice.falls("payment.variant", account.number):
            name, marks = givers.variant(name, chance), (*marks, "variant")
        if channel == "swish":
            ocr, message, number = "", ocr or message, ""
        else:
            number, message = giver.account, "" if ocr else message
        phone = giver.phone if channel == "swish" else ""
        return Move(account.number, ore, "gift", channel, name, number, phone, ocr=ocr,
                    message=message, source=giver.key, marks=marks)  # fmt: skip

    def _reference(self, giver: Giver, account: BankAccount) -> tuple[str, str, tuple[str, ...]]:
        if giver.ocr and self.dice.falls("payment.no_reference", account.number):
            return "", "gåva", ("no_reference",)
        if giver.ocr and self.dice.falls("payment.wrong_reference", account.number):
            return givers.wrong(giver.ocr, self.dice.random), giver.message, ("wrong_reference",)
        return giver.ocr, giver.message, ()

    def _small(self, account: BankAccount) -> Iterator[Move]:
        chance = self.dice.random
        channel = "giro" if account.bankgiro else "transfer"
        for _ in range(self.dice.many("membership_fee")):
            who = givers.somebody(chance, "member")
            yield Move(account.number, chance.choice(FEE_SUMS), "membership_fee", channel, who.name,
                       who.account, message="Medlemsavgift")  # fmt: skip
        for kind, text in (("sale", "Tröja"), ("lottery", "Lotter")):
            for _ in range(self.dice.many(kind)):
                who = givers.somebody(chance, kind)
                how = "swish" if account.swish else "transfer"
                yield Move(account.number, chance.choice(FEE_SUMS), kind, how, who.name, "",
                           who.phone if how == "swish" else "", message=text)  # fmt: skip
        if account.use == "shared":
            for _ in range(self.dice.many("supplier")):
                yield Move(account.number, -chance.randrange(200_00, 20_000_00), "supplier",
                           "transfer", chance.choice(givers.SUPPLIERS), "50501055",
                           message=f"Faktura {chance.randrange(10**6):06d}")  # fmt: skip

    def _refunds(self, day: date, account: BankAccount) -> Iterator[tuple[date, Move]]:
        """A gift is paid back; now and then that money comes back in turn."""
        given = [move for move in self.recent if move.account == account.number]
        for _ in range(self.dice.many("refund") if given else 0):
            gift = self.dice.random.choice(given)
            back = replace(
                gift, amount_ore=-gift.amount_ore, kind="refund_sent", channel="transfer", ocr="",
                message="Återbetalning", marks=(),
            )  # fmt: skip
            yield day, back
            if self.dice.falls("refund.returned", account.number):
                again = replace(back, amount_ore=gift.amount_ore, kind="refund_returned",
                                reason="AC04")  # fmt: skip
                yield bankdays.after(day), again

    def _calendar(self, day: date, account: BankAccount) -> Iterator[Move]:
        """On the bank day of each thing, when it is switched on (above 0)."""
        wanted = self.dice.knobs.noise
        if account.use == "shared" and wanted.get("salary") and _falls_on(day, PAY_DAY):
            for n in range(EMPLOYEES):
                yield Move(account.number, -(24_000_00 + n * 1_500_00), "salary", "transfer",
                           f"Anställd Prov {n + 1}", message="Lön")  # fmt: skip
        if account.use == "shared" and wanted.get("tax") and _falls_on(day, TAX_DAY):
            yield Move(account.number, -31_415_00, "tax", "giro", "Skatteverket", "50501055",
                       ocr="1658020000013", message="")  # fmt: skip
        if wanted.get("bank_fee") and _first_of_month(day):
            yield Move(account.number, -125_00, "bank_fee", "bank", message="Bankavgift")
        if wanted.get("interest") and day.month in (6, 12) and _last_of_month(day):
            yield Move(account.number, 1_234_56, "interest", "bank", message="Kreditränta")
        if wanted.get("public_support") and account.use == "shared" and _first_of_quarter(day):
            yield Move(account.number, 87_500_00, "public_support", "transfer",
                       givers.AUTHORITY, org=givers.AUTHORITY_ORG, message="Partistöd")  # fmt: skip

    def _own(self, day: date) -> Iterator[tuple[date, Move]]:
        """From one account of a holder to another of hers; the other side may come a day later."""
        for _ in range(self.dice.many("own_transfer")):
            pairs = [(a, b) for a in self.accounts for b in self.accounts
                     if a is not b and a.org == b.org]  # fmt: skip
            if not pairs:
                return
            out, into = self.dice.random.choice(pairs)
            ore = self.dice.random.randrange(1_000, 20_000) * 100
            late = self.dice.falls("transfer.late", into.number)
            note = f"Överföring {self.dice.random.randrange(10**6):06d}"
            yield day, Move(out.number, -ore, "own_transfer", "transfer", into.holder, into.iban,
                            message=note, source=note)  # fmt: skip
            yield bankdays.after(day) if late else day, Move(
                into.number, ore, "own_transfer", "transfer", out.holder, out.iban, message=note,
                source=note, marks=("late",) if late else (),
            )  # fmt: skip


def _falls_on(day: date, number: int) -> bool:
    """Whether what is due on that day of the month is booked today: on the bank day before."""
    return bankdays.on_or_before(day.replace(day=number)) == day


def _first_of_month(day: date) -> bool:
    return bankdays.on_or_after(day.replace(day=1)) == day


def _first_of_quarter(day: date) -> bool:
    return day.month % 3 == 1 and _first_of_month(day)


def _last_of_month(day: date) -> bool:
    return bankdays.on_or_after(day + timedelta(days=1)).month != day.month
