"""The doors of bank accounts: one is opened with its numbers, changed, and closed.

Numbers decide whose books a file's money is booked in, so another number needs a second person.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from fundraise import clock, crypto
from fundraise.audit import services as audit
from fundraise.campaigns.models import Campaign
from fundraise.ledger.models import Account, LegalEntity
from fundraise.ledger.services import EntryDraft, JournalDraft, post_journals
from fundraise.reconciliation import numbers as plain
from fundraise.reconciliation import proposals, rules
from fundraise.reconciliation.models import AccountNumber, BankAccount, ExpectedFile, Proposal

KEY_BYTES = 32
Numbers = Sequence[tuple[str, str]]  # kind and number


class AccountError(ValueError):
    """It can't be done; nothing was changed. Codes: no_number, number_taken, ledger_taken,
    ledger_kind, campaign, same, day. `about` is what of it."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code}: {about}" if about else code)
        self.code, self.about = code, about


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account at a bank. `ledger_number` 0 is the books' own account of role bank."""

    entity: LegalEntity
    name: str
    numbers: Numbers
    opened_on: date
    opening_ore: int = 0
    ledger_number: int = 0
    bank: str = ""
    is_shared: bool = False
    details_follow: bool = False
    campaign: Campaign | None = None
    days: str = ExpectedFile.Days.BANK_DAYS
    late_after_days: int = 1


@transaction.atomic
def open_account(new: NewAccount, *, by: str) -> BankAccount:
    """An account with its numbers, its opening balance in the books, and the file it expects.

    The books' account is brought to the opening balance by a journal of series O, whatever was
    booked on it before. Raises AccountError and numbers.NumberError.
    """
    if new.campaign is not None and new.campaign.entity_id != new.entity.pk:
        raise AccountError("campaign")
    account = BankAccount(
        entity=new.entity,
        ledger_account=_ledger_account(new),
        name=new.name[:80],
        bank=new.bank[:40],
        is_shared=new.is_shared,
        details_follow=new.details_follow,
        campaign=new.campaign,
        opened_on=new.opened_on,
        opening_ore=new.opening_ore,
        created_at=clock.now(),
    )
    account.line_key = crypto.seal(secrets.token_bytes(KEY_BYTES), context=_context(account))
    account.save()
    _write_numbers(account, new.numbers)
    ExpectedFile.objects.create(
        entity=new.entity,
        source=source_of(account),
        days=new.days,
        late_after_days=new.late_after_days,
    )
    rules.ensure(new.entity)
    _log(account, "bank_account.opened", by, {"kind": [kind for kind, _number in new.numbers]})
    _book_opening(account, by)
    return account


def line_key(account: BankAccount) -> bytes:
    """The key of its lines' fingerprints; the same for ever. Raises crypto.CryptoError."""
    return crypto.unseal(bytes(account.line_key), context=_context(account))


def source_of(account: BankAccount) -> str:
    """How the account is called among those that files are expected of."""
    return f"bank:{account.ref}"


def balance_ore(account: BankAccount) -> int:
    """What the books say lies on the account, debit less credit."""
    with connection.cursor() as cursor:
        cursor.execute(_BALANCE, [account.ledger_account_id] * 2)
        return int(cursor.fetchone()[0])


_BALANCE = """
  SELECT coalesce((SELECT sum(amount_ore) FROM ledger_entry WHERE debit_account_id = %s), 0)
       - coalesce((SELECT sum(amount_ore) FROM ledger_entry WHERE credit_account_id = %s), 0)"""


@transaction.atomic
def change(account: BankAccount, *, by: str, **fields: object) -> BankAccount:
    """Other words and ways: name, bank, details_follow, campaign, closed_on. Raises AccountError.

    Whether it is shared, and since when it is followed, stays: its lines are booked by that.
    """
    if unknown := fields.keys() - {"name", "bank", "details_follow", "campaign", "closed_on"}:
        raise ValueError(f"not changed here: {', '.join(sorted(unknown))}")
    row = BankAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    if row.campaign is not None and row.campaign.entity_id != row.entity_id:
        raise AccountError("campaign")
    if row.closed_on is not None and row.closed_on < row.opened_on:
        raise AccountError("day")
    row.save(update_fields=list(fields))
    _log(row, "bank_account.changed", by, {"fields": sorted(fields)})
    return row


