"""Which account a statement is of, by the numbers that the account was opened with."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F

from fundraise.ledger.models import LegalEntity
from fundraise.reconciliation.formats.base import FormatError, Head
from fundraise.reconciliation.models import AccountNumber, BankAccount

LEAST_DIGITS = 7  # of an account's number without its clearing


class Accounts:
    """Finds accounts by number, each once a file; `chosen` is for files that name none, `only` are
    the entities that it may be of."""

    def __init__(self, chosen: BankAccount | None, only: Collection[int] | None = None) -> None:
        self.chosen, self.only = chosen, only
        self._found: dict[tuple[str, str], BankAccount] = {}

    def of(self, head: Head) -> BankAccount:
        """The account. Raises FormatError: account_missing, account_unknown, other_entity."""
        key = (head.account_kind, head.account)
        if key not in self._found:
            self._found[key] = self._find(head)
        return self._found[key]

    def _find(self, head: Head) -> BankAccount:
        found = _by_number(head.account_kind, head.account) if head.account else self.chosen
        if found is None and head.account:
            raise FormatError("account_unknown", "the statement", ends=head.account[-4:])
        if found is None:
            raise FormatError("account_missing", "the statement")
        if self.chosen is not None and found.pk != self.chosen.pk:
            raise FormatError("other_account", "the statement", ends=head.account[-4:])
        if self.only is not None and found.entity_id not in self.only:
            raise FormatError("other_entity", "the statement")
        return found


def whose(chosen: BankAccount | None, only: Collection[int] | None) -> int | None:
    """Whose a file is that nobody could read: of whoever took it in, the topmost of theirs. None
    where no person took it in: the house's."""
    if chosen is not None:
        return chosen.entity_id
    rows = LegalEntity.objects.filter(pk__in=only or ())
    return (
        rows.order_by(F("parent").asc(nulls_first=True), "pk").values_list("pk", flat=True).first()
    )


def _by_number(kind: str, number: str) -> BankAccount | None:
    rows = AccountNumber.objects.select_related("account__entity", "account__campaign")
    exact = rows.filter(number=number)
    found = exact.filter(kind=kind).first() or exact.first()
    if found is None and number.isdigit() and len(number) >= LEAST_DIGITS:
        # Clearing and account stand at the end of the IBAN, with zeros between or without.
        plain = number.lstrip("0")
        ends = [one for one in rows.filter(kind="iban", number__endswith=plain[-LEAST_DIGITS:])
                if _same(one.number, plain)]  # fmt: skip
        found = ends[0] if len(ends) == 1 else None
    return found.account if found is not None else None


def _same(iban: str, plain: str) -> bool:
    """The whole number, or the number after a clearing of four or five digits."""
    own = iban[7:].lstrip("0")
    return own in {plain, plain[4:].lstrip("0"), plain[5:].lstrip("0")} or plain == iban[7:]
