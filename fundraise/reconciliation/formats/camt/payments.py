"""A payment in an entry (`TxDtls`). Written for speed: one pass over its elements."""

from __future__ import annotations

from collections.abc import Callable
from sys import intern

from fundraise.reconciliation.formats import values
from fundraise.reconciliation.formats.base import FormatError, Payment
from fundraise.reconciliation.formats.camt.heads import CURRENCY, sign_of
from fundraise.reconciliation.formats.camt.names import Element, text_of
from fundraise.reconciliation.formats.camt.parties import NOBODY, Parties

RETURN_CODES = {"RRTN", "RPCR", "UPDD", "PRDD", "ARET"}
REF, REFERENCE = 80, 40  # signs in a name of the bank's and in a reference; ISO 20022 has 35


class Found:
    """What a payment's elements say, while they are read."""

    __slots__ = (
        "agents", "at", "bank_ref", "charges", "code", "end_to_end", "is_return", "message", "more",
        "ore", "other_ref", "parties", "references", "sign",
    )  # fmt: skip

    def __init__(self, at: str) -> None:
        self.at = at
        self.sign = 0
        self.charges = 0
        self.ore: int | None = None
        self.bank_ref = self.other_ref = self.end_to_end = self.message = self.more = self.code = ""
        self.references: list[str] = []
        self.parties: Element | None = None
        self.agents: Element | None = None
        self.is_return = False


class Payments:
    """Reads payments of one namespace."""

    def __init__(self, prefix: str) -> None:
        self._parties = Parties(prefix)
        self._amount, self._record = prefix + "Amt", prefix + "Rcrd"
        self._ustrd, self._strd = prefix + "Ustrd", prefix + "Strd"
        self._referred, self._document = prefix + "CdtrRefInf", prefix + "RfrdDocInf"
        self._ref, self._number = prefix + "Ref", prefix + "Nb"
        self._added = prefix + "AddtlRmtInf"
        self._amounts = [prefix + name for name in ("TxAmt", "InstdAmt", "CntrValAmt")]
        self._refs = {
            prefix + name: name
            for name in ("AcctSvcrRef", "AcctSvcrTxId", "TxId", "EndToEndId", "ClrSysRef")
        }
        self._readers: dict[str, Callable[[Element, Found], None]] = {
            prefix + "Refs": self._read_refs,
            prefix + "Amt": self._read_amount,
            prefix + "CdtDbtInd": self._read_sign,
            prefix + "AmtDtls": self._read_amounts,
            prefix + "Chrgs": self._read_charges,
            prefix + "BkTxCd": self._read_code,
            prefix + "RltdPties": self._read_parties,
            prefix + "RltdAgts": self._read_agents,
            prefix + "RmtInf": self._read_remittance,
            prefix + "RtrInf": self._read_return,
            prefix + "AddtlTxInf": self._read_more,
        }

    def read(
        self, element: Element, at: str, sign: int, entry_returns: bool
    ) -> tuple[Payment, bool]:
        """The payment, and whether it says its sum. Raises FormatError."""
        found, readers = Found(at), self._readers
        for part in element:
            reader = readers.get(part.tag)
            if reader is not None:
                reader(part, found)
        sign, is_return = found.sign or sign, found.is_return or entry_returns
        payer, ours = NOBODY, ""
        if found.parties is not None:
            payer, ours = self._parties.read(
                found.parties, found.agents, out=sign < 0, is_return=is_return
            )
        references = found.references
        payment = Payment(
            0 if found.ore is None else sign * found.ore,
            at,
            found.bank_ref or found.other_ref,
            found.end_to_end,
            references[0] if references else "",
            found.message or found.more,
            "",
            payer,
            found.code,
            is_return,
            tuple(references[1:]),
            ours,
            found.charges,
        )
        return payment, found.ore is not None

    # --- One element each ------------------------------------------------------------------------
    def _read_refs(self, element: Element, found: Found) -> None:
        for part in element:
            name = self._refs.get(part.tag)
            if name is None:
                continue
            text = values.provided(text_of(part.text, REF))
            if name == "AcctSvcrRef":
                found.bank_ref = text
            elif name == "EndToEndId":
                found.end_to_end = text
            else:
                found.other_ref = found.other_ref or text

    def _read_amount(self, element: Element, found: Found) -> None:
        """In kronor, or left to what stands beside it."""
        if element.get("Ccy", CURRENCY) != CURRENCY:
            return
        try:
            found.ore = values.ore(element.text or "")
        except ValueError:
            raise FormatError("amount", found.at, field="Amt") from None

    def _read_amounts(self, element: Element, found: Found) -> None:
        """Version 02 has the sum here only; later ones have it before."""
        if found.ore is not None:
            return
        parts = {part.tag: part for part in element}
        for name in self._amounts:
            part = parts.get(name)
            if part is not None and len(part) and found.ore is None:
                self._read_amount(part[0], found)

    def _read_charges(self, element: Element, found: Found) -> None:
        """What a bank kept: in version 02 an element each, later records in one."""
        for part in element:
            if part.tag == self._amount:
                found.charges += self._charge(part, found)
            elif part.tag == self._record:
                amount = part.find(self._amount)
                found.charges += 0 if amount is None else self._charge(amount, found)

    def _charge(self, element: Element, found: Found) -> int:
        if element.get("Ccy", CURRENCY) != CURRENCY:
            return 0
        try:
            return values.ore(element.text or "")
        except ValueError:
            raise FormatError("amount", found.at, field="Chrgs") from None

    def _read_sign(self, element: Element, found: Found) -> None:
        found.sign = sign_of(text_of(element.text, 4), found.at)

    def _read_code(self, element: Element, found: Found) -> None:
        found.code = code_of(element)
        found.is_return = found.is_return or found.code[-4:] in RETURN_CODES

    def _read_parties(self, element: Element, found: Found) -> None:
        found.parties = element

    def _read_agents(self, element: Element, found: Found) -> None:
        found.agents = element

    def _read_remittance(self, element: Element, found: Found) -> None:
        """Free text joined; the references of the structured parts, in order."""
        texts: list[str] = []
        for part in element:
            if part.tag == self._ustrd:
                texts.append(text_of(part.text))
            elif part.tag == self._strd:
                self._read_structured(part, found, texts)
        found.message = text_of(" ".join(text for text in texts if text))

    def _read_structured(self, element: Element, found: Found, texts: list[str]) -> None:
        """A creditor's reference, else the number of the document that is paid."""
        number = reference = ""
        for part in element:
            if part.tag == self._referred:
                reference = text_of(part.findtext(self._ref), REFERENCE)
            elif part.tag == self._document:
                number = number or text_of(part.findtext(self._number), REFERENCE)
            elif part.tag == self._added:
                texts.append(text_of(part.text))
        if reference or number:
            found.references.append(reference or number)

    def _read_return(self, _element: Element, found: Found) -> None:
        found.is_return = True

    def _read_more(self, element: Element, found: Found) -> None:
        found.more = text_of(element.text)


def code_of(element: Element) -> str:
    """ "PMNT/RCDT/DMCT" of the domain, else the bank's own code."""
    texts = []
    for part in element[0] if len(element) else ():
        if len(part):
            texts += [text_of(inner.text, 35) for inner in part]
        else:
            texts.append(text_of(part.text, 35))
    own = len(element) and str(element[0].tag).endswith("Prtry")
    return intern("/".join(texts[:1] if own else texts))[:40]
