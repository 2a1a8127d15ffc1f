"""A day of an account as camt.053 (the statement) and camt.054 (the parts behind its sums)."""

from __future__ import annotations

from fundraise.sandbox.bank import camt
from fundraise.sandbox.bank.camt import Issue
from fundraise.sandbox.bank.moves import Statement


def statement(found: Statement, issue: Issue) -> bytes:
    """The day as camt.053: balances, and every line."""
    parts = found.account.parts_in == "camt.053"
    body = [
        f"<Stmt><Id>{issue.id}</Id><ElctrncSeqNb>{found.sequence}</ElctrncSeqNb>"
        f"<CreDtTm>{issue.at}</CreDtTm>{camt.span(found.day)}",
        camt.account(found.account, issue),
        _balance("OPBD", found.opening_ore, found, issue),
        _balance("CLBD", found.closing_ore + issue.balance_off, found, issue),
        _summary(found),
        *(camt.entry(entry, issue, parts=parts) for entry in found.entries),
        "</Stmt>",
    ]
    return camt.document("camt.053", "BkToCstmrStmt", issue, body)


def _balance(code: str, ore: int, found: Statement, issue: Issue) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{camt.money(ore, issue)}"
        f"<Dt><Dt>{found.day}</Dt></Dt></Bal>"
    )


def _summary(found: Statement) -> str:
    told = ""
    for name, of_sign in (("TtlCdtNtries", 1), ("TtlDbtNtries", -1)):
        sums = [entry.amount_ore for entry in found.entries if entry.amount_ore * of_sign > 0]
        told += (
            f"<{name}><NbOfNtries>{len(sums)}</NbOfNtries>"
            f"<Sum>{camt.kronor(sum(sums))}</Sum></{name}>"
        )
    return f"<TxsSummry>{told}</TxsSummry>"


def notice(found: Statement, issue: Issue) -> bytes | None:
    """The payments behind the day's sums as camt.054; None when there is no sum."""
    sums = [entry for entry in found.entries if entry.batch]
    if not sums:
        return None
    of_bankgiro = found.account.notice_of == "bankgiro" and bool(found.account.bankgiro)
    body = [
        f"<Ntfctn><Id>{issue.id}</Id><CreDtTm>{issue.at}</CreDtTm>{camt.span(found.day)}",
        camt.account(found.account, issue, bankgiro=of_bankgiro),
        *(camt.entry(entry, issue, parts=True) for entry in sums),
        "</Ntfctn>",
    ]
    return camt.document("camt.054", "BkToCstmrDbtCdtNtfctn", issue, body)
