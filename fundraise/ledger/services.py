"""The verbs that write the books: open an entity's books, post, reverse, close a month.

`post_journals` takes its locks itself and holds them until commit, so it is called last in a
transaction (only the thermometer's rows are locked after it).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction

from fundraise import clock
from fundraise.ledger.models import Account, ChainHead, Journal, LegalEntity, Period, Series
from fundraise.refs import new_ref

# BAS numbers (design.md §4); an entity may number its own accounts otherwise.
DEFAULT_ACCOUNTS = {
    Account.Role.STRIPE: (1580, "Fordran Stripe"),
    Account.Role.PAYOUT_IN_TRANSIT: (1589, "Utbetalning på väg"),
    Account.Role.GIRO_CLEARING: (1689, "Avräkning giro"),
    Account.Role.CASH: (1910, "Kassa"),
    Account.Role.BANK: (1930, "Bank"),
    Account.Role.OWED_BY_ENTITY: (1660, "Fordran på annan förening i partiet"),
    Account.Role.OWN_TRANSFER: (1690, "Pengar på väg mellan egna konton"),
    Account.Role.OPENING: (2010, "Eget kapital och ingående balans"),
    Account.Role.LOAN: (2390, "Lån"),
    Account.Role.OWED_TO_ENTITY: (2860, "Skuld till annan förening i partiet"),
    Account.Role.REPAY: (2890, "Gåvor att betala tillbaka"),
    Account.Role.SUSPENSE: (2899, "Oidentifierade inbetalningar"),
    Account.Role.SALES: (3050, "Försäljning"),
    Account.Role.LOTTERY: (3060, "Lotterier"),
    Account.Role.MEMBERSHIP: (3110, "Medlemsavgifter"),
    Account.Role.PUBLIC_SUPPORT: (3985, "Offentligt stöd"),
    Account.Role.WITHIN_PARTY: (3988, "Bidrag inom partiet"),
    Account.Role.OTHER_INCOME: (3990, "Övriga intäkter"),
    Account.Role.GIFTS: (3993, "Gåvor"),
    Account.Role.FEES: (6570, "Avgifter"),
    Account.Role.INTEREST: (8310, "Ränteintäkter"),
}
DEFAULT_SERIES = {
    "G": "Gåvor",
    "P": "Utbetalningar",
    "B": "Bank",
    "M": "Manuella",
    "O": "Före start",
}
BEFORE_START = "O"  # what the bookkeeping program holds already: never handed over again


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """So many öre from `credit` to `debit`, each the role of an account or its number as text."""

    debit: str
    credit: str
    amount_ore: int
    campaign_id: int | None = None
    district_id: int | None = None


@dataclass(frozen=True, slots=True)
class JournalDraft:
    """A voucher to post. `source` names the event, once per entity ("stripe:charge:ch_…").

    `event_date` is when it happened; the accounting date follows it, or falls on the first day of
    the first open month. `text` and `source` never hold a name.
    """

    entity_id: int
    series: str
    event_date: date
    text: str
    source: str
    by: str
    entries: Sequence[EntryDraft]
    document: str = ""
    reversal_of: int | None = None
    ref: uuid.UUID = field(default_factory=new_ref)


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a draft; `is_new` is False when its source was booked before."""

    ref: uuid.UUID
    id: int
    year: int
    number: int
    accounting_date: date
    is_new: bool


def post_journals(drafts: Sequence[JournalDraft]) -> list[Posted]:
    """Post drafts in order and return what each became; one draft is the special case.

    Raises django.db.Error when an account, series or entity is unknown or a sum is not above zero;
    nothing is written then.
    """
    if not drafts:
        return []
    payload = json.dumps([_payload(draft) for draft in drafts])
    # No savepoint: it would be released while everybody waits for the ledger's lock.
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_post(%s)", [payload])
        return [Posted(*row) for row in cursor.fetchall()]


def _payload(draft: JournalDraft) -> dict[str, object]:
    return {
        "ref": str(draft.ref),
        "entity": draft.entity_id,
        "series": draft.series,
        "event_date": draft.event_date.isoformat(),
        "accounting_date": draft.event_date.isoformat(),
        "registered_at": clock.now().isoformat(),
        "text": draft.text,
        "source": draft.source,
        "document": draft.document,
        "by": draft.by,
        "reversal_of": draft.reversal_of,
        "entries": [
            {
                "debit": entry.debit,
                "credit": entry.credit,
                "amount_ore": entry.amount_ore,
                "campaign": entry.campaign_id,
                "district": entry.district_id,
            }
            for entry in draft.entries
        ],
    }


def reversal_of(journal: Journal, *, event_date: date, text: str, by: str) -> JournalDraft:
    """The draft that undoes a journal: every entry turned round, linked to it, once."""
    return JournalDraft(
        entity_id=journal.entity_id,
        series=journal.series.code,
        event_date=event_date,
        text=text,
        source=f"reversal:{journal.ref}",
        by=by,
        reversal_of=journal.pk,
        entries=[
            EntryDraft(
                debit=str(entry.credit_account.number),
                credit=str(entry.debit_account.number),
                amount_ore=entry.amount_ore,
                campaign_id=entry.campaign_id,
                district_id=entry.district_id,
            )
            for entry in journal.entries.select_related("debit_account", "credit_account").order_by(
                "line"
            )
        ],
    )


def open_books(entity: LegalEntity) -> None:
    """Give an entity its accounts, series and chain, where they are missing."""
    with transaction.atomic():
        Account.objects.bulk_create(
            [
                Account(entity=entity, role=role, number=number, name=name)
                for role, (number, name) in DEFAULT_ACCOUNTS.items()
            ],
            ignore_conflicts=True,
        )
        Series.objects.bulk_create(
            [
                Series(entity=entity, code=code, name=name, already_exported=code == BEFORE_START)
                for code, name in DEFAULT_SERIES.items()
            ],
            ignore_conflicts=True,
        )
        ChainHead.objects.get_or_create(entity=entity)


def set_period(entity: LegalEntity, *, month: date, state: Period.State, by: str) -> Period:
    """Open, close or lock the month that holds a date.

    Raises django.db.Error for a locked month: it stays locked.
    """
    with transaction.atomic():
        period, created = Period.objects.get_or_create(
            entity=entity,
            first_day=month.replace(day=1),
            defaults={"state": state, "changed_by": by, "changed_at": clock.now()},
        )
        if not created:
            period.state = state
            period.changed_by = by
            period.changed_at = clock.now()
            period.save(update_fields=["state", "changed_by", "changed_at"])
    return period
