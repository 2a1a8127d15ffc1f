"""Bank accounts, files and their lines, items and what they were matched to, rules, the queue."""

from __future__ import annotations

from fundraise.reconciliation.models.accounts import (
    AccountNumber,
    BankAccount,
    CsvMapping,
    ExpectedFile,
)
from fundraise.reconciliation.models.files import Line, Statement, StatementFile
from fundraise.reconciliation.models.items import Item, Match
from fundraise.reconciliation.models.kinds import Kind
from fundraise.reconciliation.models.paying import PaymentList, PaymentRow
from fundraise.reconciliation.models.people import PayerAlias, Reference
from fundraise.reconciliation.models.proof import ProofLine, ProofRun
from fundraise.reconciliation.models.proposals import Proposal
from fundraise.reconciliation.models.queue import QueueItem
from fundraise.reconciliation.models.rules import Rule, RuleTrial, RuleVersion

__all__ = [
    "AccountNumber",
    "BankAccount",
    "CsvMapping",
    "ExpectedFile",
    "Item",
    "Kind",
    "Line",
    "Match",
    "PayerAlias",
    "PaymentList",
    "PaymentRow",
    "ProofLine",
    "ProofRun",
    "Proposal",
    "QueueItem",
    "Reference",
    "Rule",
    "RuleTrial",
    "RuleVersion",
    "Statement",
    "StatementFile",
]
