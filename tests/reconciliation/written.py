"""camt.053 and .054 of a house's account, as short as a test can say them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date

from tests.reconciliation.house import IBAN, OPENING

_NUMBER = itertools.count(1)
DAY = date(2026, 11, 2)


@dataclass(frozen=True)
class Pay:
    """One payer's money: above zero in, below zero out."""

    ore: int
    ocr: str = ""
    message: str = ""
    name: str = ""
    account: str = ""
    phone: str = ""
    bank_ref: str = ""
    end_to_end: str = ""
    code: str = "PMNT/RCDT/DMCT"
    returned: bool = False


@dataclass(frozen=True)
class Entry:
    """A line of the account; `ref` is the bank's name of it."""

    pays: tuple[Pay, ...]
    ref: str = ""
    day: date = DAY
    text: str = ""
    ore: int = 0  # of a line that tells of no payments
    code: str = "PMNT/RCDT/DMCT"


@dataclass
class Book:
    """An account whose statements follow on each other."""

    balance: int = OPENING
    iban: str = IBAN
    days: list[str] = field(default_factory=list)

    def day(self, *entries: Entry, day: date = DAY, ident: str = "") -> bytes:
        """A camt.053 of one day."""
        before = self.balance
        self.balance += sum(total(one) for one in entries)
        ident = ident or f"S-{next(_NUMBER)}"
        balances = _balance("OPBD", before, day) + _balance("CLBD", self.balance, day)
        return _document("053", ident, self.iban, balances, entries)


def details(*entries: Entry, iban: str = IBAN) -> bytes:
    """A camt.054."""
    return _document("054", f"N-{next(_NUMBER)}", iban, "", entries)


def one(ore: int, **fields: object) -> Entry:
    """A line with one payer."""
    line = {key: fields.pop(key) for key in ("ref", "day", "text") if key in fields}
    return Entry((Pay(ore, **fields),), **line)  # type: ignore[arg-type]


def total(entry: Entry) -> int:
    return entry.ore or sum(pay.ore for pay in entry.pays)


def _document(kind: str, ident: str, iban: str, balances: str, entries: tuple[Entry, ...]) -> bytes:
    message, part = {"053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}[
        kind
    ]
    rows = "\n".join(_entry(entry) for entry in entries)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.08"><{message}>'
        "<GrpHdr><MsgId>M</MsgId><CreDtTm>2026-11-26T04:00:00</CreDtTm></GrpHdr>"
        f"<{part}><Id>{ident}</Id><CreDtTm>2026-11-26T04:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>SEK</Ccy></Acct>{balances}\n{rows}"
        f"</{part}></{message}></Document>"
    ).encode()


def _kronor(ore: int) -> str:
    return f"{abs(ore) // 100}.{abs(ore) % 100:02}"


def _sign(ore: int) -> str:
    return "CRDT" if ore >= 0 else "DBIT"


def _balance(code: str, ore: int, day: date) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="SEK">{_kronor(ore)}</Amt><CdtDbtInd>{_sign(ore)}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _code(code: str) -> str:
    domain, family, sub = code.split("/")
    return (
        f"<BkTxCd><Domn><Cd>{domain}</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd>"
        "</Fmly></Domn></BkTxCd>"
    )


def _entry(entry: Entry) -> str:
    ore = total(entry)
    returned = any(pay.returned for pay in entry.pays)
    pays = "".join(_pay(pay) for pay in entry.pays)
    ref = f"<AcctSvcrRef>{entry.ref}</AcctSvcrRef>" if entry.ref else ""
    text = f"<AddtlNtryInf>{entry.text}</AddtlNtryInf>" if entry.text else ""
    return (
        f'<Ntry><Amt Ccy="SEK">{_kronor(ore)}</Amt><CdtDbtInd>{_sign(ore)}</CdtDbtInd>'
        f"{'<RvslInd>true</RvslInd>' if returned else ''}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{entry.day}</Dt></BookgDt>{ref}{_code(entry.code)}"
        f"{f'<NtryDtls>{pays}</NtryDtls>' if pays else ''}{text}</Ntry>"
    )


def _pay(pay: Pay) -> str:
    refs = "".join(
        f"<{tag}>{value}</{tag}>"
        for tag, value in (("AcctSvcrRef", pay.bank_ref), ("EndToEndId", pay.end_to_end))
        if value
    )
    side = "Dbtr" if pay.ore > 0 else "Cdtr"
    party = ""
    if pay.name or pay.account or pay.phone:
        phone = f"<CtctDtls><MobNb>{pay.phone}</MobNb></CtctDtls>" if pay.phone else ""
        account = (
            f"<{side}Acct><Id><IBAN>{pay.account}</IBAN></Id></{side}Acct>" if pay.account else ""
        )
        party = (
            f"<RltdPties><{side}><Pty><Nm>{pay.name}</Nm>{phone}</Pty></{side}>{account}"
            "</RltdPties>"
        )
    words = f"<Ustrd>{pay.message}</Ustrd>" if pay.message else ""
    ocr = (
        f"<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>{pay.ocr}</Ref>"
        "</CdtrRefInf></Strd>"
        if pay.ocr
        else ""
    )
    remitted = f"<RmtInf>{words}{ocr}</RmtInf>" if words or ocr else ""
    return (
        f'<TxDtls>{f"<Refs>{refs}</Refs>" if refs else ""}<Amt Ccy="SEK">{_kronor(pay.ore)}</Amt>'
        f"<CdtDbtInd>{_sign(pay.ore)}</CdtDbtInd>{_code(pay.code)}{party}{remitted}</TxDtls>"
    )