@transaction.atomic
def expect(account: BankAccount, *, days: str, late_after_days: int, by: str) -> None:
    """When its file is expected, and after how many bank days it is late."""
    ExpectedFile.objects.update_or_create(
        source=source_of(account),
        defaults={
            "entity_id": account.entity_id,
            "days": days,
            "late_after_days": late_after_days,
        },
    )
    _log(account, "bank_account.expected", by, {"days": days, "late_after_days": late_after_days})


# --- Its numbers ----------------------------------------------------------------------------------
@transaction.atomic
def ask_numbers(account: BankAccount, numbers: Numbers, *, by: str, why: str = "") -> Proposal:
    """Propose the account's numbers anew; a second person must agree before files follow them.

    Raises AccountError, numbers.NumberError and proposals.ProposalError.
    """
    wanted = _checked(numbers, but=account)
    if set(wanted) == set(account.numbers.values_list("kind", "number")):
        raise AccountError("same")
    what = {"numbers": [list(one) for one in wanted]}
    proposal = proposals.ask(
        Proposal.Kind.NUMBERS,
        account.entity,
        f"bank_account:{account.ref}",
        what=what,
        by=by,
        why=why,
    )
    _log(account, "bank_account.numbers_asked", by, {"kind": [kind for kind, _n in wanted]})
    return proposal


def change_numbers(proposal: Proposal, by: str) -> None:
    """Agreed to: the numbers of the proposal are the account's. Raises AccountError."""
    ref = proposal.subject.partition(":")[2]
    account = BankAccount.objects.select_for_update(no_key=True).get(ref=ref)
    account.numbers.all().delete()
    numbers = [(str(kind), str(number)) for kind, number in proposal.what["numbers"]]
    _write_numbers(account, numbers)
    after = {"kind": [kind for kind, _number in numbers], "who": proposal.asked_by}
    _log(account, "bank_account.numbers_changed", by, after)


proposals.DOES[Proposal.Kind.NUMBERS] = change_numbers


def _checked(numbers: Numbers, *, but: BankAccount | None = None) -> list[tuple[str, str]]:
    """Written in one way, and no other account's."""
    if not numbers:
        raise AccountError("no_number")
    wanted = [(kind, plain.clean(kind, number)) for kind, number in numbers]
    others = AccountNumber.objects.exclude(account=but)
    for kind, number in wanted:
        if others.filter(kind=kind, number=number).exists():
            raise AccountError("number_taken", kind)
    return list(dict.fromkeys(wanted))


def _write_numbers(account: BankAccount, numbers: Numbers) -> None:
    AccountNumber.objects.bulk_create(
        AccountNumber(account=account, kind=kind, number=number)
        for kind, number in _checked(numbers, but=account)
    )


# --- Its account in the books ---------------------------------------------------------------------
def _ledger_account(new: NewAccount) -> Account:
    if not new.ledger_number:
        found = Account.objects.get(entity=new.entity, role=Account.Role.BANK)
    else:
        found, _made = Account.objects.get_or_create(
            entity=new.entity, number=new.ledger_number, defaults={"name": new.name[:80]}
        )
    if found.role not in {Account.Role.BANK, Account.Role.OTHER}:
        raise AccountError("ledger_kind", str(found.number))
    if BankAccount.objects.filter(ledger_account=found).exists():
        raise AccountError("ledger_taken", str(found.number))
    return found


def _book_opening(account: BankAccount, by: str) -> None:
    missing = account.opening_ore - balance_ore(account)
    if not missing:
        return
    bank, opening = str(account.ledger_account.number), "opening"
    debit, credit = (bank, opening) if missing > 0 else (opening, bank)
    post_journals(
        [
            JournalDraft(
                entity_id=account.entity_id,
                series="O",
                event_date=account.opened_on,
                text=f"Ingående saldo {account.ref}",
                source=f"bank:opening:{account.ref}",
                by=by,
                entries=[EntryDraft(debit, credit, abs(missing))],
            )
        ]
    )


def _context(account: BankAccount) -> str:
    return f"bank-account:{account.ref}"


def _log(account: BankAccount, action: str, by: str, after: Mapping[str, object]) -> None:
    audit.log_change(
        by=by, action=action, subject_type="bank_account", subject_ref=account.ref, after=after
    )
