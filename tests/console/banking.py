"""A bank account with a file that was looked at, a line of it, and exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fundraise import clock, crypto
from fundraise.campaigns.models import Campaign
from fundraise.reconciliation import accounts, exceptions, proposals
from fundraise.reconciliation.inbox.storing import store
from fundraise.reconciliation.models import (
    BankAccount,
    Item,
    Line,
    Match,
    PaymentList,
    Proposal,
    QueueItem,
    Statement,
    StatementFile,
)
from fundraise.refs import new_ref
from fundraise.staff.models import Approval
from tests.people import CECILIA

DAY = date(2026, 11, 2)


@dataclass(frozen=True)
class Banking:
    account: BankAccount
    file: StatementFile
    refused: StatementFile
    table: StatementFile
    item: Item
    match: Match
    exception: QueueItem
    payments: PaymentList


def furnish_banking(campaign: Campaign, mark: str = "") -> Banking:
    """One of each; `mark` begins what must differ between two houses."""
    account = accounts.open_account(_account(campaign, mark), by=CECILIA)
    file, refused = _file(campaign, mark, "read"), _file(campaign, mark, "refused")
    statement = Statement.objects.create(
        file=file, account=account, from_day=DAY, to_day=DAY, opening_ore=0, closing_ore=250_00
    )
    named = {"account": account, "statement": statement, "at": "row 1", "booked_on": DAY,
             "amount_ore": 250_00, "fingerprint": f"{mark}1".encode().ljust(16)}  # fmt: skip
    line = Line.objects.create(**named)
    item = Item.objects.create(line=line, state="suggested", reference="1234567897", **named)
    match = Match.objects.create(
        item=item, state="suggested", kind="interest", by="system:rules", made_at=clock.now(),
        evidence={"found": ["words"]},
    )  # fmt: skip
    return Banking(
        account=account,
        file=file,
        refused=refused,
        table=_table(campaign, mark),
        item=item,
        match=match,
        exception=exceptions.open_(
            "unknown_payer", f"item:{item.ref}", entity_id=campaign.entity_id, amount_ore=250_00
        ),
        payments=_payments(account),
    )


def deposit_line(banking: Banking) -> Item:
    """A line of 100 kr in a booked file that nobody has decided; made once."""
    account = banking.account
    found = Item.objects.filter(account=account, amount_ore=100_00).first()
    if found is not None:
        return found
    campaign = account.campaign
    assert campaign is not None
    statement = Statement.objects.create(
        file=_file(campaign, f"{campaign.slug}-cash-", "booked"), account=account, from_day=DAY,
        to_day=DAY, opening_ore=0, closing_ore=100_00,
    )  # fmt: skip
    named = {"account": account, "statement": statement, "at": "row 2", "booked_on": DAY,
             "amount_ore": 100_00, "fingerprint": f"{account.pk}2".encode().ljust(16)}  # fmt: skip
    return Item.objects.create(line=Line.objects.create(**named), state="unknown", **named)


def _account(campaign: Campaign, mark: str) -> accounts.NewAccount:
    number = "5050-1055" if mark else "991-2346"
    return accounts.NewAccount(
        campaign.entity, "Insamlingskontot", [("bgnr", number)], DAY, campaign=campaign
    )


def _file(campaign: Campaign, mark: str, state: str) -> StatementFile:
    return StatementFile.objects.create(
        entity=campaign.entity, kind="camt.053", name=f"{mark}{state}.xml", sealed=b"-", size=1,
        sha256=f"{mark}{state}".encode().ljust(32), via="page", taken_by=CECILIA, state=state,
        received_at=clock.now(), keep_until=date(2033, 12, 31),
        reason="balance" if state == "refused" else "",
        booked_at=clock.now() if state == "booked" else None,
    )  # fmt: skip


def _table(campaign: Campaign, mark: str) -> StatementFile:
    """A list of a bank's that nobody knows."""
    file = store(f"Dag|Vad|Summa\n2026-11-02|{mark}Gåva|100,00\n".encode(), by=CECILIA)
    file.entity, file.state, file.reason = campaign.entity, "refused", "unknown_csv"
    file.save(update_fields=["entity", "state", "reason"])
    return file


def asked(banking: Banking, kind: str) -> Approval:
    """The question to a second person about the account's numbers, or a rule; asked once."""
    entity = banking.account.entity
    subject = f"{kind}:{banking.account.ref}"
    proposal = Proposal.objects.filter(subject=subject).first() or proposals.ask(
        kind, entity, subject, what={"numbers": []}, by=CECILIA
    )
    return Approval.objects.get(subject_ref=proposal.ref)


def _payments(account: BankAccount) -> PaymentList:
    ref = new_ref()
    return PaymentList.objects.create(
        ref=ref, account=account, kind="refunds", pay_on=DAY, count=1, sum_ore=1, sha256=bytes(32),
        sealed=crypto.seal(b"", context=f"payment-list:{ref}"), made_at=clock.now(),
        made_by=CECILIA,
    )  # fmt: skip
