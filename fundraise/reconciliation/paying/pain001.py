"""A credit transfer initiation, pain.001.001.03, as Swedish banks take it. Plain Python.

Source: ISO 20022 pain.001.001.03; Swedish banks' guides name a domestic account as
CdtrAcct/Id/Othr with SchmeNm/Cd BBAN, and a bankgiro with SchmeNm/Prtry BGNR. That a bank wants
another version or scheme is a matter of its agreement (UNVERIFIED per bank, docs/paying.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"
LONGEST_NAME, LONGEST_TEXT = 70, 140
NAMELESS = "Mottagare"  # "payee": no name can be read


@dataclass(frozen=True, slots=True)
class Payee:
    """To whom: a name and an account ("iban", "bban" or "bgnr", digits and letters only)."""

    name: str = field(repr=False)
    account_kind: str
    account: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Transfer:
    """One sum, öre above zero. `text` tells the payee what it is and names nobody."""

    end_to_end: str
    amount_ore: int
    payee: Payee
    text: str


@dataclass(frozen=True, slots=True)
class Order:
    """From which account, on which day; `message_id` names the file at the bank, once."""

    message_id: str
    made_at: datetime
    pay_on: date
    payer_name: str
    payer_iban: str
    transfers: Sequence[Transfer]


def write(order: Order) -> bytes:
    """The file. Raises ValueError without a transfer, or when one is not above zero."""
    if not order.transfers or any(one.amount_ore <= 0 for one in order.transfers):
        raise ValueError("a payment file holds sums above zero")
    total = _kronor(sum(one.amount_ore for one in order.transfers))
    number = len(order.transfers)
    rows = "".join(_transfer(one) for one in order.transfers)
    made = order.made_at.strftime("%Y-%m-%dT%H:%M:%S")
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="{NAMESPACE}"><CstmrCdtTrfInitn><GrpHdr>'
        f"<MsgId>{escape(order.message_id)}</MsgId><CreDtTm>{made}</CreDtTm>"
        f"<NbOfTxs>{number}</NbOfTxs><CtrlSum>{total}</CtrlSum>"
        f"<InitgPty><Nm>{_name(order.payer_name)}</Nm></InitgPty></GrpHdr>"
        f"<PmtInf><PmtInfId>{escape(order.message_id)}</PmtInfId><PmtMtd>TRF</PmtMtd>"
        f"<NbOfTxs>{number}</NbOfTxs><CtrlSum>{total}</CtrlSum>"
        "<PmtTpInf><SvcLvl><Cd>NURG</Cd></SvcLvl></PmtTpInf>"
        f"<ReqdExctnDt>{order.pay_on}</ReqdExctnDt>"
        f"<Dbtr><Nm>{_name(order.payer_name)}</Nm></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{escape(order.payer_iban)}</IBAN></Id><Ccy>SEK</Ccy></DbtrAcct>"
        "<DbtrAgt><FinInstnId/></DbtrAgt>"
        f"{rows}</PmtInf></CstmrCdtTrfInitn></Document>\n"
    )
    return text.encode()


def _transfer(one: Transfer) -> str:
    text = _plain(one.text, LONGEST_TEXT)
    told = f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>" if text else ""
    return (
        f"<CdtTrfTxInf><PmtId><EndToEndId>{escape(one.end_to_end)}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="SEK">{_kronor(one.amount_ore)}</InstdAmt></Amt>'
        f"<Cdtr><Nm>{_name(one.payee.name)}</Nm></Cdtr>"
        f"<CdtrAcct>{_account(one.payee)}</CdtrAcct>{told}</CdtTrfTxInf>"
    )


def _account(payee: Payee) -> str:
    number = escape(payee.account)
    if payee.account_kind == "iban":
        return f"<Id><IBAN>{number}</IBAN></Id>"
    scheme = "<Prtry>BGNR</Prtry>" if payee.account_kind == "bgnr" else "<Cd>BBAN</Cd>"
    return f"<Id><Othr><Id>{number}</Id><SchmeNm>{scheme}</SchmeNm></Othr></Id>"


def _name(text: str) -> str:
    """A name is never empty: the schema asks for a sign."""
    return _plain(text, LONGEST_NAME) or NAMELESS


def _plain(text: str, longest: int) -> str:
    """Printable characters only: XML has no word for the others."""
    return escape("".join(char for char in text if char.isprintable()).strip()[:longest])


def _kronor(ore: int) -> str:
    return f"{Decimal(ore).scaleb(-2):.2f}"
