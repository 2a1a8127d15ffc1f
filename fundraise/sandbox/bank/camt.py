"""camt.053 and camt.054, versions 02 to 13: the parts that both have.

What differs: BIC became BICFI in 03, a payment's own sum came in 03, and in 07 both a party and a
state became a choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from html import escape

from fundraise.sandbox.bank.accounts import BankAccount
from fundraise.sandbox.bank.moves import Entry, Move, Payment

BGNR = "BGNR"
OWN_SUM, CHOICES = 3, 7
LONGEST_LINE, LONGEST_REF = 140, 35
SCOR = "<Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>"


@dataclass(frozen=True, slots=True)
class Issue:
    """One handing out of a message: its own id, and what is wrong with it."""

    id: str
    day: date
    version: int = 8
    currency: str = "SEK"
    # Added to the closing balance, and to the first payment's sum, of an issue that is broken.
    balance_off: int = 0
    details_off: int = 0

    @property
    def at(self) -> str:
        return f"{self.day}T23:30:00"


def document(kind: str, element: str, issue: Issue, parts: Iterable[str]) -> bytes:
    space = f"urn:iso:std:iso:20022:tech:xsd:{kind}.001.{issue.version:02d}"
    head = f"<GrpHdr><MsgId>{issue.id}</MsgId><CreDtTm>{issue.at}</CreDtTm></GrpHdr>"
    body = "\n".join(parts)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{space}"><{element}>\n'
        f"{head}\n{body}\n</{element}></Document>\n"
    ).encode()


def money(ore: int, issue: Issue) -> str:
    """Without its sign, and then the word for the sign."""
    return f"{plain(ore, issue)}<CdtDbtInd>{sign(ore)}</CdtDbtInd>"


def plain(ore: int, issue: Issue) -> str:
    return f'<Amt Ccy="{issue.currency}">{kronor(ore)}</Amt>'


def sign(ore: int) -> str:
    return "CRDT" if ore >= 0 else "DBIT"


def kronor(ore: int) -> str:
    whole, rest = divmod(abs(ore), 100)
    return f"{whole}.{rest:02d}"


def account(found: BankAccount, issue: Issue, *, bankgiro: bool = False) -> str:
    number = (
        f"<Othr><Id>{found.bankgiro}</Id><SchmeNm><Prtry>{BGNR}</Prtry></SchmeNm></Othr>"
        if bankgiro
        else f"<IBAN>{found.iban}</IBAN>"
    )
    return (
        f"<Acct><Id>{number}</Id><Ccy>{issue.currency}</Ccy>"
        f"<Ownr><Nm>{escape(found.holder)}</Nm></Ownr>"
        f"<Svcr><FinInstnId>{bic(found.bic, issue)}</FinInstnId></Svcr></Acct>"
    )


def bic(code: str, issue: Issue) -> str:
    name = "BICFI" if issue.version >= OWN_SUM else "BIC"
    return f"<{name}>{code}</{name}>"


def span(day: date) -> str:
    return f"<FrToDt><FrDtTm>{day}T00:00:00</FrDtTm><ToDtTm>{day}T23:59:59</ToDtTm></FrToDt>"


def entry(found: Entry, issue: Issue, *, parts: bool) -> str:
    """`parts`: with each payment, or only how many there are."""
    state = "<Cd>BOOK</Cd>" if issue.version >= CHOICES else "BOOK"
    back = "<RvslInd>true</RvslInd>" if found.payments[0].move.reason else ""
    return (
        f"<Ntry><NtryRef>{found.ref}</NtryRef>{money(found.amount_ore, issue)}{back}"
        f"<Sts>{state}</Sts><BookgDt><Dt>{found.day}</Dt></BookgDt>"
        f"<ValDt><Dt>{found.day}</Dt></ValDt><AcctSvcrRef>{found.ref}</AcctSvcrRef>"
        f"{_code(found.code)}{_details(found, issue, parts=parts)}"
        f"<AddtlNtryInf>{escape(found.text)}</AddtlNtryInf></Ntry>"
    )


def _details(found: Entry, issue: Issue, *, parts: bool) -> str:
    batch = ""
    if found.batch:
        batch = (
            f"<Btch><NbOfTxs>{len(found.payments)}</NbOfTxs>"
            f'<TtlAmt Ccy="{issue.currency}">{kronor(found.amount_ore)}</TtlAmt>'
            f"<CdtDbtInd>{sign(found.amount_ore)}</CdtDbtInd></Btch>"
        )
    told = "\n".join(_payments(found, issue)) if parts or not found.batch else ""
    return f"<NtryDtls>{batch}{told}</NtryDtls>"


def _payments(found: Entry, issue: Issue) -> Iterator[str]:
    for place, payment in enumerate(found.payments):
        off = issue.details_off if place == 0 else 0
        yield _payment(payment, found.code, payment.move.amount_ore + off, issue)


def _payment(payment: Payment, code: tuple[str, str], ore: int, issue: Issue) -> str:
    move = payment.move
    own = money(ore, issue) if issue.version >= OWN_SUM else ""
    return (
        f"<TxDtls>{_refs(payment)}{own}<AmtDtls><TxAmt>{plain(ore, issue)}</TxAmt></AmtDtls>"
        f"{_code(code)}{_parties(move, issue)}{_remittance(move)}{_return(move)}</TxDtls>"
    )


def _refs(payment: Payment) -> str:
    move = payment.move
    end = (move.end_to_end or move.order or "NOTPROVIDED")[:LONGEST_REF]
    return (
        f"<Refs><AcctSvcrRef>{payment.ref}</AcctSvcrRef>"
        f"<EndToEndId>{escape(end)}</EndToEndId><TxId>{payment.ref}</TxId></Refs>"
    )


def _code(code: tuple[str, str]) -> str:
    domain = "ACMT" if code[0] in ("MCOP", "MDOP") else "PMNT"
    return (
        f"<BkTxCd><Domn><Cd>{domain}</Cd><Fmly><Cd>{code[0]}</Cd>"
        f"<SubFmlyCd>{code[1]}</SubFmlyCd></Fmly></Domn></BkTxCd>"
    )


def _parties(move: Move, issue: Issue) -> str:
    """The other side: it paid (Dbtr) or was paid (Cdtr); what comes back keeps its first roles."""
    if not (move.name or move.phone or move.payer_account):
        return ""
    role = "Dbtr" if (move.amount_ore > 0) != bool(move.reason) else "Cdtr"
    name = f"<Nm>{escape(move.name)}</Nm>" if move.name else ""
    phone = ""
    if move.phone:
        # ISO wants a hyphen behind the country.
        phone = f"<CtctDtls><MobNb>+46-{move.phone.removeprefix('+46')}</MobNb></CtctDtls>"
    org = ""
    if move.org:
        org = f"<Id><OrgId><Othr><Id>{move.org}</Id></Othr></OrgId></Id>"
    party = name + org + phone
    if issue.version >= CHOICES:
        party = f"<Pty>{party}</Pty>"
    return f"<RltdPties><{role}>{party}</{role}>{_number(role, move.payer_account)}</RltdPties>"


def _number(role: str, number: str) -> str:
    if not number:
        return ""
    other = f"<Othr><Id>{number}</Id></Othr>"
    kind = f"<IBAN>{number}</IBAN>" if number[:2].isalpha() else other
    return f"<{role}Acct><Id>{kind}</Id></{role}Acct>"


def _remittance(move: Move) -> str:
    text = move.message
    lines = [text[n : n + LONGEST_LINE] for n in range(0, len(text), LONGEST_LINE)]
    told = "".join(f"<Ustrd>{escape(line)}</Ustrd>" for line in lines)
    if move.ocr:
        ref = f"<CdtrRefInf>{SCOR}<Ref>{escape(move.ocr)}</Ref></CdtrRefInf>"
        told += f"<Strd>{ref}</Strd>"
    return f"<RmtInf>{told}</RmtInf>" if told else ""


def _return(move: Move) -> str:
    return f"<RtrInf><Rsn><Cd>{move.reason}</Cd></Rsn></RtrInf>" if move.reason else ""
