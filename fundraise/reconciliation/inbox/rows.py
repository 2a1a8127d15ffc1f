"""Lines and items as rows, and what makes each known again when it comes in another file.

A line is known by what the bank calls it, with its day and sum; where the bank calls it nothing, by
its text and the balance after it. An item (one payer's part) likewise. Alike ones are counted, so
that two that are truly identical stay two.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import orjson

from fundraise import crypto
from fundraise.gifts.models import Channel
from fundraise.reconciliation.formats.base import Line, Payer, Payment
from fundraise.reconciliation.inbox.pages import Told
from fundraise.reconciliation.matching.seen import Seen
from fundraise.reconciliation.matching.words import codes, folded
from fundraise.refs import new_ref

DIGEST = 16
NOBODY = Payer()
PAYER = "payer"  # the kind of keyed hash that a payer's account or phone is found by


@dataclass(slots=True)
class LineRow:
    """A line to be written."""

    ref: UUID
    line: Line
    fingerprint: bytes
    nth: int
    said: bytes | None
    pk: int = 0
    known: bool = False


@dataclass(slots=True)
class ItemRow:
    """An item to be written; `line` is its line's row, none for details that came by themselves."""

    ref: UUID
    payment: Payment
    booked_on: date
    fingerprint: bytes
    nth: int
    said: bytes | None
    keys: tuple[bytes, ...]
    line: LineRow | None
    batch_ref: str
    is_sole: bool
    text: str = field(repr=False)
    code: str = ""
    pk: int = 0
    known: bool = False

    @property
    def has_payer(self) -> bool:
        payer = self.payment.payer
        return bool(payer.name or payer.account or payer.phone)

    @property
    def channel(self) -> str:
        return Channel.SWISH_NUMBER if _is_swish(self.payment) else Channel.BANK

    def seen(self) -> Seen:
        """What the rules look at."""
        payment = self.payment
        return Seen(
            key=self.pk,
            place=(self.booked_on, self.fingerprint, self.nth),
            amount_ore=payment.amount_ore,
            booked_on=self.booked_on,
            reference=payment.reference,
            codes=codes(payment.message or self.text),
            end_to_end=payment.end_to_end,
            bank_ref=payment.bank_ref,
            payer_keys=self.keys,
            has_payer=self.has_payer,
            name=payment.payer.name,
            words=folded(f"{payment.message} {self.text} {payment.order_id}"),
            code=self.code,
            is_return=payment.is_return,
            is_sole=self.is_sole,
        )


class Rows:
    """Makes the rows of one statement, with its account's key and its file's cipher.

    `others` are the statement's other pages, over which equal rows are counted; `told` is its own.
    """

    def __init__(
        self, line_key: bytes, cipher: crypto.Closer, *, details_only: bool, others: Told
    ) -> None:
        self._key, self._cipher, self._details_only = line_key, cipher, details_only
        self._others, self.told = others, Told()

    def of(self, line: Line) -> tuple[LineRow | None, Iterator[ItemRow]]:
        """A line's row, and its items: its payments, or the line itself."""
        row = None if self._details_only else self._line(line)
        return row, self._parts(line, row)

    def _line(self, line: Line) -> LineRow:
        known_by = (line.bank_ref,) if line.bank_ref else (line.text, line.balance_ore)
        fingerprint = self._print("line", line.booked_on, line.amount_ore, *known_by)
        ref = new_ref()
        said = self._cipher.seal(line.text.encode(), context=f"line:{ref}") if line.text else None
        nth = self._nth(self.told.lines, self._others.lines, fingerprint)
        return LineRow(ref, line, fingerprint, nth, said)

    def _parts(self, line: Line, row: LineRow | None) -> Iterator[ItemRow]:
        batch = line.bank_ref or line.entry_ref or line.batch_ref
        if not line.payments:
            alone = batch if self._details_only else ""
            yield self._item(line, row, line.own_payment or _itself(line), alone, sole=True)
            return
        sole = len(line.payments) == 1
        names = Counter(payment.bank_ref for payment in line.payments)
        for payment in line.payments:
            named = bool(payment.bank_ref) and names[payment.bank_ref] == 1
            yield self._item(line, row, payment, batch, sole=sole, named=named)

    def _item(
        self, line: Line, row: LineRow | None, payment: Payment, batch: str, *, sole: bool,
        named: bool = False,
    ) -> ItemRow:  # fmt: skip
        payer = payment.payer
        if not line.payments and row is not None:
            fingerprint, nth = self._print("sole", row.fingerprint.hex()), row.nth
        else:
            fingerprint = self._fingerprint(line, payment, named=named)
            nth = self._nth(self.told.items, self._others.items, fingerprint)
        ref = new_ref()
        known_by = payer.account or payer.phone
        return ItemRow(
            ref,
            payment,
            line.booked_on,
            fingerprint,
            nth,
            self._said(ref, payment),
            tuple(crypto.lookup_hashes(PAYER, known_by)) if known_by else (),
            row,
            batch,
            sole,
            line.text if sole else "",
            payment.code or line.code,
        )

    def _fingerprint(self, line: Line, payment: Payment, *, named: bool) -> bytes:
        if named:
            return self._print("item", line.booked_on, payment.amount_ore, payment.bank_ref)
        payer = payment.payer
        return self._print(
            "item", line.booked_on, payment.amount_ore, payment.bank_ref, payment.end_to_end,
            payment.reference, payment.message, payment.order_id, payer.name, payer.account,
            payer.phone,
        )  # fmt: skip

    def _said(self, ref: UUID, payment: Payment) -> bytes | None:
        """Payer and message, sealed for this item alone."""
        payer = payment.payer
        told = {
            "name": payer.name, "account": payer.account, "phone": payer.phone,
            "id": payer.org_or_person, "address": payer.address, "message": payment.message,
            "order": payment.order_id, "end_to_end": payment.end_to_end,
            "references": payment.more_references,
        }  # fmt: skip
        kept = {name: value for name, value in told.items() if value}
        return self._cipher.seal(orjson.dumps(kept), context=f"item:{ref}") if kept else None

    def _print(self, *parts: object) -> bytes:
        told = "\x1f".join([str(part) for part in parts])
        return hashlib.blake2b(told.encode(), key=self._key, digest_size=DIGEST).digest()

    @staticmethod
    def _nth(counted: Counter[bytes], others: Counter[bytes], fingerprint: bytes) -> int:
        nth = counted[fingerprint]
        counted[fingerprint] = nth + 1
        return nth + others[fingerprint]


def _itself(line: Line) -> Payment:
    """A line that tells of no payer, as an item."""
    return Payment(
        line.amount_ore, line.at, bank_ref=line.bank_ref, code=line.code, is_return=line.is_return
    )


def _is_swish(payment: Payment) -> bool:
    """Swish has a phone, or the number of ours that it was paid to."""
    if payment.payer.phone:
        return True
    return len(payment.to_account) == 10 and payment.to_account.startswith("123")
