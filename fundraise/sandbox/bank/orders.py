"""A list of payments that an account holder sends in, pain.001, as moves of her account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from fundraise.sandbox.bank.accounts import BankAccount
from fundraise.sandbox.bank.moves import Move

PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
KRONA = 100


def moves(content: bytes, accounts: Sequence[BankAccount]) -> Iterator[Move]:
    """One for each transfer; it has its maker's end-to-end id. Raises ValueError."""
    try:
        root = etree.fromstring(content, PARSER)
    except etree.XMLSyntaxError as problem:
        raise ValueError(f"orders: {problem}") from None
    by_iban = {account.iban: account for account in accounts}
    for batch in _all(root, "PmtInf"):
        account = by_iban.get(_text(batch, "DbtrAcct", "IBAN"))
        if account is None:
            raise ValueError("orders: the payer's account is not one of this bank's")
        for one in _all(batch, "CdtTrfTxInf"):
            yield _move(account, one)


def _move(account: BankAccount, one: etree._Element) -> Move:
    kronor, _, rest = _text(one, "InstdAmt").partition(".")
    name = _text(one, "EndToEndId")
    payee = _text(one, "CdtrAcct", "IBAN") or _text(one, "CdtrAcct", "Id", "Othr", "Id")
    return Move(
        account.number, -(int(kronor) * KRONA + int(f"{rest:0<2}")), "refund_sent", "transfer",
        _text(one, "Cdtr", "Nm"), payee, message=_text(one, "Ustrd"), end_to_end=name, source=name,
    )  # fmt: skip


def _all(node: etree._Element, name: str) -> list[etree._Element]:
    return [one for one in node.iter() if etree.QName(one).localname == name]


def _text(node: etree._Element, *names: str) -> str:
    """Of the first element of that path, whatever lies between; "" when there is none."""
    for name in names:
        found = _all(node, name)
        if not found:
            return ""
        node = found[0]
    return (node.text or "").strip()
