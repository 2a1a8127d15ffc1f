"""camt files of every version, written from the schemas: old and new shapes of the same content."""

from __future__ import annotations

from functools import partial

MESSAGE = {
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}
NEW_STATUS = 7  # the first version with Sts/Cd and Dbtr/Pty
NEW_AMOUNT = 3  # the first version with Amt and CdtDbtInd in TxDtls
CODE = (
    "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn>"
    "</BkTxCd>"
)


def document(kind: str, version: int, statements: str | None = None) -> bytes:
    """Two entries, 350 kr in by two payments and 50 kr out, from 1 000 kr to 1 300 kr."""
    message = MESSAGE[kind][0]
    entries = _entry(version, "350.00", "CRDT", _batch(version))
    entries += _entry(version, "50.00", "DBIT", _payment(version, "50.00", "DBIT", "Cdtr"))
    body = statement(kind, entries) if statements is None else statements
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{kind}.001.{version:02}">\n<{message}>'
        "<GrpHdr><MsgId>M</MsgId><CreDtTm>2026-11-26T04:00:00</CreDtTm></GrpHdr>\n"
        f"{body}</{message}></Document>\n"
    ).encode()


def statement(kind: str, entries: str, opening: str = "1000.00", closing: str = "1300.00") -> str:
    container = MESSAGE[kind][1]
    balance = partial(_balance, opening=opening, closing=closing)
    balances = "" if kind == "camt.054" else balance("OPBD") + balance("CLBD")
    return (
        f"<{container}><Id>S-1</Id><CreDtTm>2026-11-26T04:00:00</CreDtTm>"
        "<Acct><Id><IBAN>SE4550000000058398257466</IBAN></Id><Ccy>SEK</Ccy></Acct>\n"
        f"{balances}<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries>"
        "<TtlCdtNtries><Sum>350.00</Sum></TtlCdtNtries></TxsSummry>\n"
        f"{entries}</{container}>\n"
    )


def _balance(code: str, opening: str, closing: str) -> str:
    amount = opening if code == "OPBD" else closing
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="SEK">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<Dt><Dt>2026-11-25</Dt></Dt></Bal>\n"
    )


def _entry(version: int, amount: str, sign: str, details: str) -> str:
    status = "<Sts><Cd>BOOK</Cd></Sts>" if version >= NEW_STATUS else "<Sts>BOOK</Sts>"
    return (
        f'<Ntry><Amt Ccy="SEK">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>2026-11-25</Dt></BookgDt>{CODE}\n<NtryDtls>{details}</NtryDtls></Ntry>\n"
    )


def _batch(version: int) -> str:
    reference = "<Strd><CdtrRefInf><Ref>1234567897</Ref></CdtrRefInf></Strd>"
    first = _payment(version, "100.00", "CRDT", "Dbtr", "Anna Ek", reference, "CHASUS33")
    second = _payment(version, "250.00", "CRDT", "Dbtr", "Bo Ek", "<Ustrd>Gåva</Ustrd>")
    return f"<Btch><NbOfTxs>2</NbOfTxs></Btch>\n{first}{second}"


def _payment(
    version: int,
    amount: str,
    sign: str,
    side: str,
    name: str = "Hyresvärden AB",
    remittance: str = "<Ustrd>Hyra</Ustrd>",
    bic: str = "",
) -> str:
    written = f'<Amt Ccy="SEK">{amount}</Amt>'
    if version >= NEW_AMOUNT:
        amounts = f"{written}<CdtDbtInd>{sign}</CdtDbtInd>"
    else:
        amounts = f"<AmtDtls><TxAmt>{written}</TxAmt></AmtDtls>"
    party = f"<Pty><Nm>{name}</Nm></Pty>" if version >= NEW_STATUS else f"<Nm>{name}</Nm>"
    code = "BICFI" if version >= NEW_AMOUNT else "BIC"
    agent = f"<{side}Agt><FinInstnId><{code}>{bic}</{code}></FinInstnId></{side}Agt>"
    return (
        f"<TxDtls>{amounts}<RltdPties><{side}>{party}</{side}></RltdPties>"
        f"{f'<RltdAgts>{agent}</RltdAgts>' if bic else ''}<RmtInf>{remittance}</RmtInf></TxDtls>\n"
    )


def notification(batches: list[list[int]], version: int = 8) -> bytes:
    """A camt.054 with an entry for each batch of sums in öre."""
    entries = ""
    for batch in batches:
        payments = "".join(
            _payment(version, _kronor(ore), "CRDT", "Dbtr", "Anna Ek") for ore in batch
        )
        entries += _entry(version, _kronor(sum(batch)), "CRDT", payments)
    whole = statement("camt.054", entries)
    begins, ends = whole.index("<TxsSummry>"), whole.index("</TxsSummry>") + len("</TxsSummry>")
    return document("camt.054", version, whole[:begins] + whole[ends:])


def _kronor(ore: int) -> str:
    return f"{ore // 100}.{ore % 100:02d}"
